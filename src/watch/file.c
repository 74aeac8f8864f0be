// SPDX-License-Identifier: MIT
// Which inodes are watched: a mark on a single file, which the first write takes away again.
// Must not know what the kernel is told.
#include "zcfs/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <fuse_lowlevel.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "zcfs/change.h"
#include "zcfs/log.h"
#include "watch.h"

/* In zc_slot.watch. Not WATCHED: the kernel remembers no attributes, and asks. */
#define WATCHED 0x80u /* what was told of the inode holds until a change of it is told */
#define MARKED	0x40u /* the file has a mark of its own */
#define WRITTEN 0x3fu /* when it was written to, in ticks; 0: that is not known */

#define TICK_NS	   8000000 /* 8 ms */
#define JUST_TICKS 2	   /* so long a file that is written to is left alone */

#define FOREVER 1e9 /* seconds */

/* Counts round and round, from 1 on: now and then an old write is taken for a new one. */
static unsigned tick_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	return (unsigned)(((uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec) / TICK_NS %
			  WRITTEN) +
	       1;
}

static bool just_written(unsigned state)
{
	unsigned then = state & WRITTEN;

	return then && (tick_now() + WRITTEN - then) % WRITTEN < JUST_TICKS;
}

static pthread_mutex_t *lock_of(struct zc_watch *watch, const uint8_t *handle, unsigned len)
{
	unsigned hash = 0;

	for (unsigned i = 0; i < len; i++)
		hash = hash * 31 + handle[i];
	return &watch->files[hash % ZC_WATCH_LOCKS];
}

/* fanotify_mark(2) takes no O_PATH fd as it is. */
static int mark(struct zc_watch *watch, unsigned how, int dirfd, const char *name)
{
	char path[40];

	if (!name) {
		snprintf(path, sizeof(path), "/proc/self/fd/%d", dirfd);
		dirfd = AT_FDCWD;
	}
	if (fanotify_mark(watch->fd, how | (name ? FAN_MARK_DONT_FOLLOW : 0), FAN_MODIFY, dirfd,
			  name ? name : path) == 0)
		return 0;
	return -errno;
}

/* By name it may meet another file that has just taken the name: the event of that sets this one right
 * (zc_watch_inode_changed). */
static bool set_mark(struct zc_watch *watch, struct zc_slot *slot, int dirfd, const char *name)
{
	pthread_mutex_t *lock = lock_of(watch, slot->handle, slot->handle_len);
	int err = 0;

	pthread_mutex_lock(lock);
	if (!(atomic_load(&slot->watch) & WATCHED)) {
		err = mark(watch, FAN_MARK_ADD, dirfd, name);
		if (!err)
			atomic_store(&slot->watch, WATCHED | MARKED);
	}
	pthread_mutex_unlock(lock);
	if (err == -ENOSPC || err == -ENOMEM)
		zc_log_once(
		    ZC_LOG_WARNING,
		    "some files cannot be watched (%s): their attributes are asked for each "
		    "time",
		    zc_errno_name(-err));
	return !err;
}

/* Events name inodes by handles: changes of one that has none would be lost. */
static void distrust(struct zc_watch *watch)
{
	atomic_store(&watch->trusted, false);
	zc_log_once(
	    ZC_LOG_WARNING,
	    "there are files without file handles (EOPNOTSUPP): changes made directly in the "
	    "backing directory show after the time-outs from now on");
}

bool zc_watch_inode(struct zc_watch *watch, uint64_t nodeid, int dirfd, const char *name)
{
	struct zc_slot *slot;
	unsigned state;

	if (!zc_watch_is_on(watch))
		return false;
	slot = zc_table_slot(&watch->inodes->table, nodeid);
	state = slot ? atomic_load(&slot->watch) : WATCHED;
	if (state & WATCHED || !zc_watch_has_mount(watch, slot->mount))
		return false;
	if (zc_slot_by_number(slot)) {
		distrust(watch);
		return false;
	}
	if (slot->type == S_IFREG >> 12)
		return !just_written(state) && set_mark(watch, slot, dirfd, name);
	atomic_store(&slot->watch, WATCHED);
	return true;
}

static void remove_mark(struct zc_watch *watch, const struct zc_slot *where)
{
	int fd = zc_mounts_open(&watch->inodes->mounts, where, O_PATH | O_NOFOLLOW);

	if (fd < 0)
		return; /* the mark went with the file */
	mark(watch, FAN_MARK_REMOVE, fd, NULL);
	close(fd);
}

