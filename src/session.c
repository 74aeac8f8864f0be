// SPDX-License-Identifier: MIT
// The life of a mount: state, mount, INIT, plane, ready, serve; and the exact reverse at the end.
// Must not know handlers.
#include "zcfs/session.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fuse_lowlevel.h>

#include "zcfs/log.h"
#include "zcfs/ops.h"
#include "zcfs/plane.h"
#include "zcfs/sys.h"

/* ---- state ----------------------------------------------------------------------------------- */

#define FDS_KEPT     16384u /* in the cache, as long as others can go */
#define FDS_ENOUGH   192u   /* where they are had again by a handle, for two microseconds each */
#define FDS_AT_ALL   (1u << 20)
#define FDS_NO_LIMIT 256u /* where the limit cannot be read */

/* File descriptors that the cache may hold at all: the limit, but for what libfuse and each thread
 * need. */
static uint32_t fds_at_most(unsigned threads)
{
	struct rlimit limit;
	uint32_t reserve = 64 + threads * 8;
	uint32_t most = FDS_AT_ALL;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return FDS_NO_LIMIT;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	if (limit.rlim_cur < most)
		most = (uint32_t)limit.rlim_cur;
	return most > 2 * reserve ? most - reserve : most / 2;
}

static int open_state(struct zc_fs *fs, const struct zc_options *options, struct zc_findings *f)
{
	uint32_t fds = fds_at_most(options->threads);
	int root_fd = f->backing_fd;
	int err;

	fs->options = options;
	fs->backing_path = f->backing;
	fs->mountpoint_path = f->mountpoint;
	fs->remote = f->remote;
	fs->caps.stack_depth = f->stacked ? 2 : 1;
	fs->caps.flush = f->remote;
	zc_identity_init(&fs->identity, f->remote, &options->view);
	f->backing_fd = -1; /* the inode table's from here on */
	err = zc_inodes_init(&fs->inodes, root_fd, fds < FDS_KEPT ? fds : FDS_KEPT, fds,
			     !options->no_handles);
	if (err)
		return err;
	fs->inodes.dir_grip = f->stacked ? ZC_GRIP_OPEN : ZC_GRIP_LOOSE;
	/* others keep what is open: an ordinary user may not open it again, nor may positions be lost */
	if (zc_mounts_root_has_handles(&fs->inodes.mounts) && !f->stacked && geteuid() == 0)
		zc_fdcache_keep(&fs->inodes.fds, FDS_ENOUGH);
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

/* ---- INIT ------------------------------------------------------------------------------------ */

/* As root; for others fusermount3 does it. The fd that keeps the watcher waiting closes with this
 * process. */
static enum zc_exit watch_if_asked(const struct zc_fs *fs)
{
	int fd = fs->options->auto_unmount && geteuid() == 0
		     ? zc_watch_for_death(fs->mountpoint_path)
		     : 0;

	if (fd >= 0)
		return ZC_EXIT_OK;
	zc_log(ZC_LOG_ERR, "%s: auto_unmount could not be set up (%s): free some memory",
	       fs->mountpoint_path, zc_errno_name(-fd));
	return ZC_EXIT_FAILURE;
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

/* Where file data comes in requests, the fewer and larger the better; the kernel never reads ahead
 * more than 128 KiB on its own account, but root may raise that for this one mount. */
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

static double longest(const struct zc_timeouts *t)
{
	double names = t->entry > t->negative ? t->entry : t->negative;

	return t->attr > names ? t->attr : names;
}

static void describe(const struct zc_fs *fs, const char *fs_name)
{
	const struct zc_caps *caps = &fs->caps;
	char changes[80] = "at once";
	char instead[32] = "";

	if (caps->instead_of != ZC_PLANE_NONE)
		snprintf(instead, sizeof(instead), " instead of %s",
			 zc_plane_name(caps->instead_of));
	if (caps->unwatched)
		snprintf(changes, sizeof(changes), "after %g s (%s)",
			 longest(&fs->options->timeouts), caps->unwatched);
	zc_log(*instead ? ZC_LOG_WARNING : ZC_LOG_INFO,
	       "%s on %s: plane %s (%s; %s, stack depth %u%s)%s; changes below show %s; unmount "
	       "with: %s "
	       "%s",
	       fs->backing_path, fs->mountpoint_path, zc_plane_name(caps->best), caps->why, fs_name,
	       caps->stack_depth,
	       zc_mounts_root_has_handles(&fs->inodes.mounts) ? ""
							      : "; inodes by name, not by handle",
	       instead, changes, geteuid() == 0 ? "umount" : "fusermount3 -u", fs->mountpoint_path);
}

/* ---- the walk -------------------------------------------------------------------------------- */

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

static void add_mount(void *arg, uint16_t mount, int fd)
{
	zc_watch_add_mount(arg, mount, fd);
}

static const char *why_unwatched(int err)
{
	switch (err) {
	case -EPERM:
		return "events need root";
	case -ENOSYS:
		return "events need Linux 6.16";
	case -EMFILE:
	case -ENOMEM:
		return "no more fanotify groups can be had, see fs.fanotify.max_user_groups";
	default:
		return "this file system gives no events";
	}
}

#define MINOR_BITS 20 /* in zc_dev_of */

static unsigned connection_number(const struct zc_fs *fs)
{
	return fs->inodes.mounts.forbidden_dev & ((1u << MINOR_BITS) - 1);
}

static void guard(struct zc_fs *fs)
{
	unsigned number = connection_number(fs);
	int err = zc_guard_against_hang(number, fs->mountpoint_path, &fs->guard);

	if (err < 0)
		zc_log(ZC_LOG_WARNING,
		       "%s: no process to guard it could be started (%s): if the daemon is killed, "
		       "requests may hang until: echo 1 > /sys/fs/fuse/connections/%u/abort",
		       fs->mountpoint_path, zc_errno_name(-err), number);
}

/* Where events cannot be had the time-outs apply; `describe` says so, and who asked for events is warned. */
static void watch_backing(struct zc_fs *fs, int root_fd)
{
	int err = -ENOTSUP;

	fs->watch.data_cached = fs->caps.best != ZC_PLANE_PASSTHROUGH;
	if (fs->options->coherence == ZC_COHERENCE_TIMEOUT) {
		fs->caps.unwatched = "asked for";
		return;
	}
	if (!fs->remote)
		err =
		    zc_watch_start(&fs->watch, &fs->inodes, fs->session, root_fd, fs->backing_path);
	if (!err) {
		fs->inodes.mounts.on_learn = add_mount;
		fs->inodes.mounts.on_learn_arg = &fs->watch;
		guard(fs);
		return;
	}
	fs->caps.unwatched = why_unwatched(err);
	if (fs->options->coherence == ZC_COHERENCE_EVENTS)
		zc_log(
		    ZC_LOG_WARNING,
		    "%s: changes made directly in it cannot be watched (%s): %s; they show after "
		    "the time-outs",
		    fs->backing_path, zc_errno_name(-err), fs->caps.unwatched);
}

/* The threads that libfuse starts for io_uring. */
static bool ring_threads_run(void)
{
	char path[300], name[16] = "";
	DIR *tasks = opendir("/proc/self/task");
	bool found = false;
	struct dirent *task;
	FILE *file;

	while (tasks && !found && (task = readdir(tasks))) {
		snprintf(path, sizeof(path), "/proc/self/task/%s/comm", task->d_name);
		file = fopen(path, "re");
		found = file && fgets(name, sizeof(name), file) && !strncmp(name, "fuse-ring-", 10);
		if (file)
			fclose(file);
	}
	if (tasks)
		closedir(tasks);
	return found;
}

/* Requests that came by io_uring in the meantime are served from here on. */
static void settle_transport(struct zc_fs *fs)
{
	bool asked = fs->options->transport == ZC_TRANSPORT_URING;

	fs->caps.ring = asked && !fs->caps.no_ring && ring_threads_run();
	if (asked && !fs->caps.ring)
		zc_log(ZC_LOG_WARNING, "%s: requests come by /dev/fuse, not by io_uring: %s",
		       fs->mountpoint_path,
		       fs->caps.no_ring
			   ? fs->caps.no_ring
			   : "libfuse could not set it up (locked memory, see ulimit -l)");
	if (fs->options->transport != ZC_TRANSPORT_DEV)
		zc_seats_start(&fs->seats, connection_number(fs), fs->caps.ring);
	atomic_store(&fs->serving, true);
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
		learn_own_mount(fs);
		watch_backing(fs, root.fd);
		zc_inode_put_fd(&fs->inodes, &root);
		err = zc_keeper_start(fs, &keeper);
	}
	if (err) {
		zc_log(ZC_LOG_ERR,
		       "%s: the mount could not be set up (%s): run zcfs -f -d to see why",
		       fs->mountpoint_path, zc_errno_name(-err));
		atomic_store(&fs->serving, true);
		zc_report_ready(ready_fd, ZC_EXIT_FAILURE);
		return ZC_EXIT_FAILURE;
	}
	settle_transport(fs);
	describe(fs, fs_name);
	zc_report_ready(ready_fd, ZC_EXIT_OK);
	if (ready_fd >= 0)
		zc_leave_terminal();
	exit_code = serve(fs);
	zc_seats_stop(&fs->seats);
	zc_keeper_stop(keeper);
	fs->watch_lost = !zc_watch_stop(&fs->watch);
	if (!fs->watch_lost)
		zc_guard_dismiss(fs->guard);
	return exit_code;
}

static enum zc_exit run(struct zc_fs *fs, const struct zc_options *options, struct zc_findings *f,
			int ready_fd)
{
	enum zc_exit exit_code = ZC_EXIT_FAILURE;
	bool served = false;
	int err = open_state(fs, options, f);

	if (err) {
		zc_log(ZC_LOG_ERR, "%s: the inode table could not be set up (%s): free some memory",
		       f->backing, zc_errno_name(-err));
		zc_report_ready(ready_fd, exit_code);
		return exit_code;
	}
	exit_code = zc_mounting_prepare(fs, f);
	if (exit_code == ZC_EXIT_OK)
		exit_code = watch_if_asked(fs);
	if (exit_code == ZC_EXIT_OK)
		exit_code = zc_mounting_mount(fs);
	if (exit_code != ZC_EXIT_OK) {
		zc_report_ready(ready_fd, exit_code);
	} else {
		exit_code = run_mounted(fs, f->fs_name, ready_fd);
		served = exit_code == ZC_EXIT_OK;
		if (!atomic_load(&fs->unmounted))
			fuse_session_unmount(fs->session);
	}
	/* a thread that hangs in the kernel still uses all of it; it ends with the process */
	if (fs->session && !fs->watch_lost)
		fuse_session_destroy(fs->session);
	if (served)
		zc_keeper_last_report(fs);
	if (!fs->watch_lost)
		close_state(fs);
	return exit_code;
}

enum zc_exit zc_session_run(const struct zc_options *options, struct zc_findings *findings)
{
	struct zc_fs fs = { 0 };
	enum zc_exit exit_code = ZC_EXIT_FAILURE;
	bool done;
	int ready_fd;

	zc_keeper_block_signals();
	ready_fd = zc_go_background(options, findings, &done, &exit_code);
	if (done)
		return exit_code;
	return run(&fs, options, findings, ready_fd);
}
