// SPDX-License-Identifier: MIT
// LINK, UNLINK, RMDIR, RENAME: names come and go, inodes stay what they are.
// Must not know planes.
#include "zcfs/ops.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "zcfs/sys.h"

static int unlink_as(struct zc_request *r, unsigned needs, int dirfd, const char *name, int flags)
{
	struct zc_identity identity;
	int err = zc_identity_enter(&r->fs->identity, r->req, needs, &identity);

	if (err)
		return err;
	err = unlinkat(dirfd, name, flags) < 0 ? -errno : 0;
	zc_identity_leave(&identity);
	return err;
}

static int unlink_as_caller(struct zc_request *r, int dirfd, const char *name, int flags)
{
	int err = unlink_as(r, ZC_AS_MERE_USER, dirfd, name, flags);

	if (err == -EPERM && zc_overrules_owner(r, CAP_FOWNER, dirfd, name))
		err = unlink_as(r, ZC_AS_CALLER, dirfd, name, flags);
	return err;
}

static int remove_name(struct zc_request *r, uint64_t parent, const char *name, int flags)
{
	struct zc_inodes *inodes = &r->fs->inodes;
	struct zc_fd dir;
	uint64_t victim;
	int err = zc_inode_path_fd(inodes, parent, &dir);

	if (err)
		return err;
	err = zc_inode_before_unlink(inodes, dir.fd, name, &victim);
	if (!err)
		err = unlink_as_caller(r, dir.fd, name, flags);
	if (err)
		zc_inode_unlink_failed(inodes, victim, parent, name);
	zc_inode_put_fd(inodes, &dir);
	return err;
}

void zc_op_unlink(fuse_req_t req, fuse_ino_t parent, const char *name)
{
	struct zc_request r = zc_request_begin(req, ZC_OP_unlink);
	int err = remove_name(&r, parent, name, 0);

	zc_reply_err(&r, err);
}

void zc_op_rmdir(fuse_req_t req, fuse_ino_t parent, const char *name)
{
	struct zc_request r = zc_request_begin(req, ZC_OP_rmdir);
	int err = remove_name(&r, parent, name, AT_REMOVEDIR);

	zc_reply_err(&r, err);
}

/* One side of a rename. */
struct place {
	uint64_t dir;
	const char *name;
	struct zc_fd fd;
};

static int rename_as(struct zc_request *r, unsigned needs, const struct place *from,
		     const struct place *to, unsigned flags)
{
	struct zc_identity identity;
	int err = zc_identity_enter(&r->fs->identity, r->req, needs, &identity);

	if (err)
		return err;
	err = renameat2(from->fd.fd, from->name, to->fd.fd, to->name, flags) < 0 ? -errno : 0;
	zc_identity_leave(&identity);
	return err;
}

/* Both names may lie in sticky directories; there need not be anything under the new one. */
static bool overrules_owners(struct zc_request *r, const struct place *from, const struct place *to)
{
	return zc_overrules_owner(r, CAP_FOWNER, from->fd.fd, from->name) &&
	       (faccessat(to->fd.fd, to->name, F_OK, AT_SYMLINK_NOFOLLOW) < 0 ||
		zc_overrules_owner(r, CAP_FOWNER, to->fd.fd, to->name));
}

static int rename_as_caller(struct zc_request *r, const struct place *from, const struct place *to,
			    unsigned flags)
{
	int err = rename_as(r, ZC_AS_MERE_USER, from, to, flags);

	if (err == -EPERM && overrules_owners(r, from, to))
		err = rename_as(r, ZC_AS_CALLER, from, to, flags);
	return err;
}

/* The inode under the old name moves; the one under the new name, if any, moves the other way in an
 * exchange and loses its name in a plain rename. */
static int rename_between(struct zc_request *r, const struct place *from, const struct place *to,
			  unsigned flags)
{
	struct zc_inodes *inodes = &r->fs->inodes;
	uint64_t moved = zc_inode_known(inodes, from->fd.fd, from->name);
	uint64_t other = 0;
	int err = 0;

	if (flags & RENAME_EXCHANGE)
		other = zc_inode_known(inodes, to->fd.fd, to->name);
	else
		err = zc_inode_before_unlink(inodes, to->fd.fd, to->name, &other);
	if (!err)
		err = rename_as_caller(r, from, to, flags);
	if (err) {
		if (!(flags & RENAME_EXCHANGE))
			zc_inode_unlink_failed(inodes, other, to->dir, to->name);
		return err;
	}
	if (moved)
		zc_inode_moved(inodes, moved, to->dir, to->name);
	if (other && (flags & RENAME_EXCHANGE))
		zc_inode_moved(inodes, other, from->dir, from->name);
	return 0;
}

static int rename_name(struct zc_request *r, struct place *from, struct place *to, unsigned flags)
{
	struct zc_inodes *inodes = &r->fs->inodes;
	int err = zc_inode_path_fd(inodes, from->dir, &from->fd);

	if (err)
		return err;
	err = zc_inode_path_fd(inodes, to->dir, &to->fd);
	if (!err) {
		err = rename_between(r, from, to, flags);
		zc_inode_put_fd(inodes, &to->fd);
	}
	zc_inode_put_fd(inodes, &from->fd);
	return err;
}

void zc_op_rename(fuse_req_t req, fuse_ino_t parent, const char *name, fuse_ino_t newparent,
		  const char *newname, unsigned flags)
{
	struct zc_request r = zc_request_begin(req, ZC_OP_rename);
	struct place from = { .dir = parent, .name = name };
	struct place to = { .dir = newparent, .name = newname };
	int err = rename_name(&r, &from, &to, flags);

	zc_reply_err(&r, err);
}

/* As the daemon: no inode is made, and the kernel has checked who may (protected_hardlinks too),
 * while linking an fd without a name asks for CAP_DAC_READ_SEARCH. */
static int link_name(struct zc_request *r, uint64_t nodeid, uint64_t newparent, const char *newname,
		     struct fuse_entry_param *ret)
{
	struct zc_inodes *inodes = &r->fs->inodes;
	struct zc_fd fd, dir;
	int err = zc_inode_path_fd(inodes, nodeid, &fd);

	if (err)
		return err;
	err = zc_inode_path_fd(inodes, newparent, &dir);
	if (!err) {
		err = zc_sys_link(fd.fd, dir.fd, newname);
		if (!err)
			err = zc_lookup_at(r, dir.fd, newparent, newname, ret);
		if (!err) /* one that never had a name (O_TMPFILE) was pinned */
			zc_fdcache_regrip(&inodes->fds, nodeid, ZC_FD_PATH, ZC_GRIP_LOOSE);
		zc_inode_put_fd(inodes, &dir);
	}
	zc_inode_put_fd(inodes, &fd);
	return err;
}

void zc_op_link(fuse_req_t req, fuse_ino_t nodeid, fuse_ino_t newparent, const char *newname)
{
	struct zc_request r = zc_request_begin(req, ZC_OP_link);
	struct fuse_entry_param entry;
	int err = link_name(&r, nodeid, newparent, newname, &entry);

	zc_reply_entry(&r, err, &entry);
}
