// SPDX-License-Identifier: MIT
// GETATTR, STATX, SETATTR, ACCESS.
// Must not know names or planes.
#include "zcfs/ops.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "zcfs/sys.h"

static int get_attr(struct zc_fs *fs, uint64_t nodeid, struct statx *ret)
{
	struct zc_fd fd;
	int err = zc_inode_path_fd(&fs->inodes, nodeid, &fd);

	if (err)
		return err;
	zc_watch_inode(&fs->watch, nodeid, fd.fd, NULL);
	err = zc_sys_statx(fd.fd, ret);
	zc_inode_put_fd(&fs->inodes, &fd);
	return err;
}

void zc_op_getattr(fuse_req_t req, fuse_ino_t nodeid, struct fuse_file_info *fi)
{
	struct zc_request r = zc_request_begin(req, ZC_OP_getattr);
	struct statx stx;
	int err = get_attr(r.fs, nodeid, &stx);

	if (!err && !fi && !S_ISDIR(stx.stx_mode))
		zc_walker_looked_up(fuse_req_ctx(req)->pid);
	zc_reply_attr(&r, err, nodeid, &stx);
}

void zc_op_statx(fuse_req_t req, fuse_ino_t nodeid, int flags, int mask, struct fuse_file_info *fi)
{
	struct zc_request r = zc_request_begin(req, ZC_OP_statx);
	struct statx stx;
	int err = get_attr(r.fs, nodeid, &stx);

	(void)flags;
	(void)mask;
	(void)fi;
	if (err) {
		zc_reply_err(&r, err);
		return;
	}
	zc_show(r.fs, &stx);
	fuse_reply_statx(req, 0, &stx, zc_attr_timeout(&r, nodeid, stx.stx_mode));
}

/* On the cached plane an open with O_TRUNC comes as truncate(2) to nothing does. It clears setuid bits, also
 * where there was nothing to cut off: xfs and btrfs then leave the file alone when asked by truncate(2). */
static int truncate_by_open(int path)
{
	int fd = zc_sys_reopen(path, O_WRONLY | O_TRUNC | O_NONBLOCK);

	if (fd >= 0)
		close(fd);
	return fd < 0 ? fd : 0;
}

/* The file system clears setuid and setgid bits by looking at who truncates. */
static int resize_as_caller(struct zc_request *r, int fd, off_t size, bool by_name, bool kill_setid)
{
	struct zc_identity identity;
	int err = zc_identity_enter(&r->fs->identity, r->req, zc_needs_of_writer(fd, kill_setid),
				    &identity);

	if (err)
		return err;
	if (by_name && size == 0 && r->fs->inodes.opens_unknown)
		err = truncate_by_open(fd);
	else if (by_name)
		err = zc_sys_truncate(fd, size);
	else
		err = ftruncate(fd, size) < 0 ? -errno : 0;
	zc_identity_leave(&identity);
	return err;
}

/* truncate(2) and ftruncate(2) differ: the first asks whether the file may be written now
 * (immutable files), and on xfs and btrfs it leaves the times alone where the size stays. */
static int set_size(struct zc_request *r, uint64_t nodeid, off_t size, bool by_name,
		    bool kill_setid)
{
	struct zc_inodes *inodes = &r->fs->inodes;
	struct zc_fd fd;
	int err =
	    by_name ? zc_inode_path_fd(inodes, nodeid, &fd)
		    : zc_inode_fd(inodes, nodeid, ZC_FD_CAN_WRITE | ZC_FD_APPEND, ZC_FD_WRITE, &fd);

	if (err)
		return err;
	err = resize_as_caller(r, fd.fd, size, by_name, kill_setid);
	zc_inode_put_fd(inodes, &fd);
	return err;
}

static struct timespec time_to_set(const struct timespec *given, int to_set, int set, int now)
{
	if (to_set & now)
		return (struct timespec){ .tv_nsec = UTIME_NOW };
	if (to_set & set)
		return *given;
	return (struct timespec){ .tv_nsec = UTIME_OMIT };
}

