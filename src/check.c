// SPDX-License-Identifier: MIT
// Is this backing directory, this mount point, this system usable? Step + errno + path -> one
// sentence. Must not mount or change anything.
#include "zcfs/check.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "zcfs/log.h"
#include "zcfs/sys.h"

/* ---- BACKING --------------------------------------------------------------------------------- */

/* Not the directory's fault. */
static enum zc_exit blame_system(const char *path, int err)
{
	zc_log(ZC_LOG_ERR, "%s: cannot be opened (%s): %s", path, zc_errno_name(err),
	       err == ENOMEM ? "free some memory" : "raise the limit of open files (ulimit -n)");
	return ZC_EXIT_FAILURE;
}

static enum zc_exit refuse_backing(const char *path, int err)
{
	switch (err) {
	case EMFILE:
	case ENFILE:
	case ENOMEM:
		return blame_system(path, err);
	case ENOENT:
		zc_log(ZC_LOG_ERR,
		       "%s: no such directory (ENOENT): create it or name another BACKING", path);
		return ZC_EXIT_NO_BACKING;
	case ENOTDIR:
		zc_log(ZC_LOG_ERR, "%s: not a directory (ENOTDIR): BACKING has to be a directory",
		       path);
		return ZC_EXIT_BACKING_NOT_DIR;
	case EACCES:
		zc_log(ZC_LOG_ERR,
		       "%s: cannot be read (EACCES): run zcfs as a user who may read and "
		       "enter it",
		       path);
		return ZC_EXIT_BACKING_UNREADABLE;
	default:
		zc_log(ZC_LOG_ERR,
		       "%s: cannot be opened (%s): name a BACKING directory that can be "
		       "listed",
		       path, zc_errno_name(err));
		return ZC_EXIT_NO_BACKING;
	}
}

/* As a user may read and enter it: both are needed to mirror it. */
static int open_backing(const char *path)
{
	int readable = zc_sys_openat(AT_FDCWD, path, O_RDONLY | O_DIRECTORY, 0);
	int err;

	if (readable < 0)
		return readable;
	err = faccessat(readable, ".", R_OK | X_OK, AT_EACCESS) < 0 ? -errno : 0;
	close(readable);
	return err ? err : zc_sys_openat(AT_FDCWD, path, O_PATH | O_DIRECTORY, 0);
}

/* Magic numbers of statfs(2), from linux/magic.h and statfs(2); what zcfs has to know of each. */
static const struct {
	unsigned long magic;
	const char *name;
	bool remote, stacked;
} file_systems[] = {
	{ 0xef53, "ext4", false, false },	  { 0x58465342, "xfs", false, false },
	{ 0x9123683e, "btrfs", false, false },	  { 0x01021994, "tmpfs", false, false },
	{ 0xf2f52010, "f2fs", false, false },	  { 0x2fc12fc1, "zfs", false, false },
	{ 0x794c7630, "overlayfs", false, true }, { 0xf15f, "ecryptfs", false, true },
	{ 0x65735546, "FUSE", true, true },	  { 0x6969, "NFS", true, false },
	{ 0xff534d42, "CIFS", true, false },	  { 0xfe534d42, "SMB2", true, false },
	{ 0x517b, "SMB", true, false },		  { 0x00c36400, "Ceph", true, false },
	{ 0x01021997, "9p", true, false },	  { 0x5346414f, "AFS", true, false },
};

static int examine_backing(struct zc_findings *f)
{
	struct statvfs flags;
	struct statfs fs;

	if (fstatfs(f->backing_fd, &fs) < 0 || fstatvfs(f->backing_fd, &flags) < 0)
		return errno;
	f->backing_flags = flags.f_flag;
	f->fs_name = "this file system";
	for (size_t i = 0; i < sizeof(file_systems) / sizeof(file_systems[0]); i++) {
		if ((unsigned long)fs.f_type != file_systems[i].magic)
			continue;
		f->fs_name = file_systems[i].name;
		f->remote = file_systems[i].remote;
		f->stacked = file_systems[i].stacked;
	}
	return 0;
}

static enum zc_exit check_backing(const char *path, struct zc_findings *f)
{
	int err = 0;

