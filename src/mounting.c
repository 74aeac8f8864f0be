// SPDX-License-Identifier: MIT
// libfuse's session object and its mount: what it is told, and what it says when it fails.
// Must not know what happens once the mount is there.
#include "zcfs/session.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/mman.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <fuse_lowlevel.h>

#include "zcfs/log.h"
#include "zcfs/ops.h"

/* ---- options of libfuse ---------------------------------------------------------------------- */

/* In front of the user's own options, so that those win. A mirror honours setuid bits and devices
 * as far as the backing mount does; libfuse's default is neither. */
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

static int prepare_args(struct fuse_args *args, const struct zc_options *options,
			const struct zc_findings *f)
{
	for (int i = 0; i < options->session_args.argc; i++) {
		if (fuse_opt_add_arg(args, options->session_args.argv[i]) < 0)
			return -ENOMEM;
	}
	if (options->debug && fuse_opt_insert_arg(args, 1, "-odebug") < 0)
		return -ENOMEM;
	if (options->transport == ZC_TRANSPORT_URING &&
	    fuse_opt_insert_arg(args, 1, "-oio_uring") < 0)
		return -ENOMEM;
	if (options->auto_unmount && geteuid() != 0 &&
	    fuse_opt_insert_arg(args, 1, "-oauto_unmount") < 0)
		return -ENOMEM;
	if (!options->fsname_given && add_fsname(args, f->backing) < 0)
		return -ENOMEM;
	return add_mount_defaults(args, f, geteuid() == 0) < 0 ? -ENOMEM : 0;
}

/* ---- what libfuse says ----------------------------------------------------------------------- */

/* While a call may fail, the last words of libfuse and all that fusermount3 prints are kept instead
 * of shown, so that the user gets one line that says all. No other thread runs yet. */
static char last_words[512];
static bool catching;

__attribute__((format(printf, 2, 0))) static void log_libfuse(enum fuse_log_level level,
							      const char *format, va_list args)
{
	char line[sizeof(last_words)];

	vsnprintf(line, sizeof(line), format, args);
	line[strcspn(line, "\n")] = '\0';
	if (catching) {
		memcpy(last_words, line, sizeof(line));
		return;
	}
	zc_log(level <= FUSE_LOG_ERR	   ? ZC_LOG_ERR
	       : level == FUSE_LOG_WARNING ? ZC_LOG_WARNING
					   : ZC_LOG_DEBUG,
	       "libfuse: %s", line);
}

struct caught {
	int stderr_fd; /* the real one */
	int memory;    /* what fusermount3 prints; -1: cannot be caught */
};

static void catch_words(struct caught *c)
{
	last_words[0] = '\0';
	catching = true;
	c->stderr_fd = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
	c->memory = memfd_create("zcfs messages", MFD_CLOEXEC);
	if (c->stderr_fd >= 0 && c->memory >= 0)
		dup2(c->memory, STDERR_FILENO);
}

/* fusermount3's words tell more than libfuse's, which has tried by itself before. */
static void release_words(struct caught *c)
{
	static const char *const prefixes[] = { "fuse: ", "fusermount3: " };
	char line[sizeof(last_words)] = "";
	const char *text = last_words;

	catching = false;
	if (c->memory >= 0 && pread(c->memory, line, sizeof(line) - 1, 0) > 0)
		text = line;
	line[strcspn(line, "\n")] = '\0';
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		if (strncmp(text, prefixes[i], strlen(prefixes[i])) == 0)
			text += strlen(prefixes[i]);
	}
	memmove(last_words, text, strlen(text) + 1);
	if (c->stderr_fd >= 0) {
		dup2(c->stderr_fd, STDERR_FILENO);
		close(c->stderr_fd);
	}
	if (c->memory >= 0)
		close(c->memory);
}

/* ---- session and mount ----------------------------------------------------------------------- */

static enum zc_exit new_session(struct zc_fs *fs, struct fuse_args *args)
{
	struct fuse_lowlevel_ops ops;
	struct caught caught;

	zc_ops_fill(&ops);
	ops.init = zc_negotiate;
	fuse_set_log_func(log_libfuse);
	catch_words(&caught);
	fs->session = fuse_session_new(args, &ops, sizeof(ops), fs);
	release_words(&caught);
	if (fs->session)
		return ZC_EXIT_OK;
	zc_log(ZC_LOG_ERR, "command line: %s (EINVAL): see zcfs --help", last_words);
	return ZC_EXIT_USAGE;
}

enum zc_exit zc_mounting_prepare(struct zc_fs *fs, const struct zc_findings *findings)
{
	struct fuse_args args = FUSE_ARGS_INIT(0, NULL);
	enum zc_exit exit_code = ZC_EXIT_FAILURE;

	if (prepare_args(&args, fs->options, findings) == 0)
		exit_code = new_session(fs, &args);
	else
		zc_log(ZC_LOG_ERR, "%s: no memory for options (ENOMEM): free some memory",
		       fs->mountpoint_path);
	fuse_opt_free_args(&args);
	return exit_code;
}

/* Without it root, too, mounts by fusermount3; errno tells nothing of that, it is about what came
 * last. */
static bool has_sys_admin(void)
{
	cap_flag_value_t admin = CAP_CLEAR;
	cap_t caps = cap_get_proc();

	if (caps)
		cap_get_flag(caps, CAP_SYS_ADMIN, CAP_EFFECTIVE, &admin);
	cap_free(caps);
	return admin == CAP_SET;
}

enum zc_exit zc_mounting_mount(struct zc_fs *fs)
{
	const char *words = last_words;
	struct caught caught;
	int res, err;

	catch_words(&caught);
	errno = 0;
	res = fuse_session_mount(fs->session, fs->mountpoint_path);
	err = errno;
	release_words(&caught);
	if (res == 0)
		return ZC_EXIT_OK;
	if (!has_sys_admin() || err == EPERM || err == EACCES) {
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
