// SPDX-License-Identifier: MIT
// OPEN, RELEASE, FLUSH: which plane an open file takes.
// Must not know how data moves on a plane.
#include "zcfs/ops.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "zcfs/log.h"
#include "zcfs/plane.h"
#include "zcfs/sys.h"
#include "open.h"

static bool opens_for_writing(int flags)
{
	return (flags & O_ACCMODE) != O_RDONLY || (flags & O_TRUNC);
}

enum zc_fd_kind zc_open_kind(int flags)
{
	if (flags & O_DIRECT)
		return ZC_FD_OWN;
	switch (flags & O_ACCMODE) {
	case O_RDONLY:
		return ZC_FD_READ;
	case O_WRONLY:
		return flags & O_APPEND ? ZC_FD_APPEND : ZC_FD_WRITE;
	default:
		return flags & O_APPEND ? ZC_FD_OWN : ZC_FD_RDWR;
	}
}

/* ---- planes ---------------------------------------------------------------------------------- */

static enum zc_backing_owner owner_for(const struct zc_request *r)
{
	return fuse_req_ctx(r->req)->uid ? ZC_BACKING_USER : ZC_BACKING_ROOT;
}

/* The kernel keeps the credentials of this moment for all I/O by the backing id, so they are the
 * caller's, without the powers that would let a user ignore quota and reserved blocks or keep
 * setuid bits. The slot's lock is held. */
static int register_as_caller(struct zc_request *r, struct zc_slot *slot, int fd)
{
	struct zc_identity identity;
	int err = zc_identity_enter(&r->fs->identity, r->req, ZC_AS_BACKING_OWNER, &identity);

	if (err)
		return err;
	err = zc_backing_slot_register(&r->fs->backing, slot, fd, owner_for(r));
	zc_identity_leave(&identity);
	return err;
}

/* Gives the slot a backing id for this open. The slot's lock is held. */
static enum zc_plane register_backing(struct zc_request *r, struct zc_slot *slot, int path)
{
	int err = register_as_caller(r, slot, path);

	if (!err)
		return ZC_PLANE_PASSTHROUGH;
	zc_log_once(ZC_LOG_WARNING,
		    "%s: some files cannot be registered for passthrough (%s): these "
		    "go by the %s plane; see backing.refused in the counters",
		    r->fs->backing_path, zc_errno_name(-err), zc_plane_name(zc_plane_fallback()));
	return zc_plane_fallback();
}

static const enum zc_event open_events[] = {
	[ZC_PLANE_PASSTHROUGH] = ZC_EVENT_open_passthrough,
	[ZC_PLANE_SPLICE] = ZC_EVENT_open_splice,
	[ZC_PLANE_COPY] = ZC_EVENT_open_copy,
};

static void count_open(struct zc_fs *fs, struct zc_slot *slot)
{
	if (slot->opens++ == 0 && slot->backing_id)
		zc_backing_slot_busy(&fs->backing, slot);
}

/* Fixes the plane of this open in the slot and in *fi. -EAGAIN: a backing id has to be registered,
 * for which `path` has to be an fd of the file, not -1. The slot's lock is held. */
static int settle_plane(struct zc_request *r, struct zc_slot *slot, bool setid, int path,
			struct fuse_file_info *fi)
{
	struct zc_fs *fs = r->fs;
	const struct zc_open_facts facts = {
		.already = slot->opens ? slot->plane : ZC_PLANE_NONE,
		.writes = opens_for_writing(fi->flags),
		.setid = setid,
	};
	enum zc_plane plane = zc_plane_choose(fs->caps.best, &facts);

	if (plane == ZC_PLANE_PASSTHROUGH &&
	    !zc_backing_slot_fits(slot, owner_for(r), facts.writes)) {
		if (path < 0)
			return -EAGAIN;
		plane = register_backing(r, slot, path);
	}
	slot->plane = (uint8_t)plane;
	count_open(fs, slot);
	fi->backing_id = plane == ZC_PLANE_PASSTHROUGH ? slot->backing_id : 0;
	zc_count(open_events[plane], 1);
	return 0;
}

static int try_plane(struct zc_request *r, uint64_t nodeid, bool setid, int path,
		     struct fuse_file_info *fi)
{
	struct zc_inodes *inodes = &r->fs->inodes;
	pthread_mutex_t *lock = zc_inode_lock(inodes, nodeid);
	struct zc_slot *slot;
	int err;

	pthread_mutex_lock(lock);
	slot = zc_table_slot(&inodes->table, nodeid);
	err = slot ? settle_plane(r, slot, setid, path, fi) : -ESTALE;
	pthread_mutex_unlock(lock);
	return err;
}

/* An O_PATH fd, for registration: the kernel keeps the very open file that it is given, and one
 * that may write would make the file busy (ETXTBSY) for as long as the backing id lives. `fd`: any
 * fd, or -1. */
