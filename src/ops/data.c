// SPDX-License-Identifier: MIT
// READ and WRITE on the splice and copy planes. On the passthrough plane neither ever arrives.
// Must not know how a plane was chosen.
#include "zcfs/ops.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "zcfs/sys.h"

/* libfuse copies replies below two pages: setting up the pipe costs more (fuse_send_data_iov). */
static bool too_small_to_splice(size_t size)
{
	return size < 2 * (size_t)sysconf(_SC_PAGESIZE);
}

static bool reads_by_splice(const struct zc_fs *fs, size_t size)
{
	return fs->caps.best != ZC_PLANE_COPY && !too_small_to_splice(size);
}

/* ---- read ------------------------------------------------------------------------------------ */

/* What is left of the file behind `off`, at most `size`: exactly what the reply will carry. */
static ssize_t bytes_ahead(int fd, size_t size, off_t off)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (off >= st.st_size)
		return 0;
	return st.st_size - off < (off_t)size ? st.st_size - off : (ssize_t)size;
}

/* The thread's pipe, empty between requests; room 0: none. It goes with the process: workers do not end
 * before (session.c keeps all that were started). */
static _Thread_local int own_pipe[2];
static _Thread_local size_t own_room;

static void drop_pipe(void)
{
	if (own_room) {
		close(own_pipe[0]);
		close(own_pipe[1]);
	}
	own_room = 0;
}

/* Room for `size` bytes, wherever in a page they begin. */
static bool provide_pipe(size_t size)
{
	size_t room = size + (size_t)sysconf(_SC_PAGESIZE);

	if (own_room >= room)
		return true;
	drop_pipe();
	if (pipe2(own_pipe, O_CLOEXEC) < 0)
		return false;
	own_room = room;
	if (fcntl(own_pipe[1], F_SETPIPE_SZ, (int)room) >= (int)room)
		return true;
	drop_pipe();
	return false;
}

/* True when all of it is in the pipe. */
static bool splice_whole(int fd, int to, size_t size, off_t off)
{
	ssize_t got = 1;

	while (size && got > 0) {
		got = splice(fd, &off, to, NULL, size, SPLICE_F_NONBLOCK);
		if (got > 0)
			size -= (size_t)got;
	}
	return size == 0;
}

/* The data goes from the file's page cache to the kernel through pipes. First into one of our own: to the
 * kernel a short answer is the end of the file (fuse_short_read in fs/fuse/file.c), and of a file that it
 * splices itself libfuse answers with what came before an error. False: not all of it could be had, and
 * nothing is answered. Without FUSE_BUF_SPLICE_MOVE: the kernel would try to take each page out of the
 * backing file's cache for the mount's, which costs time and, where it works, the next reader of the
 * backing file a read from disk (fuse_try_move_folio in fs/fuse/dev.c). */
static bool read_by_splice(struct zc_request *r, int fd, size_t size, off_t off)
{
	struct fuse_bufvec buf = FUSE_BUFVEC_INIT(size);

	if (!provide_pipe(size))
		return false;
	if (!splice_whole(fd, own_pipe[1], size, off)) {
		drop_pipe(); /* with what is in it */
		return false;
	}
	buf.buf[0].flags = FUSE_BUF_IS_FD;
	buf.buf[0].fd = own_pipe[0];
	zc_count(ZC_EVENT_read_splice_bytes, size);
	if (fuse_reply_data(r->req, &buf, (enum fuse_buf_copy_flags)0) != 0)
		drop_pipe();
	return true;
}

/* All up to the end of the file, or the error that lies before it: to the kernel a short answer is the
 * end of the file (fuse_short_read in fs/fuse/file.c), and what cannot be read would be lost in
 * silence. After an error it asks again, page by page. */
