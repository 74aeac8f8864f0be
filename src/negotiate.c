// SPDX-License-Identifier: MIT
// INIT: what the kernel offers, what is taken and why not; then the plane, found by trying.
// Must not know handlers.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <fuse_lowlevel.h>

#include "zcfs/log.h"
#include "zcfs/plane.h"
#include "zcfs/session.h"
#include "zcfs/sys.h"

/* ---- INIT ------------------------------------------------------------------------------------ */

/* A reply through a pipe takes the header's pages besides the data's, and a pipe is at most
 * fs.pipe-max-size bytes for a process without CAP_SYS_RESOURCE; larger requests would be
 * copied. */
#define PIPE_MAX_FILE	  "/proc/sys/fs/pipe-max-size"
#define PIPE_MAX_FALLBACK (1u << 20)
#define HEADER_PAGES	  4u
#define REQUEST_MAX	  (1u << 20)
#define REQUEST_MIN	  (128u << 10)

static unsigned pipe_max(void)
{
	FILE *file = fopen(PIPE_MAX_FILE, "re");
	unsigned long size = 0;
	char line[32];

	if (file && fgets(line, sizeof(line), file))
		size = strtoul(line, NULL, 10);
	if (file)
		fclose(file);
	return size >= REQUEST_MIN && size <= UINT32_MAX ? (unsigned)size : PIPE_MAX_FALLBACK;
}

static unsigned request_size(void)
{
	unsigned room = pipe_max() - HEADER_PAGES * (unsigned)sysconf(_SC_PAGESIZE);

	if (room > REQUEST_MAX || room < REQUEST_MIN)
		return room > REQUEST_MAX ? REQUEST_MAX : REQUEST_MIN;
	return room;
}

/* One row a capability: what for, and under which condition it is wanted at all. */
struct wish {
	uint64_t flag;
	const char *name;
	const char *what_for;
	bool wanted;
};

static bool take(struct fuse_conn_info *conn, const struct wish *wish)
{
	bool taken = false;

	if (wish->wanted)
		taken = fuse_set_feature_flag(conn, wish->flag);
	else
		fuse_unset_feature_flag(conn, wish->flag);
	zc_log(ZC_LOG_DEBUG, "negotiated: %-20s %s (%s)", wish->name,
	       taken	      ? "used"
	       : wish->wanted ? "not offered"
			      : "not wanted",
	       wish->what_for);
	return taken;
}

static bool may_be_passthrough(const struct zc_fs *fs)
{
	return fs->options->plane == ZC_WISH_AUTO || fs->options->plane == ZC_WISH_PASSTHROUGH;
}

/* Why files cannot be opened without a word; NULL: they can. The daemon opens them again for READ and
 * WRITE, long after the mode of the file may have changed to one that only root can pass; and at close(2)
 * a remote file system has to be told. */
static const char *why_not_cached(const struct zc_fs *fs)
{
	if (geteuid() != 0)
		return "the cached plane needs root";
	if (fs->remote)
		return "BACKING is on a network or FUSE file system, which has to hear of open and "
		       "close";
	return NULL;
}

/* Why requests cannot come by io_uring; NULL: they can, or that was not asked for. */
static const char *why_no_ring(const struct zc_fs *fs, const struct fuse_conn_info *conn)
{
	if (fs->options->transport != ZC_TRANSPORT_URING)
		return NULL;
	if (!ZC_HAS_RING)
		return "zcfs was built without liburing and libnuma";
	if (!(conn->want_ext & FUSE_CAP_OVER_IO_URING))
		return "the kernel does not offer it: /sys/module/fuse/parameters/enable_uring, "
		       "Linux 6.14";
	return NULL;
}

static bool is_cached(const struct zc_fs *fs)
{
	return fs->options->plane == ZC_WISH_CACHED && !why_not_cached(fs);
}

