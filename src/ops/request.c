// SPDX-License-Identifier: MIT
// Begin and end of every request: counters, exactly one reply, undo if the reply fails.
// Must not know what a request asks for.
#include "zcfs/ops.h"

#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <time.h>

/* Requests that come by io_uring are served from the reply to INIT on, by threads of libfuse; by /dev/fuse they
 * wait for us. For the first milliseconds of a mount. */
static void wait_until_served(const struct zc_fs *fs)
{
	const struct timespec moment = { .tv_nsec = 1000000 };

	while (!atomic_load_explicit(&fs->serving, memory_order_acquire))
		nanosleep(&moment, NULL);
}

struct zc_request zc_request_begin(fuse_req_t req, enum zc_op op)
{
	struct zc_fs *fs = fuse_req_userdata(req);

	wait_until_served(fs);
	zc_count_request(op);
	zc_seats_serve(&fs->seats, fuse_req_ctx(req)->pid);
	return (struct zc_request){
		.fs = fs, .req = req, .op = op, .changes = zc_watch_now(&fs->watch)
	};
}

void zc_request_failed(struct zc_request *r)
{
	zc_count_error(r->op);
}

/* ENOSYS from a backing file system must not reach the kernel: it would never send that request
 * again for any file of the mount. Handlers that mean ENOSYS say it with fuse_reply_err. */
void zc_reply_err(struct zc_request *r, int err)
{
	if (err)
		zc_request_failed(r);
	fuse_reply_err(r->req, err == -ENOSYS ? EOPNOTSUPP : -err);
}

void zc_reply_attr(struct zc_request *r, int err, uint64_t nodeid, const struct statx *stx)
{
	struct stat attr;

	if (err) {
		zc_reply_err(r, err);
		return;
	}
	zc_fill_stat(r->fs, stx, &attr);
	fuse_reply_attr(r->req, &attr, zc_attr_timeout(r, nodeid, attr.st_mode));
}

void zc_reply_entry(struct zc_request *r, int err, const struct fuse_entry_param *entry)
{
	struct zc_fs *fs = r->fs;

	if (err) {
		zc_reply_err(r, err);
	} else if (fuse_reply_entry(r->req, entry) != 0 && entry->ino) {
		zc_count(ZC_EVENT_reply_undone, 1);
		zc_inode_forget(&fs->inodes, entry->ino, 1);
	} else {
		zc_watch_recheck(&fs->watch, r->changes, entry->ino);
	}
}

void zc_reply_open(struct zc_request *r, int err, uint64_t nodeid, const struct fuse_file_info *fi)
{
	struct zc_fs *fs = r->fs;

	if (err) {
		zc_reply_err(r, err);
	} else if (fuse_reply_open(r->req, fi) != 0) {
		zc_count(ZC_EVENT_reply_undone, 1);
		zc_open_undo(fs, nodeid, fi->fh);
	}
}

void zc_reply_create(struct zc_request *r, int err, const struct fuse_entry_param *entry,
		     const struct fuse_file_info *fi)
{
	struct zc_fs *fs = r->fs;

	if (err) {
		zc_reply_err(r, err);
	} else if (fuse_reply_create(r->req, entry, fi) != 0) {
		zc_count(ZC_EVENT_reply_undone, 1);
		zc_open_undo(fs, entry->ino, fi->fh);
		zc_inode_forget(&fs->inodes, entry->ino, 1);
	} else {
		zc_watch_recheck(&fs->watch, r->changes, entry->ino);
	}
}

void zc_reply_count(struct zc_request *r, ssize_t count_or_err)
{
	if (count_or_err < 0)
		zc_reply_err(r, (int)count_or_err);
	else
		fuse_reply_write(r->req, (size_t)count_or_err);
}

/* The supplementary groups only matter to a setgid file without group execution (mandatory
 * locking). */
unsigned zc_needs_of_writer(int fd, bool kill_setid)
{
	struct stat st;

	if (!kill_setid)
		return ZC_AS_CALLER;
	if (fstat(fd, &st) == 0 && (st.st_mode & (S_ISGID | S_IXGRP)) == S_ISGID)
		return ZC_AS_KILLING_SETID | ZC_AS_GROUP_MEMBER;
	return ZC_AS_KILLING_SETID;
}

bool zc_overrules_owner(struct zc_request *r, cap_value_t capability, int dirfd, const char *name)
{
	return zc_caller_overrules_owner(&r->fs->options->view, r->req, capability, dirfd, name);
}

double zc_absence_timeout(const struct zc_request *r, uint64_t parent)
{
	struct zc_fs *fs = r->fs;

	return zc_watch_name_timeout(&fs->watch, fs->options->timeouts.negative, r->changes,
				     parent);
}

double zc_attr_timeout(const struct zc_request *r, uint64_t nodeid, mode_t mode)
{
	struct zc_fs *fs = r->fs;

	if (S_ISREG(mode) && (mode & (S_ISUID | S_ISGID)))
		return 0;
	return zc_watch_attr_timeout(&fs->watch, fs->options->timeouts.attr, r->changes, nodeid);
}

static struct timespec time_of(const struct statx_timestamp *t)
{
	return (struct timespec){ .tv_sec = t->tv_sec, .tv_nsec = t->tv_nsec };
}

void zc_show(struct zc_fs *fs, struct statx *stx)
{
	zc_mounts_restrict(&fs->inodes.mounts, stx);
	zc_view_show(&fs->options->view, stx);
	stx->stx_ino = zc_inode_number(&fs->inodes, zc_dev_of(stx), stx->stx_ino);
}

void zc_fill_stat(struct zc_fs *fs, const struct statx *from, struct stat *ret)
{
	struct statx stx = *from;

	zc_show(fs, &stx);
	*ret = (struct stat){
		.st_ino = stx.stx_ino,
		.st_mode = stx.stx_mode,
		.st_nlink = stx.stx_nlink,
		.st_uid = stx.stx_uid,
		.st_gid = stx.stx_gid,
		.st_rdev = makedev(stx.stx_rdev_major, stx.stx_rdev_minor),
		.st_size = (off_t)stx.stx_size,
		.st_blksize = (blksize_t)stx.stx_blksize,
		.st_blocks = (blkcnt_t)stx.stx_blocks,
		.st_atim = time_of(&stx.stx_atime),
		.st_mtim = time_of(&stx.stx_mtime),
		.st_ctim = time_of(&stx.stx_ctime),
	};
}

void zc_fill_entry(const struct zc_request *r, uint64_t parent, uint64_t nodeid,
		   const struct statx *stx, struct fuse_entry_param *ret)
{
	struct zc_fs *fs = r->fs;

	*ret = (struct fuse_entry_param){
		.ino = nodeid,
		.generation = nodeid >> 32,
		.entry_timeout = zc_watch_name_timeout(&fs->watch, fs->options->timeouts.entry,
						       r->changes, parent),
	};
	zc_fill_stat(fs, stx, &ret->attr);
	ret->attr_timeout = zc_attr_timeout(r, nodeid, ret->attr.st_mode);
}