static ssize_t read_whole(int fd, char *buf, size_t size, off_t off)
{
	size_t done = 0;
	ssize_t got = 1;

	while (done < size && got > 0) {
		got = pread(fd, buf + done, size - done, off + (off_t)done);
		if (got > 0)
			done += (size_t)got;
	}
	return got < 0 ? -errno : (ssize_t)done;
}

static void read_by_copy(struct zc_request *r, int fd, size_t size, off_t off)
{
	char *buf = malloc(size ? size : 1);
	ssize_t got = buf ? read_whole(fd, buf, size, off) : -ENOMEM;

	if (got < 0) {
		zc_reply_err(r, (int)got);
	} else {
		zc_count(ZC_EVENT_read_copy_bytes, (uint64_t)got);
		fuse_reply_buf(r->req, buf, (size_t)got);
	}
	free(buf);
}

/* The fds that are kept leave their mark in the access time; who asked for none gets one of his
 * own. */
int zc_fd_to_read(struct zc_fs *fs, uint64_t nodeid, int flags, struct zc_fd *ret)
{
	int fd = -EPERM;

	if (flags & O_NOATIME)
		fd = zc_inode_open(&fs->inodes, nodeid, O_RDONLY | O_NONBLOCK | O_NOATIME);
	if (fd < 0)
		return zc_inode_fd(&fs->inodes, nodeid, ZC_FD_CAN_READ, ZC_FD_READ, ret);
	*ret = zc_fd_of(fd);
	return 0;
}

void zc_op_read(fuse_req_t req, fuse_ino_t nodeid, size_t size, off_t off,
		struct fuse_file_info *fi)
{
	struct zc_request r = zc_request_begin(req, ZC_OP_read);
	struct zc_fs *fs = r.fs;
	struct zc_fd fd;
	ssize_t ahead;
	int err = zc_fd_to_read(fs, nodeid, fi->flags, &fd);

	if (err) {
		zc_reply_err(&r, err);
		return;
	}
	ahead = bytes_ahead(fd.fd, size, off);
	if (ahead < 0 || !reads_by_splice(fs, (size_t)ahead) ||
	    !read_by_splice(&r, fd.fd, (size_t)ahead, off))
		read_by_copy(&r, fd.fd, size, off);
	zc_inode_put_fd(&fs->inodes, &fd);
}

/* ---- write ----------------------------------------------------------------------------------- */

static ssize_t append(int fd, void *data, size_t size)
{
	struct iovec vector = { .iov_base = data, .iov_len = size };

	return pwritev2(fd, &vector, 1, 0, RWF_APPEND);
}

/* splice(2) refuses a file opened to append, and in pieces another writer would get in between: one
 * buffer, one write. RWF_APPEND, so that any fd will do. */
static ssize_t write_at_end(int fd, struct fuse_bufvec *in)
{
	size_t size = fuse_buf_size(in);
	struct fuse_bufvec whole = FUSE_BUFVEC_INIT(size);
	ssize_t done = -ENOMEM;

	whole.buf[0].mem = malloc(size ? size : 1);
	if (whole.buf[0].mem)
		done = fuse_buf_copy(&whole, in, 0);
	if (done > 0) {
		done = append(fd, whole.buf[0].mem, (size_t)done);
		done = done < 0 ? -errno : done;
	}
	free(whole.buf[0].mem);
	if (done > 0)
		zc_count(ZC_EVENT_write_copy_bytes, (uint64_t)done);
	return done;
}

/* From the pipe (or the buffer) that libfuse has received into the file. */
static ssize_t write_out(int fd, struct fuse_bufvec *in, off_t off)
{
	bool spliced = in->buf[0].flags & FUSE_BUF_IS_FD;
	struct fuse_bufvec out = FUSE_BUFVEC_INIT(fuse_buf_size(in));
	ssize_t done;

	out.buf[0].flags = FUSE_BUF_IS_FD | FUSE_BUF_FD_SEEK;
	out.buf[0].fd = fd;
	out.buf[0].pos = off;
	done = fuse_buf_copy(&out, in, FUSE_BUF_SPLICE_MOVE);
	if (done > 0)
		zc_count(spliced ? ZC_EVENT_write_splice_bytes : ZC_EVENT_write_copy_bytes,
			 (uint64_t)done);
	return done;
}

