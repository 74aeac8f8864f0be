/* SPDX-License-Identifier: MIT */
/* The handlers of FUSE requests, and what they share. Only this room replies, exactly once for each
 * request. All handlers may run in any number of threads at a time. */
#ifndef ZCFS_OPS_H
#define ZCFS_OPS_H

#include <fuse_lowlevel.h>

#include "zcfs/caller.h"
#include "zcfs/counters.h"
#include "zcfs/fs.h"

/* Fills *ops with the handlers; `userdata` of the session is the struct zc_fs. */
void zc_ops_fill(struct fuse_lowlevel_ops *ops);

/* Hook it to inodes.on_bury: gives back the backing id of an inode that nobody knows any more. */
void zc_ops_bury(void *arg, uint64_t nodeid, struct zc_slot *slot);

/* One request from begin to reply. */
struct zc_request {
	struct zc_fs *fs;
	fuse_req_t req;
	enum zc_op op;
	uint64_t changes; /* that there had been when it began (watch.h) */
};

/* Counts the request. */
struct zc_request zc_request_begin(fuse_req_t req, enum zc_op op);

/* Replies. `err` is 0 or a negative errno; on an error the other arguments are not looked at. Where
 * the kernel does not take the reply (the caller was killed meanwhile) what the reply would have
 * handed out is taken back: lookups, opens. */
void zc_reply_err(struct zc_request *r, int err);
void zc_reply_attr(struct zc_request *r, int err, uint64_t nodeid, const struct statx *stx);
void zc_reply_entry(struct zc_request *r, int err, const struct fuse_entry_param *entry);
void zc_reply_open(struct zc_request *r, int err, uint64_t nodeid, const struct fuse_file_info *fi);
void zc_reply_create(struct zc_request *r, int err, const struct fuse_entry_param *entry,
		     const struct fuse_file_info *fi);
void zc_reply_count(struct zc_request *r, ssize_t count_or_err);
/* For handlers that call libfuse's reply function themselves. */
void zc_request_failed(struct zc_request *r);

/* How long attributes of `nodeid` with this mode may be believed: setuid and setgid bits of files not at all.
 * In passthrough a write clears them below without the kernel's FUSE inode noticing, and an exec
 * that believed them would run what a user has just written with the owner's id. */
double zc_attr_timeout(const struct zc_request *r, uint64_t nodeid, mode_t mode);

/* How long it may be believed that `parent` has not the name that was asked for. */
double zc_absence_timeout(const struct zc_request *r, uint64_t parent);

/* What the kernel is told of an inode: its attributes below, as the mount shows them. */
void zc_show(struct zc_fs *fs, struct statx *stx);
void zc_fill_stat(struct zc_fs *fs, const struct statx *stx, struct stat *ret);
void zc_fill_entry(const struct zc_request *r, uint64_t parent, uint64_t nodeid,
		   const struct statx *stx, struct fuse_entry_param *ret);

/* Makes `name` below the directory `dirfd` (nodeid `parent`) known and fills *ret, with one lookup
 * more. -ENOENT; -EINVAL for ".", ".." and names with a slash. */
int zc_lookup_at(struct zc_request *r, int dirfd, uint64_t parent, const char *name,
		 struct fuse_entry_param *ret);

/* What a change of the file's content needs (enum zc_identity_needs). `kill_setid`: the kernel asks
 * for setuid and setgid bits to be cleared. */
unsigned zc_needs_of_writer(int fd, bool kill_setid);

/* Whether the caller's capability makes up for not owning `name` in `dirfd` (caller.h). */
bool zc_overrules_owner(struct zc_request *r, cap_value_t capability, int dirfd, const char *name);

/* open.c: an inode is open once more, by OPENDIR. -ESTALE. */
int zc_open_count(struct zc_fs *fs, uint64_t nodeid);
/* Takes the open of an inode back: at RELEASE and RELEASEDIR, or when an open could not be
 * replied. */
void zc_open_undo(struct zc_fs *fs, uint64_t nodeid, uint64_t owner);

/* In the number of an open file (fi->fh): it was opened with O_NOATIME, for requests that do not bring
 * the flags along. */
#define ZC_OPEN_NOATIME (1ull << 63)

/* data.c: borrows an fd to read from on behalf of an open file with these flags. */
int zc_fd_to_read(struct zc_fs *fs, uint64_t nodeid, int flags, struct zc_fd *ret);

/* range.c: borrows the fd that was opened for this open file, or opens one anew where there is none (an
 * open that only reads in passthrough, or the cache has let go of it). Never that of another open: fsync(2)
 * tells an error of writing back once to each fd. */
int zc_fd_of_open(struct zc_fs *fs, uint64_t nodeid, const struct fuse_file_info *fi,
		  struct zc_fd *ret);

/* walker.c: a listing can bring the attributes of what it lists, for the price of a lookup each. Who only reads
 * names, such as find(1), is better off without; who has lately asked for files by name, such as ls -l, with
 * them. `id`: the caller's thread. */
