// SPDX-License-Identifier: MIT
// The life of a mount: state, mount, INIT, plane, ready, serve; and the exact reverse at the end.
// Must not know handlers.
#include "zcfs/session.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fuse_lowlevel.h>

#include "zcfs/log.h"
#include "zcfs/ops.h"
#include "zcfs/plane.h"
#include "zcfs/sys.h"

/* ---- options of libfuse ---------------------------------------------------------------------- */

/* In front of the user's own options, so that those win. A mirror honours setuid bits and devices as
 * far as the backing mount does; libfuse's default is neither. */
static int add_mount_defaults(struct fuse_args *args, const struct zc_findings *f, bool root)
{
	char defaults[128];

	snprintf(defaults, sizeof(defaults), "-osubtype=zcfs,default_permissions%s%s%s%s%s",
		 root ? ",allow_other" : "", root && !(f->backing_flags & ST_NOSUID) ? ",suid" : "",
		 root && !(f->backing_flags & ST_NODEV) ? ",dev" : "",
		 f->backing_flags & ST_NOEXEC ? ",noexec" : "",
		 f->backing_flags & ST_RDONLY ? ",ro" : "");
	return fuse_opt_insert_arg(args, 1, defaults);
}

static int add_fsname(struct fuse_args *args, const char *backing)
{
	char *opt = strdup("-o");
	char *name = NULL;
	int err = -1;

	/* fuse_opt_add_opt_escaped appends to a comma-separated list and frees the old one. */
	if (opt && asprintf(&name, "fsname=%s", backing) >= 0) {
		free(opt);
		opt = NULL;
		err = fuse_opt_add_opt_escaped(&opt, name);
	}
	if (!err)
		err = fuse_opt_insert_arg(args, 1, opt);
	if (!err)
		err = fuse_opt_insert_arg(args, 1, "-o");
	free(name);
	free(opt);
	return err;
}

/* As root; for others fusermount3 does it. */
static int watch_if_asked(const struct zc_fs *fs)
{
	if (!fs->options->auto_unmount || geteuid() != 0)
		return 0;
	return zc_watch_for_death(fs->mountpoint_path);
}

static int prepare_args(struct fuse_args *args, const struct zc_options *options,
			const struct zc_findings *f)
{
	for (int i = 0; i < options->session_args.argc; i++) {
		if (fuse_opt_add_arg(args, options->session_args.argv[i]) < 0)
			return -ENOMEM;
	}
	if (options->debug && fuse_opt_insert_arg(args, 1, "-odebug") < 0)
		return -ENOMEM;
	if (options->auto_unmount && geteuid() != 0 &&
	    fuse_opt_insert_arg(args, 1, "-oauto_unmount") < 0)
		return -ENOMEM;
	if (!options->fsname_given && add_fsname(args, f->backing) < 0)
		return -ENOMEM;
	return add_mount_defaults(args, f, geteuid() == 0) < 0 ? -ENOMEM : 0;
}

/* ---- state ----------------------------------------------------------------------------------- */

/* File descriptors for the cache: most of the limit, but for what libfuse and each thread need. */
static uint32_t fd_capacity(unsigned threads)
{
	struct rlimit limit;
	uint32_t reserve = 64 + threads * 8;
	uint32_t most = 16384;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return 256;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	if (limit.rlim_cur < most)
		most = (uint32_t)limit.rlim_cur;
	return most > 2 * reserve ? most - reserve : most / 2;
}

static int open_state(struct zc_fs *fs, const struct zc_options *options, struct zc_findings *f)
{
	int root_fd = f->backing_fd;
	int err;

	fs->options = options;
	fs->backing_path = f->backing;
	fs->mountpoint_path = f->mountpoint;
	fs->remote = f->remote;
	fs->caps.stack_depth = f->stacked ? 2 : 1;
	fs->caps.flush = f->remote;
	zc_identity_init(&fs->identity, f->remote);
	f->backing_fd = -1; /* the inode table's from here on */
	err = zc_inodes_init(&fs->inodes, root_fd, fd_capacity(options->threads),
			     !options->no_handles);
	if (err)
		return err;
	fs->inodes.on_bury = zc_ops_bury;
	fs->inodes.on_bury_arg = fs;
	return 0;
}

static void close_state(struct zc_fs *fs)
{
	fs->inodes.on_bury = NULL;
	zc_inodes_fini(&fs->inodes);
	zc_identity_fini();
}

/* ---- mount ----------------------------------------------------------------------------------- */

/* libfuse and fusermount3 say on standard error why a mount failed, in lines of their own; they are
 * caught, so that the user gets one line that says all. */
struct caught {
	int stderr_fd; /* the real one */
	int memory;
};

static void catch_stderr(struct caught *c)
{
	c->stderr_fd = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
	c->memory = memfd_create("zcfs messages", MFD_CLOEXEC);
	if (c->stderr_fd >= 0 && c->memory >= 0)
		dup2(c->memory, STDERR_FILENO);
}

