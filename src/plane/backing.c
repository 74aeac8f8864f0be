// SPDX-License-Identifier: MIT
// Backing ids: register, share, LRU, release.
// Must not know requests.
#include "zcfs/backing.h"

#include <assert.h>
#include <errno.h>

#include "zcfs/counters.h"
#include "zcfs/log.h"
#include "zcfs/sys.h"

void zc_backing_init(struct zc_backing *backing, struct zc_inodes *inodes, int dev_fd,
		     uint32_t capacity)
{
	*backing = (struct zc_backing){
		.inodes = inodes,
		.dev_fd = dev_fd,
		.capacity = capacity,
	};
	pthread_mutex_init(&backing->lock, NULL);
}

void zc_backing_fini(struct zc_backing *backing)
{
	/* The ids themselves go with the connection. */
	pthread_mutex_destroy(&backing->lock);
}

static struct zc_slot *slots(struct zc_backing *backing)
{
	return backing->inodes->table.arena.slots;
}

static uint32_t number_of(struct zc_backing *backing, const struct zc_slot *slot)
{
	return (uint32_t)(slot - slots(backing));
}

static void list_remove(struct zc_backing *backing, struct zc_slot *slot)
{
	uint32_t *before =
	    slot->idle_prev ? &slots(backing)[slot->idle_prev].idle_next : &backing->oldest;
	uint32_t *after =
	    slot->idle_next ? &slots(backing)[slot->idle_next].idle_prev : &backing->newest;

	*before = slot->idle_next;
	*after = slot->idle_prev;
	slot->idle_prev = slot->idle_next = ZC_SLOT_NONE;
}

static void list_append(struct zc_backing *backing, struct zc_slot *slot)
{
	uint32_t number = number_of(backing, slot);

	slot->idle_prev = backing->newest;
	slot->idle_next = ZC_SLOT_NONE;
	if (backing->newest)
		slots(backing)[backing->newest].idle_next = number;
	else
		backing->oldest = number;
	backing->newest = number;
}

void zc_backing_slot_busy(struct zc_backing *backing, struct zc_slot *slot)
{
	pthread_mutex_lock(&backing->lock);
	list_remove(backing, slot);
	pthread_mutex_unlock(&backing->lock);
}

void zc_backing_slot_idle(struct zc_backing *backing, struct zc_slot *slot)
{
	pthread_mutex_lock(&backing->lock);
	list_append(backing, slot);
	pthread_mutex_unlock(&backing->lock);
}

bool zc_backing_slot_fits(const struct zc_slot *slot, enum zc_backing_owner owner, bool writes)
{
	if (!slot->backing_id)
		return false;
	return slot->opens || !writes || slot->backing_owner == owner;
}

/* Out of the list and of the connection. The slot's lock is held, the file is not open. */
static void close_id(struct zc_backing *backing, struct zc_slot *slot)
{
	int err = zc_sys_backing_close(backing->dev_fd, slot->backing_id);

	if (err)
		zc_log_once(ZC_LOG_WARNING,
			    "/dev/fuse: closing a backing id failed (%s): the kernel "
			    "keeps it until unmount; report this",
			    zc_errno_name(-err));
	slot->backing_id = 0;
	slot->backing_owner = ZC_BACKING_NOBODY;
}

void zc_backing_slot_release(struct zc_backing *backing, struct zc_slot *slot)
{
	if (!slot->backing_id)
		return;
	assert(!slot->opens);
	pthread_mutex_lock(&backing->lock);
	list_remove(backing, slot);
	backing->count--;
	pthread_mutex_unlock(&backing->lock);
	close_id(backing, slot);
}

int zc_backing_slot_register(struct zc_backing *backing, struct zc_slot *slot, int fd,
			     enum zc_backing_owner owner)
{
	int id;

	assert(!slot->opens);
	zc_backing_slot_release(backing, slot);
	id = zc_sys_backing_open(backing->dev_fd, fd);
	if (id <= 0) {
		zc_count(ZC_EVENT_backing_refused, 1);
		return id;
	}
	slot->backing_id = id;
	slot->backing_owner = (uint8_t)owner;
	pthread_mutex_lock(&backing->lock);
	backing->count++;
	list_append(backing, slot);
	pthread_mutex_unlock(&backing->lock);
	zc_count(ZC_EVENT_backing_registered, 1);
	return 0;
}

/* The nodeid that has been idle longest; 0 if there is none, or if `only_if_crowded` and the bound
 * holds. */
static uint64_t pick_idle(struct zc_backing *backing, bool only_if_crowded)
{
	uint64_t nodeid = 0;

	pthread_mutex_lock(&backing->lock);
	if (backing->oldest && (!only_if_crowded || backing->count > backing->capacity))
		nodeid = zc_arena_nodeid(&backing->inodes->table.arena, backing->oldest);
	pthread_mutex_unlock(&backing->lock);
	return nodeid;
}

/* Releases the id if the slot is still the same and still idle. */
static void release_idle(struct zc_backing *backing, uint64_t nodeid)
{
	pthread_mutex_t *lock = zc_inode_lock(backing->inodes, nodeid);
	struct zc_slot *slot;

	pthread_mutex_lock(lock);
	slot = zc_table_slot(&backing->inodes->table, nodeid);
	if (slot && !slot->opens)
		zc_backing_slot_release(backing, slot);
	pthread_mutex_unlock(lock);
}

void zc_backing_trim(struct zc_backing *backing)
{
	uint64_t nodeid;

	while ((nodeid = pick_idle(backing, true)) != 0)
		release_idle(backing, nodeid);
}

/* An id pins its inode: one that is deleted would keep its blocks, and one on a nested mount keeps
 * that mount busy. */
static bool should_go(struct zc_inodes *inodes, uint64_t nodeid)
{
	const struct zc_slot *slot = zc_table_slot(&inodes->table, nodeid);
	struct statx stx;
	struct zc_fd fd;
	int err;

	if (!slot || slot->mount != 0)
		return true;
	err = zc_inode_path_fd(inodes, nodeid, &fd);
	if (err)
		return err == -ESTALE;
	err = zc_sys_statx(fd.fd, &stx);
	zc_inode_put_fd(inodes, &fd);
	return !err && stx.stx_nlink == 0;
}

/* Moves the slot to the fresh end, so that the next sweep looks at others. */
static void touch_idle(struct zc_backing *backing, uint64_t nodeid)
{
	pthread_mutex_t *lock = zc_inode_lock(backing->inodes, nodeid);
	struct zc_slot *slot;

	pthread_mutex_lock(lock);
	slot = zc_table_slot(&backing->inodes->table, nodeid);
	if (slot && slot->backing_id && !slot->opens) {
		zc_backing_slot_busy(backing, slot);
		zc_backing_slot_idle(backing, slot);
	}
	pthread_mutex_unlock(lock);
}

void zc_backing_sweep(struct zc_backing *backing, uint32_t most)
{
	uint32_t count = zc_backing_count(backing);
	uint64_t nodeid;

	for (uint32_t i = 0; i < most && i < count; i++) {
		nodeid = pick_idle(backing, false);
		if (!nodeid)
			return;
		if (should_go(backing->inodes, nodeid))
			release_idle(backing, nodeid);
		else
			touch_idle(backing, nodeid);
	}
}

uint32_t zc_backing_count(struct zc_backing *backing)
{
	uint32_t count;

	pthread_mutex_lock(&backing->lock);
	count = backing->count;
	pthread_mutex_unlock(&backing->lock);
	return count;
}
