// SPDX-License-Identifier: MIT
// STATFS: the numbers of the file system that the inode really lies on.
// Must not know names or planes.
#include "zcfs/ops.h"

#include <errno.h>
#include <sys/statvfs.h>

/* Any inode of a file system will do, and the root is always open: a file system that has shut down opens
 * nothing any more, but still tells its numbers. */
static int some_fd(struct zc_inodes *inodes, uint64_t nodeid, struct zc_fd *ret)
{
	const struct zc_slot *slot = zc_table_slot(&inodes->table, nodeid);
	int err = zc_inode_path_fd(inodes, nodeid, ret);

	if (err && slot && slot->mount == 0)
		err = zc_inode_path_fd(inodes, ZC_SLOT_ROOT, ret);
	return err;
}

void zc_op_statfs(fuse_req_t req, fuse_ino_t nodeid)
{
	struct zc_request r = zc_request_begin(req, ZC_OP_statfs);
	struct statvfs st;
	struct zc_fd fd;
	int err = some_fd(&r.fs->inodes, nodeid, &fd);

	if (!err) {
		err = fstatvfs(fd.fd, &st) < 0 ? -errno : 0;
		zc_inode_put_fd(&r.fs->inodes, &fd);
	}
	if (err)
		zc_reply_err(&r, err);
	else
		fuse_reply_statfs(req, &st);
}