#define SET_OWNER (FUSE_SET_ATTR_UID | FUSE_SET_ATTR_GID)

/* What ownership decides: one of owner and group, mode, times. */
enum owned { OWNER, MODE, TIMES };

static int change(int fd, enum owned what, const struct stat *attr, int to_set)
{
	uid_t uid = to_set & FUSE_SET_ATTR_UID ? attr->st_uid : (uid_t)-1;
	gid_t gid = to_set & FUSE_SET_ATTR_GID ? attr->st_gid : (gid_t)-1;
	struct timespec times[2] = {
		time_to_set(&attr->st_atim, to_set, FUSE_SET_ATTR_ATIME, FUSE_SET_ATTR_ATIME_NOW),
		time_to_set(&attr->st_mtim, to_set, FUSE_SET_ATTR_MTIME, FUSE_SET_ATTR_MTIME_NOW),
	};

	if (what == MODE)
		return zc_sys_chmod(fd, attr->st_mode & 07777);
	if (what == TIMES)
		return zc_sys_utimens(fd, times);
	return fchownat(fd, "", uid, gid, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW) < 0 ? -errno : 0;
}

static int change_as(struct zc_request *r, unsigned needs, int fd, enum owned what,
		     const struct stat *attr, int to_set)
{
	struct zc_identity identity;
	int err = zc_identity_enter(&r->fs->identity, r->req, needs, &identity);

	if (err)
		return err;
	err = change(fd, what, attr, to_set);
	zc_identity_leave(&identity);
	return err;
}

/* A setuid file is given away only by one who may change its mode, which not every root may. */
static bool may_not_own(struct zc_request *r, int fd)
{
	struct stat st;

	return !fuse_req_ctx(r->req)->uid && !fstat(fd, &st) &&
	       (st.st_mode & (S_ISUID | S_ISGID)) && !zc_overrules_owner(r, CAP_FOWNER, fd, "");
}

static int change_as_caller(struct zc_request *r, int fd, enum owned what, const struct stat *attr,
			    int to_set)
{
	bool groups = what == OWNER || (what == MODE && (attr->st_mode & S_ISGID));
	unsigned needs = groups ? ZC_AS_GROUP_MEMBER : ZC_AS_CALLER;
	int err;

	if (what == OWNER && may_not_own(r, fd))
		return change_as(r, needs | ZC_AS_CHOWNER, fd, what, attr, to_set);
	err = change_as(r, needs | ZC_AS_MERE_USER, fd, what, attr, to_set);
	if (err == -EPERM && what == OWNER && (to_set & SET_OWNER)) {
		if (!zc_overrules_owner(r, CAP_CHOWN, fd, ""))
			return err;
		err = change_as(r, needs | ZC_AS_CHOWNER, fd, what, attr, to_set);
	}
	if (err == -EPERM && zc_overrules_owner(r, CAP_FOWNER, fd, ""))
		err = change_as(r, needs, fd, what, attr, to_set);
	return err;
}

#define SET_TIMES                                                                                  \
	(FUSE_SET_ATTR_ATIME | FUSE_SET_ATTR_MTIME | FUSE_SET_ATTR_ATIME_NOW |                     \
	 FUSE_SET_ATTR_MTIME_NOW)
#define KILL_SETID (FUSE_SET_ATTR_KILL_SUID | FUSE_SET_ATTR_KILL_SGID)

/* What is to be stored for what the mount is to show. */
static int store_view(const struct zc_view *view, struct stat *attr, int to_set)
{
	uid_t none = (uid_t)-1;

	if (to_set & FUSE_SET_ATTR_MODE)
		attr->st_mode = zc_view_store_mode(view, attr->st_mode);
	return zc_view_store_owner(view, to_set & FUSE_SET_ATTR_UID ? &attr->st_uid : &none,
				   to_set & FUSE_SET_ATTR_GID ? &attr->st_gid : &none);
}