	f->backing_fd = open_backing(path);
	if (f->backing_fd < 0)
		return refuse_backing(path, -f->backing_fd);
	f->backing = realpath(path, NULL);
	if (!f->backing)
		err = errno;
	if (!err)
		err = examine_backing(f);
	return err ? refuse_backing(path, err) : ZC_EXIT_OK;
}

/* ---- MOUNTPOINT ------------------------------------------------------------------------------ */

static enum zc_exit refuse_mountpoint(const char *path, int err)
{
	switch (err) {
	case EMFILE:
	case ENFILE:
	case ENOMEM:
		return blame_system(path, err);
	case ENOENT:
		zc_log(ZC_LOG_ERR, "%s: no such directory (ENOENT): create it: mkdir -p MOUNTPOINT",
		       path);
		return ZC_EXIT_BAD_MOUNTPOINT;
	case ENOTDIR:
		zc_log(ZC_LOG_ERR,
		       "%s: not a directory (ENOTDIR): MOUNTPOINT has to be a directory", path);
		return ZC_EXIT_BAD_MOUNTPOINT;
	case ENOTCONN:
	case ECONNABORTED:
		zc_log(ZC_LOG_ERR,
		       "%s: a FUSE mount whose daemon is gone (%s): clear it first: "
		       "umount -l MOUNTPOINT",
		       path, zc_errno_name(err));
		return ZC_EXIT_ALREADY_MOUNTED;
	default:
		zc_log(ZC_LOG_ERR,
		       "%s: cannot be opened (%s): name a MOUNTPOINT directory that you "
		       "may enter",
		       path, zc_errno_name(err));
		return ZC_EXIT_BAD_MOUNTPOINT;
	}
}

static bool is_empty(int fd)
{
	int copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *d;
	bool empty = true;

	if (!dir) {
		if (copy >= 0)
			close(copy);
		return true; /* cannot be listed: nothing to warn about */
	}
	while (empty && (d = readdir(dir)))
		empty = strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0;
	closedir(dir);
	return empty;
}

static enum zc_exit check_occupied(int fd, const char *path)
{
	struct statx stx;

	if (zc_sys_statx_cached(fd, &stx) == 0 &&
	    (stx.stx_attributes & stx.stx_attributes_mask & STATX_ATTR_MOUNT_ROOT)) {
		zc_log(ZC_LOG_ERR,
		       "%s: already a mount point (EBUSY): unmount it first, or mount over "
		       "it with -o nonempty",
		       path);
		return ZC_EXIT_ALREADY_MOUNTED;
	}
	if (!is_empty(fd))
		zc_log(ZC_LOG_WARNING,
		       "%s: not empty (ENOTEMPTY): what it holds is hidden while "
		       "mounted; silence this with -o nonempty",
		       path);
	return ZC_EXIT_OK;
}

/* Whether `fd` is the directory (dev, ino) or lies below it, mount points and all. */
static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