/* Whatever slot the inode has by now: after it was forgotten it may have been looked up again. */
static bool is_known(struct zc_watch *watch, const struct zc_slot *slot)
{
	struct zc_handle handle = { .type = slot->handle_type, .len = slot->handle_len };
	int fsid[2];
	int n = 0;

	memcpy(handle.bytes, slot->handle, slot->handle_len);
	pthread_mutex_lock(&watch->lock);
	for (n = 0; n < watch->count && watch->list[n].mount != slot->mount; n++)
		;
	if (n < watch->count)
		memcpy(fsid, watch->list[n].fsid, sizeof(fsid));
	pthread_mutex_unlock(&watch->lock);
	if (n == watch->count)
		return false;
	for (n = 0; n >= 0;) {
		if (zc_watch_find(watch, fsid, &handle, &n))
			return true;
	}
	return false;
}

void zc_watch_forget(struct zc_watch *watch, const struct zc_slot *slot)
{
	pthread_mutex_t *lock;

	if (!(atomic_load(&slot->watch) & MARKED) || !zc_watch_is_on(watch))
		return;
	lock = lock_of(watch, slot->handle, slot->handle_len);
	pthread_mutex_lock(lock);
	if (!is_known(watch, slot))
		remove_mark(watch, slot);
	pthread_mutex_unlock(lock);
}

/* All slots of the inode, one for each mount that shows it, get another state; true if one was watched. */
static bool unwatch(struct zc_watch *watch, const struct zc_change *change,
		    const struct zc_handle *handle, unsigned keep, unsigned written)
{
	bool watched = false;
	int n = 0;

	while (n >= 0) {
		uint64_t nodeid = zc_watch_find(watch, change->fsid, handle, &n);
		struct zc_slot *slot = nodeid ? zc_table_slot(&watch->inodes->table, nodeid) : NULL;

		if (slot) {
			unsigned state = atomic_load(&slot->watch);

			watched |= state & WATCHED;
			atomic_store(&slot->watch, (uint8_t)((state & keep) | written));
		}
	}
	return watched;
}

bool zc_watch_file_written(struct zc_watch *watch, const struct zc_change *change)
{
	const struct zc_handle *handle = &change->inode;
	pthread_mutex_t *lock = lock_of(watch, handle->bytes, handle->len);
	struct zc_slot where = { .handle_type = handle->type, .handle_len = handle->len };
	bool watched;

	memcpy(where.handle, handle->bytes, handle->len);
	pthread_mutex_lock(&watch->lock);
	for (int n = watch->count - 1; n >= 0; n--) {
		if (!memcmp(watch->list[n].fsid, change->fsid, sizeof(change->fsid)))
			where.mount = watch->list[n].mount;
	}
	pthread_mutex_unlock(&watch->lock);
	pthread_mutex_lock(lock);
	watched = unwatch(watch, change, handle, 0, tick_now());
	remove_mark(watch, &where);
	pthread_mutex_unlock(lock);
	return watched;
}

bool zc_watch_inode_changed(struct zc_watch *watch, const struct zc_change *change,
			    const struct zc_handle *handle)
{
	pthread_mutex_t *lock = lock_of(watch, handle->bytes, handle->len);
	bool watched;

	pthread_mutex_lock(lock);
	watched = unwatch(watch, change, handle, MARKED | WRITTEN, 0);
	pthread_mutex_unlock(lock);
	return watched;
}

void zc_watch_slot_changed(struct zc_watch *watch, uint64_t nodeid)
{
	struct zc_slot *slot = zc_table_slot(&watch->inodes->table, nodeid);

	if (slot)
		atomic_fetch_and(&slot->watch, (uint8_t)~WATCHED);
}

/* NULL also where nothing is watched. */
static const struct zc_slot *slot_of(struct zc_watch *watch, uint64_t nodeid)
{
	return zc_watch_is_on(watch) ? zc_table_slot(&watch->inodes->table, nodeid) : NULL;
}

double zc_watch_attr_timeout(struct zc_watch *watch, double given, uint64_t then, uint64_t nodeid)
{
	const struct zc_slot *slot = slot_of(watch, nodeid);

	if (!slot || !zc_watch_has_mount(watch, slot->mount))
		return given;
	return atomic_load(&slot->watch) & WATCHED && zc_watch_now(watch) == then ? FOREVER : 0;
}

double zc_watch_name_timeout(struct zc_watch *watch, double given, uint64_t then, uint64_t parent)
{
	const struct zc_slot *slot = slot_of(watch, parent);

	if (!slot || !zc_watch_has_mount(watch, slot->mount))
		return given;
	return zc_watch_now(watch) == then ? FOREVER : 0;
}

void zc_watch_recheck(struct zc_watch *watch, uint64_t then, uint64_t nodeid)
{
	if (nodeid && zc_watch_now(watch) != then && zc_watch_is_on(watch))
		fuse_lowlevel_notify_inval_inode(watch->session, nodeid, -1, 0);
}
