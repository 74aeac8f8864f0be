// SPDX-License-Identifier: MIT
// Bounded LRU of fds, addressed by nodeid and kind; entries are linked by index.
// Must not know how an fd is opened.
#include "zcfs/fdcache.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define NONE UINT32_MAX

struct zc_fd_entry {
	uint64_t nodeid;
	uint64_t owner;	  /* number of an open, or 0 */
	int64_t position; /* of a ZC_FD_DIR */
	int fd;
	uint32_t refs;
	uint32_t chain;	     /* next in the bucket or in the free list */
	uint32_t prev, next; /* among idle entries of one grip */
	uint32_t tick;	     /* when it became idle */
	uint8_t kind;
	uint8_t grip;
	bool dropped; /* no longer found; closes when it is given back */
};

int zc_fdcache_init(struct zc_fdcache *cache, uint32_t capacity, uint32_t most)
{
	uint32_t buckets = 16;

	while (buckets < capacity)
		buckets *= 2;
	cache->entries = calloc(most, sizeof(*cache->entries));
	cache->buckets = calloc(buckets, sizeof(*cache->buckets));
	if (!cache->entries || !cache->buckets) {
		free(cache->entries);
		free(cache->buckets);
		cache->entries = NULL;
		return -ENOMEM;
	}
	for (uint32_t i = 0; i < buckets; i++)
		cache->buckets[i] = NONE;
	cache->mask = buckets - 1;
	cache->capacity = capacity;
	cache->most = most;
	cache->used = 0;
	cache->free = NONE;
	cache->high_water = 0;
	cache->tick = 0;
	for (int grip = 0; grip < 2; grip++)
		cache->oldest[grip] = cache->newest[grip] = NONE;
	pthread_mutex_init(&cache->lock, NULL);
	return 0;
}

static uint32_t *bucket_of(struct zc_fdcache *cache, uint64_t nodeid)
{
	return &cache->buckets[(uint32_t)(nodeid ^ nodeid >> 32) & cache->mask];
}

static void idle_remove(struct zc_fdcache *cache, uint32_t i)
{
	struct zc_fd_entry *e = &cache->entries[i];

	if (e->grip == ZC_GRIP_PINNED)
		return;
	if (e->prev == NONE)
		cache->oldest[e->grip] = e->next;
	else
		cache->entries[e->prev].next = e->next;
	if (e->next == NONE)
		cache->newest[e->grip] = e->prev;
	else
		cache->entries[e->next].prev = e->prev;
}

static void idle_append(struct zc_fdcache *cache, uint32_t i)
{
	struct zc_fd_entry *e = &cache->entries[i];

	e->tick = cache->tick;
	if (e->grip == ZC_GRIP_PINNED)
		return;
	e->prev = cache->newest[e->grip];
	e->next = NONE;
	if (e->prev == NONE)
		cache->oldest[e->grip] = i;
	else
		cache->entries[e->prev].next = i;
	cache->newest[e->grip] = i;
}

/* Out of its bucket into the free list; the fd is the caller's to close. */
static int release_entry(struct zc_fdcache *cache, uint32_t i)
{
	struct zc_fd_entry *e = &cache->entries[i];
	int fd = e->fd;

	if (!e->dropped) {
		uint32_t *link = bucket_of(cache, e->nodeid);

		while (*link != i)
			link = &cache->entries[*link].chain;
		*link = e->chain;
	}
	e->chain = cache->free;
	cache->free = i;
	cache->used--;
	return fd;
}

static int evict(struct zc_fdcache *cache)
{
	uint32_t i = cache->oldest[ZC_GRIP_LOOSE];

	if (i == NONE)
		i = cache->oldest[ZC_GRIP_OPEN];
	if (i == NONE)
		return -1;
	idle_remove(cache, i);
	return release_entry(cache, i);
}

static void close_fd(int fd)
{
	if (fd >= 0)
		close(fd);
}

void zc_fdcache_keep(struct zc_fdcache *cache, uint32_t capacity)
{
	if (capacity < cache->capacity)
		cache->capacity = capacity;
}

void zc_fdcache_fini(struct zc_fdcache *cache)
{
	if (!cache->entries)
		return;
	for (uint32_t b = 0; b <= cache->mask; b++) {
		while (cache->buckets[b] != NONE)
			close(release_entry(cache, cache->buckets[b]));
	}
	free(cache->entries);
	free(cache->buckets);
	cache->entries = NULL;
	pthread_mutex_destroy(&cache->lock);
}

static uint32_t find(struct zc_fdcache *cache, uint64_t nodeid, unsigned kinds)
{
	uint32_t i = *bucket_of(cache, nodeid);

	while (i != NONE &&
	       (cache->entries[i].nodeid != nodeid || !(cache->entries[i].kind & kinds)))
		i = cache->entries[i].chain;
	return i;
}