void zc_negotiate(void *userdata, struct fuse_conn_info *conn)
{
	struct zc_fs *fs = userdata;
	bool splice = fs->options->plane != ZC_WISH_COPY;
	bool passthrough = may_be_passthrough(fs) && geteuid() == 0;
	const struct wish wishes[] = {
		{ FUSE_CAP_PASSTHROUGH, "PASSTHROUGH", "file data without requests", passthrough },
		{ FUSE_CAP_WRITEBACK_CACHE, "WRITEBACK_CACHE",
		  "excludes passthrough, and hides sizes and times", false },
		{ FUSE_CAP_SPLICE_WRITE, "SPLICE_WRITE", "replies through a pipe", splice },
		{ FUSE_CAP_SPLICE_MOVE, "SPLICE_MOVE", "moving pages", splice },
		{ FUSE_CAP_SPLICE_READ, "SPLICE_READ", "requests through a pipe",
		  splice && !passthrough },
		{ FUSE_CAP_POSIX_ACL, "POSIX_ACL", "ACLs are checked, also of nested mounts",
		  true },
		{ FUSE_CAP_DONT_MASK, "DONT_MASK", "the backing file system applies the umask",
		  true },
		{ FUSE_CAP_HANDLE_KILLPRIV_V2, "HANDLE_KILLPRIV_V2",
		  "no GETXATTR before every write", true },
		{ FUSE_CAP_ATOMIC_O_TRUNC, "ATOMIC_O_TRUNC", "truncating opens are one request",
		  !is_cached(fs) },
		{ FUSE_CAP_NO_OPEN_SUPPORT, "NO_OPEN_SUPPORT", "files open silently",
		  is_cached(fs) },
		{ FUSE_CAP_NO_OPENDIR_SUPPORT, "NO_OPENDIR_SUPPORT", "directories open silently",
		  fs->inodes.dir_grip == ZC_GRIP_LOOSE },
		{ FUSE_CAP_PARALLEL_DIROPS, "PARALLEL_DIROPS", "lookups side by side", true },
		{ FUSE_CAP_CACHE_SYMLINKS, "CACHE_SYMLINKS", "an inode's target never changes",
		  true },
		{ FUSE_CAP_READDIRPLUS, "READDIRPLUS", "listings with attributes", true },
		{ FUSE_CAP_READDIRPLUS_AUTO, "READDIRPLUS_AUTO", "only where they are used", true },
		{ FUSE_CAP_AUTO_INVAL_DATA, "AUTO_INVAL_DATA",
		  "cached data goes when the mtime changes", true },
		{ FUSE_CAP_ASYNC_READ, "ASYNC_READ", "reads side by side", true },
		{ FUSE_CAP_ASYNC_DIO, "ASYNC_DIO", "direct I/O side by side", true },
		{ FUSE_CAP_IOCTL_DIR, "IOCTL_DIR", "flags of directories", true },
		{ FUSE_CAP_EXPORT_SUPPORT, "EXPORT_SUPPORT", "would ask for \"..\" by name",
		  false },
	};

	for (size_t i = 0; i < sizeof(wishes) / sizeof(wishes[0]); i++)
		take(conn, &wishes[i]);
	conn->max_write = request_size();
	conn->max_readahead = request_size();
	conn->max_background = 64;
	conn->time_gran = 1;
	/* libfuse adds one: 0 allows ext4 and the like below, 1 allows overlayfs below. */
	conn->max_backing_stack_depth = fs->caps.stack_depth - 1;

	fs->caps.no_ring = why_no_ring(fs, conn);
	fs->conn = conn;
	fs->caps.posix_acl = conn->want_ext & FUSE_CAP_POSIX_ACL;
	fs->caps.no_opendir = conn->want_ext & FUSE_CAP_NO_OPENDIR_SUPPORT;
	fs->caps.splice_requests = conn->want_ext & FUSE_CAP_SPLICE_READ;
}

/* ---- the plane ------------------------------------------------------------------------------- */

/* The first regular file among the first entries of the backing directory, O_PATH. */
static int some_regular_file(int backing_fd)
{
	int dirfd = zc_sys_openat(backing_fd, ".", O_RDONLY | O_DIRECTORY, 0);
	DIR *dir = dirfd < 0 ? NULL : fdopendir(dirfd);
	int found = -ENOENT;
	struct dirent *d;

	if (!dir) {
		if (dirfd >= 0)
			close(dirfd);
		return -ENOENT;
	}
	for (int looked_at = 0; found < 0 && looked_at < 1000 && (d = readdir(dir)); looked_at++) {
		if (d->d_type == DT_REG)
			found = zc_sys_openat(backing_fd, d->d_name, O_PATH | O_NOFOLLOW, 0);
	}
	closedir(dir);
	return found;
}