static int path_to_register(struct zc_inodes *inodes, uint64_t nodeid, int fd, struct zc_fd *ret)
{
	int path;

	if (fd < 0 || zc_fdcache_get(&inodes->fds, nodeid, ZC_FD_PATH, ret))
		return fd < 0 ? zc_inode_fd(inodes, nodeid, ZC_FD_PATH, ZC_FD_PATH, ret) : 0;
	path = zc_sys_reopen(fd, O_PATH);
	if (path < 0)
		return path;
	*ret = zc_fd_of(path);
	return 0;
}

int zc_open_take_plane(struct zc_request *r, uint64_t nodeid, int fd, mode_t mode,
		       struct fuse_file_info *fi)
{
	struct zc_fs *fs = r->fs;
	bool setid = mode & (S_ISUID | S_ISGID);
	int err = try_plane(r, nodeid, setid, -1, fi);
	struct zc_fd path;

	if (err == -EAGAIN) {
		err = path_to_register(&fs->inodes, nodeid, fd, &path);
		if (err)
			return err;
		err = try_plane(r, nodeid, setid, path.fd, fi);
		zc_inode_put_fd(&fs->inodes, &path);
		zc_backing_trim(&fs->backing);
	}
	fi->noflush = !fs->caps.flush;
	return err;
}

void zc_open_let_go(struct zc_fs *fs, uint64_t nodeid, uint64_t owner, bool counted)
{
	const unsigned kinds = ZC_FD_DATA | ZC_FD_OWN | ZC_FD_DIR;
	pthread_mutex_t *lock = zc_inode_lock(&fs->inodes, nodeid);
	uint32_t fds = UINT32_MAX;
	struct zc_slot *slot;

	pthread_mutex_lock(lock);
	slot = zc_table_slot(&fs->inodes.table, nodeid);
	if (slot && counted && slot->opens && --slot->opens == 0) {
		slot->plane = ZC_PLANE_NONE;
		if (slot->backing_id)
			zc_backing_slot_idle(&fs->backing, slot);
	}
	if (slot && (!slot->opens || owner))
		fds = zc_fdcache_detach(&fs->inodes.fds, nodeid, kinds, slot->opens ? owner : 0);
	pthread_mutex_unlock(lock);
	zc_fdcache_close(&fs->inodes.fds, fds);
}

int zc_open_count(struct zc_fs *fs, uint64_t nodeid)
{
	pthread_mutex_t *lock = zc_inode_lock(&fs->inodes, nodeid);
	struct zc_slot *slot;

	pthread_mutex_lock(lock);
	slot = zc_table_slot(&fs->inodes.table, nodeid);
	if (slot)
		count_open(fs, slot);
	pthread_mutex_unlock(lock);
	return slot ? 0 : -ESTALE;
}

void zc_open_undo(struct zc_fs *fs, uint64_t nodeid, uint64_t owner)
{
	zc_open_let_go(fs, nodeid, owner, true);
}

void zc_ops_bury(void *arg, uint64_t nodeid, struct zc_slot *slot)
{
	struct zc_fs *fs = arg;
	pthread_mutex_t *lock = zc_inode_lock(&fs->inodes, nodeid);

	pthread_mutex_lock(lock);
	if (slot->opens && slot->backing_id)
		zc_backing_slot_idle(&fs->backing, slot);
	slot->opens = 0;
	zc_backing_slot_release(&fs->backing, slot);
	pthread_mutex_unlock(lock);
	zc_watch_forget(&fs->watch, slot);
}

/* ---- open ------------------------------------------------------------------------------------ */

/* Opens the backing file for real, as the caller: for a truncating open because it truncates, for
 * the others because the kernel turns whatever its own open of the backing file says (ETXTBSY,
 * EPERM of an immutable file, EINVAL for O_DIRECT) into EIO. */
static int open_as_caller(struct zc_request *r, int path, const struct fuse_file_info *fi)
{
	struct zc_identity identity;
	int fd = zc_identity_enter(&r->fs->identity, r->req,
				   zc_needs_of_writer(path, fi->kill_suidgid), &identity);

	if (fd)
		return fd;
	fd = zc_sys_reopen(path, fi->flags & ZC_OPEN_CHECKED_FLAGS);
	zc_identity_leave(&identity);
	return fd;
}

static int open_backing(struct zc_request *r, uint64_t nodeid, const struct fuse_file_info *fi)
{
	struct zc_fd path;
	int err = zc_inode_path_fd(&r->fs->inodes, nodeid, &path);
	int fd;

	if (err)
		return err;
	fd = open_as_caller(r, path.fd, fi);
	zc_inode_put_fd(&r->fs->inodes, &path);
	return fd;
}

/* An open that only reads needs no fd in passthrough, but where the backing file system judges for
 * itself who may read. */
static bool needs_backing_open(const struct zc_fs *fs, const struct fuse_file_info *fi)
{
	return fs->caps.best != ZC_PLANE_PASSTHROUGH || opens_for_writing(fi->flags) ||
	       (fi->flags & O_DIRECT) || fs->remote;
}

uint64_t zc_open_next_owner(void)
{
	static _Atomic uint64_t last;

	return atomic_fetch_add_explicit(&last, 1, memory_order_relaxed) + 1;
}

/* Keeps the fd for READ, WRITE and fsync to come. Once the open is counted: the last close of
 * another takes out all that is kept, borrowed or not. */