/* False for NONE. */
static bool lend(struct zc_fdcache *cache, uint32_t i, struct zc_fd *ret)
{
	if (i == NONE)
		return false;
	if (cache->entries[i].refs++ == 0)
		idle_remove(cache, i);
	*ret = (struct zc_fd){ .fd = cache->entries[i].fd, .entry = i };
	return true;
}

bool zc_fdcache_get(struct zc_fdcache *cache, uint64_t nodeid, unsigned kinds, struct zc_fd *ret)
{
	bool lent;

	pthread_mutex_lock(&cache->lock);
	lent = lend(cache, find(cache, nodeid, kinds), ret);
	pthread_mutex_unlock(&cache->lock);
	return lent;
}

bool zc_fdcache_get_own(struct zc_fdcache *cache, uint64_t nodeid, uint64_t owner,
			struct zc_fd *ret)
{
	uint32_t i;
	bool lent;

	pthread_mutex_lock(&cache->lock);
	i = *bucket_of(cache, nodeid);
	while (i != NONE &&
	       (cache->entries[i].nodeid != nodeid || cache->entries[i].owner != owner))
		i = cache->entries[i].chain;
	lent = lend(cache, i, ret);
	pthread_mutex_unlock(&cache->lock);
	return lent;
}

void zc_fdcache_own(struct zc_fdcache *cache, const struct zc_fd *fd, uint64_t owner)
{
	if (fd->entry == NONE)
		return;
	pthread_mutex_lock(&cache->lock);
	cache->entries[fd->entry].owner = owner;
	pthread_mutex_unlock(&cache->lock);
}

/* An unused entry; NONE if there are as many borrowed and pinned ones as there may be at all.
 * *ret_evicted is an fd to close after unlocking, or -1. */
static uint32_t take_free(struct zc_fdcache *cache, int *ret_evicted)
{
	uint32_t i;

	*ret_evicted = cache->used >= cache->capacity ? evict(cache) : -1;
	i = cache->free;
	if (i != NONE)
		cache->free = cache->entries[i].chain;
	else if (cache->high_water < cache->most)
		i = cache->high_water++;
	if (i != NONE)
		cache->used++;
	return i;
}

/* A new entry with no references, in no idle list; NONE as above. */
static uint32_t new_entry(struct zc_fdcache *cache, uint64_t nodeid, enum zc_fd_kind kind, int fd,
			  enum zc_fd_grip grip, int *ret_evicted)
{
	uint32_t *bucket = bucket_of(cache, nodeid);
	uint32_t i = take_free(cache, ret_evicted);

	if (i == NONE)
		return NONE;
	cache->entries[i] = (struct zc_fd_entry){
		.nodeid = nodeid,
		.fd = fd,
		.kind = (uint8_t)kind,
		.grip = (uint8_t)grip,
		.chain = *bucket,
		.prev = NONE,
		.next = NONE,
	};
	*bucket = i;
	return i;
}

void zc_fdcache_add(struct zc_fdcache *cache, uint64_t nodeid, enum zc_fd_kind kind, int fd,
		    enum zc_fd_grip grip, struct zc_fd *ret)
{
	int evicted;
	uint32_t i;

	pthread_mutex_lock(&cache->lock);
	i = new_entry(cache, nodeid, kind, fd, grip, &evicted);
	if (i != NONE)
		cache->entries[i].refs = 1;
	pthread_mutex_unlock(&cache->lock);
	close_fd(evicted);
	*ret = (struct zc_fd){ .fd = fd, .entry = i };
}

void zc_fdcache_put(struct zc_fdcache *cache, struct zc_fd *fd)
{
	int to_close = -1;

	if (fd->entry == NONE) {
		to_close = fd->fd;
	} else {
		struct zc_fd_entry *e = &cache->entries[fd->entry];

		pthread_mutex_lock(&cache->lock);
		if (--e->refs == 0) {
			if (e->dropped)
				to_close = release_entry(cache, fd->entry);
			else
				idle_append(cache, fd->entry);
		}
		pthread_mutex_unlock(&cache->lock);
	}
	close_fd(to_close);
	*fd = ZC_FD_NONE;
}

static uint32_t find_dir(struct zc_fdcache *cache, uint64_t nodeid, int64_t position)
{
	uint32_t fallback = NONE;

	for (uint32_t i = *bucket_of(cache, nodeid); i != NONE; i = cache->entries[i].chain) {
		struct zc_fd_entry *e = &cache->entries[i];

		if (e->nodeid != nodeid || e->kind != ZC_FD_DIR)
			continue;
		if (e->position == position)
			return i;
		fallback = i;
	}
	return fallback;
}