/* Then nobody may change the mode. */
static bool is_fixed(int fd)
{
	struct statx stx;

	return !zc_sys_statx(fd, &stx) &&
	       (stx.stx_attributes & (STATX_ATTR_IMMUTABLE | STATX_ATTR_APPEND));
}

/* chown(-1, -1), and fallocate or copy_file_range by one who may not keep setuid bits, arrive with nothing
 * to set (fuse_setattr takes ATTR_KILL_SUID away). The same call clears the bits below. Who may not do
 * it by chown is not told apart from a writer, whose own call clears them. */
static int kill_setid(struct zc_request *r, int fd)
{
	int err = change_as_caller(r, fd, OWNER, &(struct stat){ 0 }, 0);

	return err == -EPERM && !is_fixed(fd) ? 0 : err;
}

#define SET_ANYTHING (FUSE_SET_ATTR_SIZE | SET_OWNER | FUSE_SET_ATTR_MODE | SET_TIMES)

/* Everything as the caller: a file may have changed hands below since the kernel looked. */
static int set_attr(struct zc_request *r, uint64_t nodeid, const struct stat *attr, int to_set,
		    bool by_name, struct statx *ret)
{
	struct zc_fs *fs = r->fs;
	struct zc_fd fd;
	int err = zc_inode_path_fd(&fs->inodes, nodeid, &fd);

	if (err)
		return err;
	if (!(to_set & SET_ANYTHING))
		err = kill_setid(r, fd.fd);
	if (to_set & FUSE_SET_ATTR_SIZE)
		err = set_size(r, nodeid, attr->st_size, by_name, to_set & KILL_SETID);
	if (!err && (to_set & SET_OWNER))
		err = change_as_caller(r, fd.fd, OWNER, attr, to_set);
	if (!err && (to_set & FUSE_SET_ATTR_MODE))
		err = change_as_caller(r, fd.fd, MODE, attr, to_set);
	if (!err && (to_set & SET_TIMES))
		err = change_as_caller(r, fd.fd, TIMES, attr, to_set);
	if (!err)
		err = zc_sys_statx(fd.fd, ret);
	zc_inode_put_fd(&fs->inodes, &fd);
	return err;
}

void zc_op_setattr(fuse_req_t req, fuse_ino_t nodeid, struct stat *attr, int to_set,
		   struct fuse_file_info *fi)
{
	struct zc_request r = zc_request_begin(req, ZC_OP_setattr);
	struct statx stx;
	int err = store_view(&r.fs->options->view, attr, to_set);

	if (!err)
		err = set_attr(&r, nodeid, attr, to_set, !fi, &stx);
	zc_reply_attr(&r, err, nodeid, &stx);
}

/* With default_permissions the kernel answers access(2) itself; this serves kernels that ask
 * anyway. */
static int check_access(struct zc_request *r, uint64_t nodeid, int mask)
{
	struct zc_identity identity;
	struct zc_fd fd;
	int err = zc_inode_path_fd(&r->fs->inodes, nodeid, &fd);

	if (err)
		return err;
	err = zc_identity_enter(&r->fs->identity, r->req, ZC_AS_UNCHECKED | ZC_AS_GROUP_MEMBER,
				&identity);
	if (!err) {
		err = faccessat(fd.fd, "", mask, AT_EMPTY_PATH | AT_EACCESS) < 0 ? -errno : 0;
		zc_identity_leave(&identity);
	}
	zc_inode_put_fd(&r->fs->inodes, &fd);
	return err;
}

void zc_op_access(fuse_req_t req, fuse_ino_t nodeid, int mask)
{
	struct zc_request r = zc_request_begin(req, ZC_OP_access);
	int err = check_access(&r, nodeid, mask);

	zc_reply_err(&r, err);
}