/* The line of what was caught that tells most, without the names of programs before it: fusermount3's own
 * if it was asked, for libfuse has tried by itself before, else the last. */
static void release_stderr(struct caught *c, char *line, size_t size)
{
	static const char *const prefixes[] = { "zcfs: ", "libfuse: ", "fuse: ", "fusermount3: " };
	ssize_t got = c->memory < 0 ? 0 : pread(c->memory, line, size - 1, 0);
	char *text;

	line[got > 0 ? got : 0] = '\0';
	if (got > 0 && line[got - 1] == '\n')
		line[got - 1] = '\0';
	text = strstr(line, "fusermount3: ");
	if (!text)
		text = strrchr(line, '\n') ? strrchr(line, '\n') + 1 : line;
	text[strcspn(text, "\n")] = '\0';
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		if (strncmp(text, prefixes[i], strlen(prefixes[i])) == 0)
			text += strlen(prefixes[i]);
	}
	memmove(line, text, strlen(text) + 1);
	if (c->stderr_fd >= 0)
		dup2(c->stderr_fd, STDERR_FILENO);
	if (c->stderr_fd >= 0)
		close(c->stderr_fd);
	if (c->memory >= 0)
		close(c->memory);
}

static enum zc_exit mount_it(struct zc_fs *fs)
{
	struct caught caught;
	char words[1024];
	int res, err;

	catch_stderr(&caught);
	errno = 0;
	res = fuse_session_mount(fs->session, fs->mountpoint_path);
	err = errno;
	release_stderr(&caught, words, sizeof(words));
	if (res == 0)
		return ZC_EXIT_OK;
	if (geteuid() != 0 || err == EPERM || err == EACCES) {
		zc_log(ZC_LOG_ERR,
		       "%s: not permitted to mount (EPERM): %s: run zcfs as root, or install "
		       "fuse3 for mounts of ordinary users",
		       fs->mountpoint_path, *words ? words : "mount refused");
		return ZC_EXIT_NOT_PERMITTED;
	}
	zc_log(ZC_LOG_ERR, "%s: mount failed (%s): %s: see dmesg for the kernel's reason",
	       fs->mountpoint_path, zc_errno_name(err ? err : EIO),
	       *words ? words : "mount refused");
	return ZC_EXIT_MOUNT_FAILED;
}

/* Reads and answers INIT, the first request, before any other thread runs. */
static int serve_init(struct zc_fs *fs)
{
	struct fuse_buf buf = { 0 };
	int res;

	while (!fs->conn) {
		res = fuse_session_receive_buf(fs->session, &buf);
		if (res == -EINTR)
			continue;
		if (res <= 0) {
			free(buf.mem);
			return res ? res : -ENOTCONN;
		}
		fuse_session_process_buf(fs->session, &buf);
	}
	free(buf.mem);
	return 0;
}

/* Where file data comes in requests, the fewer and larger the better; the kernel never reads ahead more
 * than 128 KiB on its own account, but root may raise that for this one mount. */
static void raise_readahead(const struct zc_fs *fs, const struct statx *own)
{
	char path[64];
	FILE *file;

	if (fs->caps.best == ZC_PLANE_PASSTHROUGH || geteuid() != 0)
		return;
	snprintf(path, sizeof(path), "/sys/class/bdi/%u:%u/read_ahead_kb", own->stx_dev_major,
		 own->stx_dev_minor);
	file = fopen(path, "we");
	if (!file || fprintf(file, "%u", fs->conn->max_readahead >> 10) < 0)
		zc_log(ZC_LOG_DEBUG, "%s: cannot be raised (%s): reads come in 128 KiB", path,
		       zc_errno_name(errno));
	if (file)
		fclose(file);
}

/* Our own mount may show up inside the backing tree (a bind mount): it must not be entered. */
static void learn_own_mount(struct zc_fs *fs)
{
	struct statx own;
	int fd = zc_sys_openat(AT_FDCWD, fs->mountpoint_path, O_PATH | O_DIRECTORY, 0);

	if (fd < 0)
		return;
	if (zc_sys_statx_cached(fd, &own) == 0) {
		zc_mounts_forbid(&fs->inodes.mounts, zc_dev_of(&own));
		raise_readahead(fs, &own);
	}
	close(fd);
}

static void describe(const struct zc_fs *fs, const char *fs_name)
{
	const struct zc_caps *caps = &fs->caps;

	zc_log(caps->fell_back ? ZC_LOG_WARNING : ZC_LOG_INFO,
	       "%s on %s: plane %s (%s; %s, stack depth %u%s)%s; unmount with: %s %s",
	       fs->backing_path, fs->mountpoint_path, zc_plane_name(caps->best), caps->why, fs_name,
	       caps->stack_depth,
	       zc_mounts_root_has_handles(&fs->inodes.mounts) ? ""
							      : "; inodes by name, not by handle",
	       caps->fell_back ? " instead of passthrough" : "",
	       geteuid() == 0 ? "umount" : "fusermount3 -u", fs->mountpoint_path);
}