/* A file to try passthrough with: a nameless new one on the backing file system, else one that is
 * there, else one in memory, which proves the kernel's side only. */
static int trial_file(int backing_fd, const char **ret_what)
{
	int fd = zc_sys_openat(backing_fd, ".", O_TMPFILE | O_RDWR, 0600);

	*ret_what = "a test registration succeeded";
	if (fd < 0)
		fd = some_regular_file(backing_fd);
	if (fd < 0) {
		*ret_what = "a test registration succeeded, though not with a file of BACKING";
		fd = memfd_create("zcfs trial", MFD_CLOEXEC);
	}
	return fd;
}

static int try_passthrough(int backing_fd, int dev_fd, const char **ret_what)
{
	int fd = trial_file(backing_fd, ret_what);
	int id;

	if (fd < 0)
		return fd;
	id = zc_sys_backing_open(dev_fd, fd);
	close(fd);
	if (id > 0)
		zc_sys_backing_close(dev_fd, id);
	return id > 0 ? 0 : id;
}

static const char *why_not(int err)
{
	switch (err) {
	case -EPERM:
		return "the kernel refuses it to this user (EPERM): CAP_SYS_ADMIN is needed";
	case -ELOOP:
		return "BACKING is stacked too deep (ELOOP)";
	default:
		return "the kernel refuses BACKING's files";
	}
}

static void settle(struct zc_fs *fs, enum zc_plane plane, const char *why)
{
	fs->caps.best = plane;
	snprintf(fs->caps.why, sizeof(fs->caps.why), "%s", why);
}

/* Without passthrough, requests carry data: from here on they are read through a pipe. The flag
 * only steers libfuse, which looks at it for every request (fuse_session_receive_buf), not the
 * kernel. */
static void settle_for_requests(struct zc_fs *fs, enum zc_plane plane, const char *why)
{
	settle(fs, plane, why);
	fs->caps.splice_requests = fuse_set_feature_flag(fs->conn, FUSE_CAP_SPLICE_READ);
}

static void settle_for_splice(struct zc_fs *fs, const char *why)
{
	settle_for_requests(fs, ZC_PLANE_SPLICE, why);
	if (fs->options->plane == ZC_WISH_PASSTHROUGH)
		fs->caps.instead_of = ZC_PLANE_PASSTHROUGH;
	else if (fs->options->plane == ZC_WISH_CACHED)
		fs->caps.instead_of = ZC_PLANE_CACHED;
}

static void settle_for_cached(struct zc_fs *fs)
{
	const char *why = why_not_cached(fs);

	if (!why && !(fs->conn->want_ext & FUSE_CAP_NO_OPEN_SUPPORT))
		why = "this kernel opens no files silently";
	if (why) {
		settle_for_splice(fs, why);
		return;
	}
	settle_for_requests(fs, ZC_PLANE_CACHED, "asked for");
	fs->inodes.opens_unknown = true;
}

void zc_negotiate_plane(struct zc_fs *fs, int backing_fd, int dev_fd)
{
	const char *what;
	int err;

	if (fs->options->plane == ZC_WISH_COPY) {
		settle(fs, ZC_PLANE_COPY, "asked for");
	} else if (fs->options->plane == ZC_WISH_SPLICE) {
		settle_for_splice(fs, "asked for");
	} else if (fs->options->plane == ZC_WISH_CACHED) {
		settle_for_cached(fs);
	} else if (geteuid() != 0) {
		settle_for_splice(fs, "passthrough needs root");
	} else if (!(fs->conn->want_ext & FUSE_CAP_PASSTHROUGH)) {
		settle_for_splice(fs,
				  "this kernel has no FUSE passthrough; Linux 6.9 and later have");
	} else {
		err = try_passthrough(backing_fd, dev_fd, &what);
		if (err)
			settle_for_splice(fs, why_not(err));
		else
			settle(fs, ZC_PLANE_PASSTHROUGH, what);
	}
}