static bool is_within(int fd, const struct stat *dir)
{
	int at = openat(fd, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct stat st, below = { 0 };
	bool within = false;

	/* The root is its own parent. */
	while (at >= 0 && fstat(at, &st) == 0 && !within && !is_same(&st, &below)) {
		int parent = openat(at, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);

		within = is_same(&st, dir);
		close(at);
		at = parent;
		below = st;
	}
	if (at >= 0)
		close(at);
	return within;
}

static enum zc_exit check_overlap(int mountpoint_fd, const struct zc_findings *f)
{
	struct stat backing, mountpoint;
	const char *what = NULL;

	if (fstat(f->backing_fd, &backing) < 0 || fstat(mountpoint_fd, &mountpoint) < 0)
		return refuse_mountpoint(f->mountpoint, errno);
	if (is_same(&backing, &mountpoint))
		what = "is BACKING itself";
	else if (is_within(mountpoint_fd, &backing))
		what = "lies inside BACKING, so the mount would show itself in itself without end";
	else if (is_within(f->backing_fd, &mountpoint))
		what = "contains BACKING, which the mount would hide";
	if (!what)
		return ZC_EXIT_OK;
	zc_log(ZC_LOG_ERR, "%s: %s (ELOOP): choose a MOUNTPOINT outside of %s", f->mountpoint, what,
	       f->backing);
	return ZC_EXIT_OVERLAP;
}

/* The counters cannot be written to the mount that they are about: at its end it is gone. */
static enum zc_exit check_stats(const struct zc_options *options, const struct zc_findings *f)
{
	size_t len = strlen(f->mountpoint);
	char *copy = options->stats_file ? strdup(options->stats_file) : NULL;
	char *real = copy ? realpath(dirname(copy), NULL) : NULL;
	bool inside;

	inside = real && strncmp(real, f->mountpoint, len) == 0 && (!real[len] || real[len] == '/');
	free(real);
	free(copy);
	if (!inside)
		return ZC_EXIT_OK;
	zc_log(ZC_LOG_ERR, "-o stats=%s: lies below MOUNTPOINT (ELOOP): give a file outside of %s",
	       options->stats_file, f->mountpoint);
	return ZC_EXIT_USAGE;
}

static enum zc_exit check_mountpoint(const struct zc_options *options, struct zc_findings *f)
{
	const char *path = options->mountpoint;
	int fd = zc_sys_openat(AT_FDCWD, path, O_PATH | O_DIRECTORY, 0);
	enum zc_exit exit_code = ZC_EXIT_OK;
	struct stat st;

	/* The root of a dead mount can be opened as O_PATH; asking it anything fails. */
	if (fd < 0 || fstat(fd, &st) < 0) {
		exit_code = refuse_mountpoint(path, fd < 0 ? -fd : errno);
		goto out;
	}
	f->mountpoint = realpath(path, NULL);
	if (!f->mountpoint) {
		exit_code = refuse_mountpoint(path, errno);
		goto out;
	}
	exit_code = check_overlap(fd, f);
	if (exit_code == ZC_EXIT_OK && !options->nonempty)
		exit_code = check_occupied(fd, path);
out:
	if (fd >= 0)
		close(fd);
	return exit_code;
}

/* ---- the system ------------------------------------------------------------------------------ */

/* fusermount3 opens it as the user, too, so that a user who cannot will not mount. */
static enum zc_exit check_fuse(void)
{
	int fd = zc_sys_openat(AT_FDCWD, "/dev/fuse", O_RDWR, 0);

	if (fd >= 0) {
		close(fd);
		return ZC_EXIT_OK;
	}
	if (fd == -EMFILE || fd == -ENFILE || fd == -ENOMEM)
		return blame_system("/dev/fuse", -fd);
	if (fd == -EACCES) {
		zc_log(
		    ZC_LOG_ERR,
		    "/dev/fuse: not permitted to open it (EACCES): as root: chmod 666 /dev/fuse");
		return ZC_EXIT_NOT_PERMITTED;
	}
	zc_log(ZC_LOG_ERR,
	       "/dev/fuse: cannot be opened (%s): load the kernel module (modprobe fuse); in a "
	       "container pass the device in",
	       zc_errno_name(-fd));
	return ZC_EXIT_NO_FUSE;
}

static enum zc_exit check_may_mount(const char *mountpoint)
{
	if (geteuid() == 0 || access(mountpoint, W_OK) == 0)
		return ZC_EXIT_OK;
	zc_log(ZC_LOG_ERR,
	       "%s: not permitted to mount here (%s): an ordinary user mounts on a directory "
	       "that he may write to",
	       mountpoint, zc_errno_name(errno));
	return ZC_EXIT_NOT_PERMITTED;
}

enum zc_exit zc_check(const struct zc_options *options, struct zc_findings *ret)
{
	struct zc_findings f = { .backing_fd = -1 };
	enum zc_exit exit_code = check_backing(options->backing, &f);

	if (exit_code == ZC_EXIT_OK)
		exit_code = check_mountpoint(options, &f);
	if (exit_code == ZC_EXIT_OK)
		exit_code = check_stats(options, &f);
	if (exit_code == ZC_EXIT_OK)
		exit_code = check_fuse();
	if (exit_code == ZC_EXIT_OK)
		exit_code = check_may_mount(f.mountpoint);
	if (exit_code == ZC_EXIT_OK)
		*ret = f;
	else
		zc_findings_fini(&f);
	return exit_code;
}

void zc_findings_fini(struct zc_findings *findings)
{
	if (findings->backing_fd >= 0)
		close(findings->backing_fd);
	free(findings->backing);
	free(findings->mountpoint);
	*findings = (struct zc_findings){ .backing_fd = -1 };
}