static int sync_out(struct zc_fs *fs, uint64_t nodeid, const struct fuse_file_info *fi)
{
	bool all = (fi->flags & O_SYNC) == O_SYNC;
	struct zc_fd fd;
	int err;

	if (!(fi->flags & O_DSYNC)) /* O_SYNC has that bit too */
		return 0;
	err = zc_fd_of_open(fs, nodeid, fi, &fd);
	if (err)
		return err;
	err = (all ? fsync(fd.fd) : fdatasync(fd.fd)) < 0 ? -errno : 0;
	zc_inode_put_fd(&fs->inodes, &fd);
	return err;
}

/* The kernel takes the end of the file from its attribute cache, so where a buffered write appends
 * the backing file has to find the end itself. A direct write comes in pieces that are served side
 * by side, and a mapped page has a place of its own: for both only the offset is right. */
static bool appends(const struct fuse_file_info *fi)
{
	return (fi->flags & O_APPEND) && !(fi->flags & O_DIRECT) && !fi->writepage;
}

static ssize_t write_as_caller(struct zc_request *r, uint64_t nodeid, int fd,
			       struct fuse_bufvec *in, off_t off, const struct fuse_file_info *fi)
{
	struct zc_identity identity;
	ssize_t done = zc_identity_enter(&r->fs->identity, r->req,
					 zc_needs_of_writer(fd, fi->kill_suidgid), &identity);
	int err;

	if (done)
		return done;
	done = appends(fi) ? write_at_end(fd, in) : write_out(fd, in, off);
	zc_identity_leave(&identity);
	if (done <= 0)
		return done;
	err = sync_out(r->fs, nodeid, fi);
	return err ? err : done;
}

/* F_SETFL may have taken O_DIRECT from the caller's file: ours has it still, and wants whole blocks. */
static bool is_direct(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	return flags < 0 || flags & O_DIRECT;
}

static bool own_fd(struct zc_fs *fs, uint64_t nodeid, const struct fuse_file_info *fi,
		   struct zc_fd *ret)
{
	struct zc_fd fd;

	if (!fi->fh || !zc_fdcache_get_own(&fs->inodes.fds, nodeid, fi->fh, &fd))
		return false;
	if (is_direct(fd.fd)) {
		zc_inode_put_fd(&fs->inodes, &fd);
		return false;
	}
	*ret = fd;
	return true;
}

/* To append its own fd rather than a new one, which the file may no longer allow. */
static int fd_to_write(struct zc_fs *fs, uint64_t nodeid, const struct fuse_file_info *fi,
		       struct zc_fd *ret)
{
	if (!appends(fi))
		return zc_inode_fd(&fs->inodes, nodeid, ZC_FD_CAN_WRITE, ZC_FD_WRITE, ret);
	if (zc_fdcache_get(&fs->inodes.fds, nodeid, ZC_FD_APPEND | ZC_FD_CAN_WRITE, ret) ||
	    own_fd(fs, nodeid, fi, ret))
		return 0;
	return zc_inode_fd(&fs->inodes, nodeid, ZC_FD_APPEND, ZC_FD_APPEND, ret);
}

void zc_op_write_buf(fuse_req_t req, fuse_ino_t nodeid, struct fuse_bufvec *in, off_t off,
		     struct fuse_file_info *fi)
{
	struct zc_request r = zc_request_begin(req, ZC_OP_write);
	struct zc_fd fd;
	ssize_t done = fd_to_write(r.fs, nodeid, fi, &fd);

	if (done == 0) {
		done = write_as_caller(&r, nodeid, fd.fd, in, off, fi);
		zc_inode_put_fd(&r.fs->inodes, &fd);
	}
	zc_reply_count(&r, done);
}
