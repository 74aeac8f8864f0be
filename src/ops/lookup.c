// SPDX-License-Identifier: MIT
// LOOKUP and FORGET: names to nodeids and back to nothing.
// Must not know planes.
#include "zcfs/ops.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "zcfs/sys.h"

/* The kernel resolves "." and ".." itself; from it these would lead out of BACKING at the root. */
static bool is_plain_name(const char *name)
{
	return *name && strcmp(name, ".") != 0 && strcmp(name, "..") != 0 && !strchr(name, '/');
}

/* As the caller only where the backing file system judges for itself who may look: on a local one
 * the kernel has checked the search permission already. */
static int open_name(struct zc_request *r, int dirfd, const char *name)
{
	struct zc_identity identity;
	int fd;

	if (!r->fs->remote)
		return zc_sys_openat(dirfd, name, O_PATH | O_NOFOLLOW, 0);
	fd = zc_identity_enter(&r->fs->identity, r->req, 0, &identity);
	if (fd)
		return fd;
	fd = zc_sys_openat(dirfd, name, O_PATH | O_NOFOLLOW, 0);
	zc_identity_leave(&identity);
	return fd;
}

int zc_lookup_at(struct zc_request *r, int dirfd, uint64_t parent, const char *name,
		 struct fuse_entry_param *ret)
{
	struct zc_fs *fs = r->fs;
	struct zc_fd borrowed;
	struct statx stx;
	uint64_t nodeid;
	int err;
	int fd;

	if (!is_plain_name(name))
		return -EINVAL;
	fd = open_name(r, dirfd, name);
	if (fd < 0)
		return fd;
	err = zc_inode_adopt(&fs->inodes, fd, ZC_FD_PATH, parent, name, &nodeid, &stx, &borrowed);
	if (err)
		return err;
	if (zc_watch_inode(&fs->watch, nodeid, dirfd, name))
		err = zc_sys_statx(borrowed.fd, &stx);
	zc_inode_put_fd(&fs->inodes, &borrowed);
	if (err)
		zc_inode_forget(&fs->inodes, nodeid, 1);
	else
		zc_fill_entry(r, parent, nodeid, &stx, ret);
	return err;
}

static int lookup(struct zc_request *r, uint64_t parent, const char *name,
		  struct fuse_entry_param *ret)
{
	struct zc_fs *fs = r->fs;
	struct zc_fd dir;
	int err = zc_inode_path_fd(&fs->inodes, parent, &dir);

	if (err)
		return err;
	err = zc_lookup_at(r, dir.fd, parent, name, ret);
	zc_inode_put_fd(&fs->inodes, &dir);
	if (err != -ENOENT)
		return err;
	/* Nodeid 0 and a time-out: the kernel remembers that there is nothing. */
	*ret = (struct fuse_entry_param){ .entry_timeout = zc_absence_timeout(r, parent) };
	return 0;
}

void zc_op_lookup(fuse_req_t req, fuse_ino_t parent, const char *name)
{
	struct zc_request r = zc_request_begin(req, ZC_OP_lookup);
	struct fuse_entry_param entry;
	int err = lookup(&r, parent, name, &entry);

	if (!err && entry.ino && !S_ISDIR(entry.attr.st_mode))
		zc_walker_looked_up(fuse_req_ctx(req)->pid);
	zc_reply_entry(&r, err, &entry);
}

void zc_op_forget(fuse_req_t req, fuse_ino_t nodeid, uint64_t count)
{
	struct zc_request r = zc_request_begin(req, ZC_OP_forget);

	zc_inode_forget(&r.fs->inodes, nodeid, count);
	fuse_reply_none(req);
}

void zc_op_forget_multi(fuse_req_t req, size_t count, struct fuse_forget_data *forgets)
{
	struct zc_request r = zc_request_begin(req, ZC_OP_forget);

	for (size_t i = 0; i < count; i++)
		zc_inode_forget(&r.fs->inodes, forgets[i].ino, forgets[i].nlookup);
	fuse_reply_none(req);
}
