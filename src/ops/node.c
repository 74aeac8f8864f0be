// SPDX-License-Identifier: MIT
// MKNOD, MKDIR, SYMLINK, READLINK: inodes that are not opened when they are made.
// Must not know planes.
#include "zcfs/ops.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>

#include "zcfs/sys.h"

/* What is to be made. */
struct node {
	mode_t mode;	    /* with its S_IFMT bits; of anything but a symlink */
	dev_t rdev;	    /* of a device */
	const char *target; /* of a symlink; else NULL */
};

static int make(int dirfd, const char *name, const struct node *node)
{
	int res;

	if (node->target)
		res = symlinkat(node->target, dirfd, name);
	else if (S_ISDIR(node->mode))
		res = mkdirat(dirfd, name, node->mode & 07777);
	else
		res = mknodat(dirfd, name, node->mode, node->rdev);
	return res < 0 ? -errno : 0;
}

static int make_as_caller(struct zc_request *r, int dirfd, const char *name,
			  const struct node *wanted)
{
	unsigned needs = ZC_AS_CREATOR | (wanted->mode & S_ISGID ? ZC_AS_GROUP_MEMBER : 0);
	struct node node = *wanted;
	struct zc_identity identity;
	int err = zc_identity_enter(&r->fs->identity, r->req, needs, &identity);

	if (err)
		return err;
	node.mode =
	    zc_view_create_mode(&r->fs->options->view, wanted->mode, fuse_req_ctx(r->req)->uid);
	err = make(dirfd, name, &node);
	zc_identity_leave(&identity);
	return err;
}

static int make_node(struct zc_request *r, uint64_t parent, const char *name,
		     const struct node *node, struct fuse_entry_param *ret)
{
	struct zc_fd dir;
	int err = zc_inode_path_fd(&r->fs->inodes, parent, &dir);

	if (err)
		return err;
	err = make_as_caller(r, dir.fd, name, node);
	if (!err)
		err = zc_lookup_at(r, dir.fd, parent, name, ret);
	zc_inode_put_fd(&r->fs->inodes, &dir);
	return err;
}

void zc_op_mknod(fuse_req_t req, fuse_ino_t parent, const char *name, mode_t mode, dev_t rdev)
{
	struct zc_request r = zc_request_begin(req, ZC_OP_mknod);
	struct node node = { .mode = mode, .rdev = rdev };
	struct fuse_entry_param entry;
	int err = make_node(&r, parent, name, &node, &entry);

	zc_reply_entry(&r, err, &entry);
}

void zc_op_mkdir(fuse_req_t req, fuse_ino_t parent, const char *name, mode_t mode)
{
	struct zc_request r = zc_request_begin(req, ZC_OP_mkdir);
	struct node node = { .mode = S_IFDIR | (mode & 07777) };
	struct fuse_entry_param entry;
	int err = make_node(&r, parent, name, &node, &entry);

	zc_reply_entry(&r, err, &entry);
}

void zc_op_symlink(fuse_req_t req, const char *target, fuse_ino_t parent, const char *name)
{
	struct zc_request r = zc_request_begin(req, ZC_OP_symlink);
	struct node node = { .target = target };
	struct fuse_entry_param entry;
	int err = make_node(&r, parent, name, &node, &entry);

	zc_reply_entry(&r, err, &entry);
}

void zc_op_readlink(fuse_req_t req, fuse_ino_t nodeid)
{
	struct zc_request r = zc_request_begin(req, ZC_OP_readlink);
	char target[PATH_MAX + 1];
	struct zc_fd fd;
	ssize_t size = zc_inode_path_fd(&r.fs->inodes, nodeid, &fd);

	if (size == 0) {
		size = zc_sys_readlink(fd.fd, target, PATH_MAX);
		zc_inode_put_fd(&r.fs->inodes, &fd);
	}
	if (size < 0) {
		zc_reply_err(&r, (int)size);
		return;
	}
	target[size] = '\0';
	fuse_reply_readlink(req, target);
}