static void keep(struct zc_inodes *inodes, uint64_t nodeid, struct fuse_file_info *fi,
		 struct zc_fd *fd)
{
	fi->fh = fi->flags & O_NOATIME ? ZC_OPEN_NOATIME : 0;
	if (fd->fd < 0)
		return;
	fi->fh |= zc_open_next_owner();
	zc_fdcache_add(&inodes->fds, nodeid, zc_open_kind(fi->flags), fd->fd, ZC_GRIP_OPEN, fd);
	zc_fdcache_own(&inodes->fds, fd, fi->fh);
}

static int mode_for_open(int fd, const struct fuse_file_info *fi, mode_t *ret)
{
	struct stat st;

	if (!opens_for_writing(fi->flags))
		return 0;
	if (fstat(fd, &st) < 0)
		return -errno;
	*ret = st.st_mode;
	return 0;
}

#define RELEASE_TRIES 20 /* times 1 ms */

static bool is_open_in_passthrough(struct zc_inodes *inodes, uint64_t nodeid)
{
	pthread_mutex_t *lock = zc_inode_lock(inodes, nodeid);
	const struct zc_slot *slot;
	bool is;

	pthread_mutex_lock(lock);
	slot = zc_table_slot(&inodes->table, nodeid);
	is = slot && slot->opens && slot->plane == ZC_PLANE_PASSTHROUGH;
	pthread_mutex_unlock(lock);
	return is;
}

/* Nobody waits for RELEASE: a file that was closed before it was given setuid bits may count as open still, and
 * would keep its plane. Another worker has the RELEASE, or is about to. */
static void await_releases(struct zc_inodes *inodes, uint64_t nodeid)
{
	const struct timespec moment = { .tv_nsec = 1000000 };

	for (int i = 0; i < RELEASE_TRIES && is_open_in_passthrough(inodes, nodeid); i++)
		nanosleep(&moment, NULL);
}

static int open_inode(struct zc_request *r, uint64_t nodeid, struct fuse_file_info *fi)
{
	struct zc_fd fd = ZC_FD_NONE;
	mode_t mode = 0;
	int err = 0;

	if (needs_backing_open(r->fs, fi)) {
		fd = zc_fd_of(open_backing(r, nodeid, fi));
		err = fd.fd < 0 ? fd.fd : mode_for_open(fd.fd, fi, &mode);
	}
	if (!err && mode & (S_ISUID | S_ISGID))
		await_releases(&r->fs->inodes, nodeid);
	if (!err)
		err = zc_open_take_plane(r, nodeid, fd.fd, mode, fi);
	if (!err)
		keep(&r->fs->inodes, nodeid, fi, &fd);
	zc_inode_put_fd(&r->fs->inodes, &fd);
	if (err)
		zc_open_let_go(r->fs, nodeid, 0, false);
	return err;
}

/* On the cached plane ENOSYS once, and the kernel neither sends OPEN nor RELEASE again, and keeps what it
 * has cached of files (fuse_file_open in fs/fuse/file.c). */
void zc_op_open(fuse_req_t req, fuse_ino_t nodeid, struct fuse_file_info *fi)
{
	struct zc_request r = zc_request_begin(req, ZC_OP_open);

	if (r.fs->inodes.opens_unknown)
		fuse_reply_err(req, ENOSYS);
	else
		zc_reply_open(&r, open_inode(&r, nodeid, fi), nodeid, fi);
}

/* ---- close ----------------------------------------------------------------------------------- */

void zc_op_release(fuse_req_t req, fuse_ino_t nodeid, struct fuse_file_info *fi)
{
	struct zc_request r = zc_request_begin(req, ZC_OP_release);

	zc_open_undo(r.fs, nodeid, fi->fh);
	zc_reply_err(&r, 0);
}

/* The fd of this very open; where the cache has lost it, any that may have written. */
static bool fd_to_flush(struct zc_inodes *inodes, uint64_t nodeid, const struct fuse_file_info *fi,
			struct zc_fd *ret)
{
	if (fi->fh && zc_fdcache_get_own(&inodes->fds, nodeid, fi->fh, ret))
		return true;
	return zc_fdcache_get(&inodes->fds, nodeid, ZC_FD_CAN_WRITE | ZC_FD_APPEND, ret);
}

/* Local file systems have nothing to say at close(2): ENOSYS once, and the kernel never asks again.
 * A network file system writes back and reports late errors then, FUSE whatever it likes and of files
 * that were only read too: so does a duplicate that is closed. */
void zc_op_flush(fuse_req_t req, fuse_ino_t nodeid, struct fuse_file_info *fi)
{
	struct zc_request r = zc_request_begin(req, ZC_OP_flush);
	struct zc_fd fd;
	int err = 0;

	if (!r.fs->caps.flush) {
		fuse_reply_err(req, ENOSYS);
		return;
	}
	if (fd_to_flush(&r.fs->inodes, nodeid, fi, &fd)) {
		int copy = dup(fd.fd);

		err = copy < 0 || close(copy) < 0 ? -errno : 0;
		zc_inode_put_fd(&r.fs->inodes, &fd);
	}
	zc_reply_err(&r, err);
}