/* ---- the walk -------------------------------------------------------------------------------- */

static void log_libfuse(enum fuse_log_level level, const char *format, va_list args)
{
	char line[512];

	vsnprintf(line, sizeof(line), format, args);
	line[strcspn(line, "\n")] = '\0';
	zc_log(level <= FUSE_LOG_ERR	   ? ZC_LOG_ERR
	       : level == FUSE_LOG_WARNING ? ZC_LOG_WARNING
					   : ZC_LOG_DEBUG,
	       "libfuse: %s", line);
}

static enum zc_exit serve(struct zc_fs *fs)
{
	struct fuse_loop_config *config = fuse_loop_cfg_create();
	int err;

	if (!config)
		return ZC_EXIT_FAILURE;
	fuse_loop_cfg_set_max_threads(config, fs->options->threads);
	fuse_loop_cfg_set_idle_threads(config, fs->options->threads);
	err = fuse_session_loop_mt(fs->session, config);
	fuse_loop_cfg_destroy(config);
	if (err >= 0)
		return ZC_EXIT_OK;
	zc_log(ZC_LOG_ERR, "%s: serving ended early (%s): mount it again and report this",
	       fs->mountpoint_path, zc_errno_name(-err));
	return ZC_EXIT_FAILURE;
}

/* Mounted; the session's INIT comes next. */
static enum zc_exit run_mounted(struct zc_fs *fs, const char *fs_name, int ready_fd)
{
	struct zc_fd root = ZC_FD_NONE;
	struct zc_keeper *keeper = NULL;
	enum zc_exit exit_code;
	int err = serve_init(fs);

	if (!err)
		err = zc_inode_path_fd(&fs->inodes, ZC_SLOT_ROOT, &root);
	if (!err) {
		zc_backing_init(&fs->backing, &fs->inodes, fuse_session_fd(fs->session),
				ZC_BACKING_CAPACITY);
		zc_negotiate_plane(fs, root.fd, fuse_session_fd(fs->session));
		zc_inode_put_fd(&fs->inodes, &root);
		learn_own_mount(fs);
		err = zc_keeper_start(fs, &keeper);
	}
	if (err) {
		zc_log(ZC_LOG_ERR,
		       "%s: the mount could not be set up (%s): run zcfs -f -d to see why",
		       fs->mountpoint_path, zc_errno_name(-err));
		zc_report_ready(ready_fd, ZC_EXIT_FAILURE);
		return ZC_EXIT_FAILURE;
	}
	describe(fs, fs_name);
	zc_report_ready(ready_fd, ZC_EXIT_OK);
	if (ready_fd >= 0)
		zc_leave_terminal();
	exit_code = serve(fs);
	zc_keeper_stop(keeper);
	return exit_code;
}

static enum zc_exit run(struct zc_fs *fs, const struct zc_options *options, struct zc_findings *f,
			int ready_fd)
{
	struct fuse_args args = FUSE_ARGS_INIT(0, NULL);
	struct fuse_lowlevel_ops ops;
	enum zc_exit exit_code = ZC_EXIT_FAILURE;
	int watch_fd = 0;
	int err = open_state(fs, options, f);

	if (!err)
		err = prepare_args(&args, options, f);
	if (err) {
		zc_log(ZC_LOG_ERR, "%s: the inode table could not be set up (%s): free some memory",
		       f->backing, zc_errno_name(-err));
		goto out;
	}
	zc_ops_fill(&ops);
	ops.init = zc_negotiate;
	fs->session = fuse_session_new(&args, &ops, sizeof(ops), fs);
	if (!fs->session) {
		exit_code = ZC_EXIT_USAGE;
		goto out;
	}
	watch_fd = watch_if_asked(fs);
	if (watch_fd < 0) {
		zc_log(ZC_LOG_ERR, "%s: auto_unmount could not be set up (%s): free some memory",
		       fs->mountpoint_path, zc_errno_name(-watch_fd));
		exit_code = ZC_EXIT_FAILURE;
		goto out_session;
	}
	exit_code = mount_it(fs);
	if (exit_code != ZC_EXIT_OK)
		goto out_session;
	exit_code = run_mounted(fs, f->fs_name, ready_fd);
	ready_fd = -1;
	if (!atomic_load(&fs->unmounted))
		fuse_session_unmount(fs->session);
out_session:
	fuse_session_destroy(fs->session);
out:
	zc_report_ready(ready_fd, exit_code);
	fuse_opt_free_args(&args);
	close_state(fs);
	return exit_code;
}

enum zc_exit zc_session_run(const struct zc_options *options, struct zc_findings *findings)
{
	struct zc_fs fs = { 0 };
	enum zc_exit exit_code = ZC_EXIT_FAILURE;
	bool done;
	int ready_fd;

	fuse_set_log_func(log_libfuse);
	zc_keeper_block_signals();
	ready_fd = zc_go_background(options, findings->mountpoint, &done, &exit_code);
	if (done)
		return exit_code;
	return run(&fs, options, findings, ready_fd);
}