int zc_fdcache_take_dir(struct zc_fdcache *cache, uint64_t nodeid, int64_t position,
			int64_t *ret_position)
{
	int fd = -1;
	uint32_t i;

	pthread_mutex_lock(&cache->lock);
	i = find_dir(cache, nodeid, position);
	if (i != NONE) {
		*ret_position = cache->entries[i].position;
		idle_remove(cache, i);
		fd = release_entry(cache, i);
	}
	pthread_mutex_unlock(&cache->lock);
	return fd;
}

void zc_fdcache_give_dir(struct zc_fdcache *cache, uint64_t nodeid, int fd, int64_t position,
			 enum zc_fd_grip grip)
{
	int evicted;
	uint32_t i;

	pthread_mutex_lock(&cache->lock);
	i = new_entry(cache, nodeid, ZC_FD_DIR, fd, grip, &evicted);
	if (i != NONE) {
		cache->entries[i].position = position;
		idle_append(cache, i);
	}
	pthread_mutex_unlock(&cache->lock);
	close_fd(evicted);
	if (i == NONE)
		close(fd);
}

void zc_fdcache_regrip(struct zc_fdcache *cache, uint64_t nodeid, unsigned kinds,
		       enum zc_fd_grip grip)
{
	pthread_mutex_lock(&cache->lock);
	for (uint32_t i = *bucket_of(cache, nodeid); i != NONE; i = cache->entries[i].chain) {
		struct zc_fd_entry *e = &cache->entries[i];

		if (e->nodeid != nodeid || !(e->kind & kinds))
			continue;
		if (e->refs == 0)
			idle_remove(cache, i);
		e->grip = (uint8_t)grip;
		if (e->refs == 0)
			idle_append(cache, i);
	}
	pthread_mutex_unlock(&cache->lock);
}

/* Takes entries of these kinds out of their bucket; `all`: pinned ones too. Borrowed ones close when
 * they are given back. A list of those to be closed. */
static uint32_t take_out(struct zc_fdcache *cache, uint64_t nodeid, unsigned kinds, uint64_t owner,
			 bool all)
{
	uint32_t *link = bucket_of(cache, nodeid);
	uint32_t list = NONE;

	while (*link != NONE) {
		uint32_t i = *link;
		struct zc_fd_entry *e = &cache->entries[i];
		bool spared = (!all && e->grip == ZC_GRIP_PINNED) || (owner && e->owner != owner);

		if (e->nodeid != nodeid || !(e->kind & kinds) || spared) {
			link = &e->chain;
			continue;
		}
		*link = e->chain;
		e->dropped = true;
		if (e->refs)
			continue;
		idle_remove(cache, i);
		e->chain = list;
		list = i;
	}
	return list;
}

void zc_fdcache_close(struct zc_fdcache *cache, uint32_t list)
{
	while (list != NONE) {
		uint32_t i = list;
		int fd;

		pthread_mutex_lock(&cache->lock);
		list = cache->entries[i].chain;
		fd = release_entry(cache, i);
		pthread_mutex_unlock(&cache->lock);
		close(fd);
	}
}

uint32_t zc_fdcache_detach(struct zc_fdcache *cache, uint64_t nodeid, unsigned kinds,
			   uint64_t owner)
{
	uint32_t list;

	pthread_mutex_lock(&cache->lock);
	list = take_out(cache, nodeid, kinds, owner, false);
	pthread_mutex_unlock(&cache->lock);
	return list;
}

void zc_fdcache_drop(struct zc_fdcache *cache, uint64_t nodeid, unsigned kinds)
{
	uint32_t list;

	pthread_mutex_lock(&cache->lock);
	list = take_out(cache, nodeid, kinds, 0, true);
	pthread_mutex_unlock(&cache->lock);
	zc_fdcache_close(cache, list);
}

void zc_fdcache_expire(struct zc_fdcache *cache, uint32_t ticks)
{
	int fd;

	pthread_mutex_lock(&cache->lock);
	cache->tick++;
	pthread_mutex_unlock(&cache->lock);
	do {
		uint32_t i;

		fd = -1;
		pthread_mutex_lock(&cache->lock);
		i = cache->oldest[ZC_GRIP_LOOSE];
		if (i != NONE && cache->tick - cache->entries[i].tick >= ticks) {
			idle_remove(cache, i);
			fd = release_entry(cache, i);
		}
		pthread_mutex_unlock(&cache->lock);
		close_fd(fd);
	} while (fd >= 0);
}

uint32_t zc_fdcache_used(struct zc_fdcache *cache)
{
	uint32_t used;

	pthread_mutex_lock(&cache->lock);
	used = cache->used;
	pthread_mutex_unlock(&cache->lock);
	return used;
}
