// SPDX-License-Identifier: MIT
// CREATE and TMPFILE: a new file, made as the caller, and its first open.
// Must not know planes.
#include "zcfs/ops.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "zcfs/sys.h"
#include "open.h"

#define OPEN_SECONDS 0.004 /* longer than an open(2) takes, too short to matter to anybody else */

/* Makes the file as the caller. Always exclusive: the kernel believed that the name is free and has
 * not checked anything about a file that is there all the same. ESTALE makes it look again. */
static int create_backing(struct zc_request *r, int dirfd, const char *name, mode_t mode, int flags)
{
	unsigned needs = ZC_AS_CREATOR | (mode & S_ISGID ? ZC_AS_GROUP_MEMBER : 0);
	mode_t stored = zc_view_create_mode(&r->fs->options->view, S_IFREG | (mode & 07777),
					    fuse_req_ctx(r->req)->uid);
	struct zc_identity identity;
	int fd = zc_identity_enter(&r->fs->identity, r->req, needs, &identity);

	if (fd)
		return fd;
	fd = zc_sys_openat(dirfd, name, flags, stored & 07777);
	zc_identity_leave(&identity);
	return fd;
}

/* An fd of the new file; `name` NULL: of one without a name (O_TMPFILE). Opened without O_DIRECT
 * and O_APPEND, so that it is fit to be kept for any READ and WRITE. */
static int create_in(struct zc_request *r, uint64_t parent, const char *name, mode_t mode,
		     int wanted)
{
	int how = name ? O_CREAT | O_EXCL | O_NOFOLLOW : O_TMPFILE | (wanted & O_EXCL);
	int flags = (wanted & ZC_OPEN_CHECKED_FLAGS & ~(O_TRUNC | O_DIRECT | O_APPEND)) | how;
	struct zc_fd dir;
	int fd = zc_inode_path_fd(&r->fs->inodes, parent, &dir);

	if (fd)
		return fd;
	fd = create_backing(r, dir.fd, name ? name : ".", mode, flags);
	zc_inode_put_fd(&r->fs->inodes, &dir);
	return fd == -EEXIST && name && !(wanted & O_EXCL) ? -ESTALE : fd;
}

/* open(2) with O_DIRECT on a file system without it makes the file and then fails with EINVAL. */
static int check_direct(int fd, int flags)
{
	int again;

	if (!(flags & O_DIRECT))
		return 0;
	again = zc_sys_reopen(fd, flags & (O_ACCMODE | O_DIRECT));
	if (again < 0)
		return again;
	close(again);
	return 0;
}

/* Nothing tells of writes to the new file, which is about to be written to by its maker. That the kernel
 * believes its attributes while open(2) lasts saves it from asking whether they allow what it has just
 * done (may_open). */
static void believe_for_a_moment(const struct zc_request *r, struct fuse_entry_param *entry)
{
	if (entry->attr_timeout == 0 && zc_watch_is_on(&r->fs->watch) &&
	    !(entry->attr.st_mode & (S_ISUID | S_ISGID)))
		entry->attr_timeout = OPEN_SECONDS;
}

/* Where opens are not heard of, nor is the close of this one. */
static void keep_created(struct zc_inodes *inodes, const struct zc_fd *file,
			 struct fuse_file_info *fi)
{
	if (inodes->opens_unknown) {
		fi->keep_cache = 1;
		return;
	}
	fi->fh = zc_open_next_owner() | (fi->flags & O_NOATIME ? ZC_OPEN_NOATIME : 0);
	zc_fdcache_own(&inodes->fds, file, fi->fh);
}

static int create_file(struct zc_request *r, uint64_t parent, const char *name, mode_t mode,
		       struct fuse_file_info *fi, struct fuse_entry_param *ret)
{
	struct zc_inodes *inodes = &r->fs->inodes;
	struct zc_fd file;
	struct statx stx;
	uint64_t nodeid;
	int err;
	int fd = create_in(r, parent, name, mode, fi->flags);

	if (fd < 0)
		return fd;
	err = zc_inode_adopt(inodes, fd, zc_open_kind(fi->flags & O_ACCMODE), parent, name, &nodeid,
			     &stx, &file);
	if (err)
		return err;
	err = check_direct(file.fd, fi->flags);
	if (!err && !inodes->opens_unknown)
		err = zc_open_take_plane(r, nodeid, file.fd, stx.stx_mode, fi);
	keep_created(inodes, &file, fi);
	zc_inode_put_fd(inodes, &file);
	if (err || inodes->opens_unknown)
		zc_open_let_go(r->fs, nodeid, 0, false);
	if (err) {
		zc_inode_forget(inodes, nodeid, 1);
	} else {
		zc_fill_entry(r, parent, nodeid, &stx, ret);
		believe_for_a_moment(r, ret);
	}
	return err;
}

void zc_op_create(fuse_req_t req, fuse_ino_t parent, const char *name, mode_t mode,
		  struct fuse_file_info *fi)
{
	struct zc_request r = zc_request_begin(req, ZC_OP_create);
	struct fuse_entry_param entry;
	int err = create_file(&r, parent, name, mode, fi, &entry);

	zc_reply_create(&r, err, &entry, fi);
}

void zc_op_tmpfile(fuse_req_t req, fuse_ino_t parent, mode_t mode, struct fuse_file_info *fi)
{
	struct zc_request r = zc_request_begin(req, ZC_OP_tmpfile);
	struct fuse_entry_param entry;
	int err = create_file(&r, parent, NULL, mode, fi, &entry);

	zc_reply_create(&r, err, &entry, fi);
}