void zc_walker_looked_up(pid_t id);
/* Whether this listing should bring attributes of files (it counts: after some, the caller is no longer known). */
bool zc_walker_looks(pid_t id);

/* The handlers, a file a concern; table.c lists them. */
void zc_op_lookup(fuse_req_t req, fuse_ino_t parent, const char *name);
void zc_op_forget(fuse_req_t req, fuse_ino_t nodeid, uint64_t count);
void zc_op_forget_multi(fuse_req_t req, size_t count, struct fuse_forget_data *forgets);
void zc_op_getattr(fuse_req_t req, fuse_ino_t nodeid, struct fuse_file_info *fi);
void zc_op_setattr(fuse_req_t req, fuse_ino_t nodeid, struct stat *attr, int to_set,
		   struct fuse_file_info *fi);
void zc_op_statx(fuse_req_t req, fuse_ino_t nodeid, int flags, int mask, struct fuse_file_info *fi);
void zc_op_access(fuse_req_t req, fuse_ino_t nodeid, int mask);
void zc_op_readlink(fuse_req_t req, fuse_ino_t nodeid);
void zc_op_mknod(fuse_req_t req, fuse_ino_t parent, const char *name, mode_t mode, dev_t rdev);
void zc_op_mkdir(fuse_req_t req, fuse_ino_t parent, const char *name, mode_t mode);
void zc_op_symlink(fuse_req_t req, const char *target, fuse_ino_t parent, const char *name);
void zc_op_unlink(fuse_req_t req, fuse_ino_t parent, const char *name);
void zc_op_rmdir(fuse_req_t req, fuse_ino_t parent, const char *name);
void zc_op_rename(fuse_req_t req, fuse_ino_t parent, const char *name, fuse_ino_t newparent,
		  const char *newname, unsigned flags);
void zc_op_link(fuse_req_t req, fuse_ino_t nodeid, fuse_ino_t newparent, const char *newname);
void zc_op_open(fuse_req_t req, fuse_ino_t nodeid, struct fuse_file_info *fi);
void zc_op_create(fuse_req_t req, fuse_ino_t parent, const char *name, mode_t mode,
		  struct fuse_file_info *fi);
void zc_op_tmpfile(fuse_req_t req, fuse_ino_t parent, mode_t mode, struct fuse_file_info *fi);
void zc_op_read(fuse_req_t req, fuse_ino_t nodeid, size_t size, off_t off,
		struct fuse_file_info *fi);
void zc_op_write_buf(fuse_req_t req, fuse_ino_t nodeid, struct fuse_bufvec *in, off_t off,
		     struct fuse_file_info *fi);
void zc_op_flush(fuse_req_t req, fuse_ino_t nodeid, struct fuse_file_info *fi);
void zc_op_release(fuse_req_t req, fuse_ino_t nodeid, struct fuse_file_info *fi);
void zc_op_fsync(fuse_req_t req, fuse_ino_t nodeid, int datasync, struct fuse_file_info *fi);
void zc_op_fallocate(fuse_req_t req, fuse_ino_t nodeid, int mode, off_t off, off_t length,
		     struct fuse_file_info *fi);
void zc_op_lseek(fuse_req_t req, fuse_ino_t nodeid, off_t off, int whence,
		 struct fuse_file_info *fi);
void zc_op_copy_file_range(fuse_req_t req, fuse_ino_t in, off_t off_in,
			   struct fuse_file_info *fi_in, fuse_ino_t out, off_t off_out,
			   struct fuse_file_info *fi_out, size_t len, int flags);
void zc_op_opendir(fuse_req_t req, fuse_ino_t nodeid, struct fuse_file_info *fi);
void zc_op_readdir(fuse_req_t req, fuse_ino_t nodeid, size_t size, off_t off,
		   struct fuse_file_info *fi);
void zc_op_readdirplus(fuse_req_t req, fuse_ino_t nodeid, size_t size, off_t off,
		       struct fuse_file_info *fi);
void zc_op_releasedir(fuse_req_t req, fuse_ino_t nodeid, struct fuse_file_info *fi);
void zc_op_fsyncdir(fuse_req_t req, fuse_ino_t nodeid, int datasync, struct fuse_file_info *fi);
void zc_op_getxattr(fuse_req_t req, fuse_ino_t nodeid, const char *name, size_t size);
void zc_op_listxattr(fuse_req_t req, fuse_ino_t nodeid, size_t size);
void zc_op_setxattr(fuse_req_t req, fuse_ino_t nodeid, const char *name, const char *value,
		    size_t size, int flags);
void zc_op_removexattr(fuse_req_t req, fuse_ino_t nodeid, const char *name);
void zc_op_statfs(fuse_req_t req, fuse_ino_t nodeid);
void zc_op_ioctl(fuse_req_t req, fuse_ino_t nodeid, unsigned cmd, void *arg,
		 struct fuse_file_info *fi, unsigned flags, const void *in, size_t in_size,
		 size_t out_size);

#endif
