// SPDX-License-Identifier: MIT
// The whole file system on one page: which handler serves which request.
// Must not know how any of them works.
#include "zcfs/ops.h"

/* What is missing on purpose, and what the kernel does then:
 *  getlk, setlk, flock  locks are kept by the kernel, between all programs on the mount (README)
 *  poll                 every open file is a regular file, which is always ready
 *  bmap                 only for block devices */
static const struct fuse_lowlevel_ops table = {
	.lookup = zc_op_lookup,
	.forget = zc_op_forget,
	.forget_multi = zc_op_forget_multi,
	.getattr = zc_op_getattr,
	.setattr = zc_op_setattr,
	.statx = zc_op_statx,
	.access = zc_op_access,
	.readlink = zc_op_readlink,
	.mknod = zc_op_mknod,
	.mkdir = zc_op_mkdir,
	.symlink = zc_op_symlink,
	.unlink = zc_op_unlink,
	.rmdir = zc_op_rmdir,
	.rename = zc_op_rename,
	.link = zc_op_link,
	.open = zc_op_open,
	.create = zc_op_create,
	.tmpfile = zc_op_tmpfile,
	.read = zc_op_read,
	.write_buf = zc_op_write_buf,
	.flush = zc_op_flush,
	.release = zc_op_release,
	.fsync = zc_op_fsync,
	.fallocate = zc_op_fallocate,
	.lseek = zc_op_lseek,
	.copy_file_range = zc_op_copy_file_range,
	.opendir = zc_op_opendir,
	.readdir = zc_op_readdir,
	.readdirplus = zc_op_readdirplus,
	.releasedir = zc_op_releasedir,
	.fsyncdir = zc_op_fsyncdir,
	.getxattr = zc_op_getxattr,
	.listxattr = zc_op_listxattr,
	.setxattr = zc_op_setxattr,
	.removexattr = zc_op_removexattr,
	.statfs = zc_op_statfs,
	.ioctl = zc_op_ioctl,
};

void zc_ops_fill(struct fuse_lowlevel_ops *ops)
{
	*ops = table;
}
