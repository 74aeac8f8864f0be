// SPDX-License-Identifier: MIT
// FSYNC, FALLOCATE, LSEEK, COPY_FILE_RANGE: what still reaches the daemon on every plane.
// Must not know planes.
#include "zcfs/ops.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "zcfs/sys.h"

/* Any fd that is not O_PATH; opened for reading, or for writing where the daemon may not read. */
static int any_data_fd(struct zc_fs *fs, uint64_t nodeid, struct zc_fd *ret)
{
	int err = zc_inode_fd(&fs->inodes, nodeid, ZC_FD_DATA, ZC_FD_READ, ret);

	if (err == -EACCES)
		err = zc_inode_fd(&fs->inodes, nodeid, ZC_FD_DATA, ZC_FD_WRITE, ret);
	return err;
}

int zc_fd_of_open(struct zc_fs *fs, uint64_t nodeid, const struct fuse_file_info *fi,
		  struct zc_fd *ret)
{
	int fd;

	if (fi && fi->fh && zc_fdcache_get_own(&fs->inodes.fds, nodeid, fi->fh, ret))
		return 0;
	fd = zc_inode_open(&fs->inodes, nodeid, O_RDONLY | O_NONBLOCK);
	if (fd == -EACCES)
		fd = zc_inode_open(&fs->inodes, nodeid, O_WRONLY | O_NONBLOCK);
	if (fd < 0)
		return fd;
	*ret = zc_fd_of(fd);
	return 0;
}

void zc_op_fsync(fuse_req_t req, fuse_ino_t nodeid, int datasync, struct fuse_file_info *fi)
{
	struct zc_request r = zc_request_begin(req, ZC_OP_fsync);
	struct zc_fd fd;
	int err = zc_fd_of_open(r.fs, nodeid, fi, &fd);

	if (!err) {
		err = (datasync ? fdatasync(fd.fd) : fsync(fd.fd)) < 0 ? -errno : 0;
		zc_inode_put_fd(&r.fs->inodes, &fd);
	}
	zc_reply_err(&r, err);
}

/* fallocate and copy_file_range change a file as the caller: setuid bits are cleared by looking at
 * who does it, setgid bits by whether he is in the file's group. Where the caller may not keep them an
 * empty SETATTR came before. */
static int enter_as_writer(struct zc_request *r, int fd, struct zc_identity *ret)
{
	unsigned needs = zc_needs_of_writer(fd, true) & ZC_AS_GROUP_MEMBER;

	return zc_identity_enter(&r->fs->identity, r->req, needs, ret);
}

static int allocate(struct zc_request *r, uint64_t nodeid, int mode, off_t off, off_t length)
{
	struct zc_identity identity;
	struct zc_fd fd;
	int err =
	    zc_inode_fd(&r->fs->inodes, nodeid, ZC_FD_CAN_WRITE | ZC_FD_APPEND, ZC_FD_WRITE, &fd);

	if (err)
		return err;
	err = enter_as_writer(r, fd.fd, &identity);
	if (!err) {
		err = fallocate(fd.fd, mode, off, length) < 0 ? -errno : 0;
		zc_identity_leave(&identity);
	}
	zc_inode_put_fd(&r->fs->inodes, &fd);
	return err;
}

void zc_op_fallocate(fuse_req_t req, fuse_ino_t nodeid, int mode, off_t off, off_t length,
		     struct fuse_file_info *fi)
{
	struct zc_request r = zc_request_begin(req, ZC_OP_fallocate);
	int err = allocate(&r, nodeid, mode, off, length);

	(void)fi;
	/* What fails for want of space may have made the file longer; the kernel would go on believing
	 * the size that it knows. */
	if (err)
		fuse_lowlevel_notify_inval_inode(r.fs->session, nodeid, -1, 0);
	zc_reply_err(&r, err);
}

void zc_op_lseek(fuse_req_t req, fuse_ino_t nodeid, off_t off, int whence,
		 struct fuse_file_info *fi)
{
	struct zc_request r = zc_request_begin(req, ZC_OP_lseek);
	struct zc_fd fd;
	off_t found = any_data_fd(r.fs, nodeid, &fd);

	(void)fi;
	if (found == 0) {
		/* Only SEEK_DATA and SEEK_HOLE arrive: a shared file position does not matter. */
		found = lseek(fd.fd, off, whence);
		found = found < 0 ? -errno : found;
		zc_inode_put_fd(&r.fs->inodes, &fd);
	}
	if (found < 0)
		zc_reply_err(&r, (int)found);
	else
		fuse_reply_lseek(req, found);
}

/* One inode to another, inside the backing file system: a reflink where it has them. */
static ssize_t copy_range(struct zc_request *r, int in, off_t off_in, int out, off_t off_out,
			  size_t len, unsigned flags)
{
	struct zc_identity identity;
	ssize_t done = enter_as_writer(r, out, &identity);

	if (done)
		return done;
	done = copy_file_range(in, &off_in, out, &off_out, len, flags);
	done = done < 0 ? -errno : done;
	zc_identity_leave(&identity);
	return done;
}

void zc_op_copy_file_range(fuse_req_t req, fuse_ino_t in, off_t off_in,
			   struct fuse_file_info *fi_in, fuse_ino_t out, off_t off_out,
			   struct fuse_file_info *fi_out, size_t len, int flags)
{
	struct zc_request r = zc_request_begin(req, ZC_OP_copy_file_range);
	struct zc_inodes *inodes = &r.fs->inodes;
	struct zc_fd from, to;
	int flags_in = fi_in->fh & ZC_OPEN_NOATIME ? O_NOATIME : 0;
	ssize_t done = zc_fd_to_read(r.fs, in, flags_in, &from);

	(void)fi_out;
	if (done == 0) {
		done = zc_inode_fd(inodes, out, ZC_FD_CAN_WRITE, ZC_FD_WRITE, &to);
		if (done == 0) {
			done =
			    copy_range(&r, from.fd, off_in, to.fd, off_out, len, (unsigned)flags);
			zc_inode_put_fd(inodes, &to);
		}
		zc_inode_put_fd(inodes, &from);
	}
	/* the kernel takes only the target's attributes for changed */
	if (done > 0 && !flags_in)
		fuse_lowlevel_notify_inval_inode(r.fs->session, in, -1, 0);
	zc_reply_count(&r, done);
}
