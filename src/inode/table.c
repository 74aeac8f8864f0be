// SPDX-License-Identifier: MIT
// Hash table over the arena: find-or-add, lookup counts, pins. The numbers that name an inode are
// told in arena.h. Must not know fds, planes or FUSE requests.
#include "zcfs/table.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_BUCKETS 1024u

int zc_table_init(struct zc_table *table, uint32_t capacity)
{
	int err = zc_arena_init(&table->arena, capacity);

	if (err)
		return err;
	table->buckets = calloc(FIRST_BUCKETS, sizeof(*table->buckets));
	if (!table->buckets) {
		zc_arena_fini(&table->arena);
		return -ENOMEM;
	}
	table->mask = FIRST_BUCKETS - 1;
	pthread_mutex_init(&table->lock, NULL);
	return 0;
}

void zc_table_fini(struct zc_table *table)
{
	if (!table->buckets)
		return;
	zc_arena_fini(&table->arena);
	free(table->buckets);
	table->buckets = NULL;
	pthread_mutex_destroy(&table->lock);
}

/* FNV-1a: handles are short, and the low bytes of consecutive inodes differ. */
static uint32_t hash_of(const struct zc_identification *id)
{
	uint64_t h =
	    0xcbf29ce484222325ULL ^ id->mount ^ ((uint64_t)(uint32_t)id->handle.type << 32);

	for (int i = 0; i < id->handle.len; i++)
		h = (h ^ id->handle.bytes[i]) * 0x100000001b3ULL;
	return (uint32_t)(h ^ h >> 32);
}

static bool is_same(const struct zc_slot *s, const struct zc_identification *id, uint32_t hash)
{
	return s->hash == hash && s->mount == id->mount && s->handle_type == id->handle.type &&
	       s->handle_len == id->handle.len &&
	       memcmp(s->handle, id->handle.bytes, id->handle.len) == 0;
}

static uint32_t find(struct zc_table *table, const struct zc_identification *id, uint32_t hash)
{
	uint32_t slot = table->buckets[hash & table->mask];

	while (slot != ZC_SLOT_NONE && !is_same(&table->arena.slots[slot], id, hash))
		slot = table->arena.slots[slot].next;
	return slot;
}

static void link_slot(struct zc_table *table, uint32_t slot)
{
	struct zc_slot *s = &table->arena.slots[slot];
	uint32_t *bucket = &table->buckets[s->hash & table->mask];

	s->next = *bucket;
	*bucket = slot;
}

static void unlink_slot(struct zc_table *table, uint32_t slot)
{
	struct zc_slot *slots = table->arena.slots;
	uint32_t *link = &table->buckets[slots[slot].hash & table->mask];

	while (*link != slot)
		link = &slots[*link].next;
	*link = slots[slot].next;
}

/* The first slot in use from this one on, or high_water. */
static uint32_t next_used(const struct zc_arena *arena, uint32_t slot)
{
	while (slot < arena->header->high_water && arena->slots[slot].state != ZC_SLOT_USED) {
		if (zc_arena_room_used(arena, slot))
			slot++;
		else
			slot = (slot / ZC_ARENA_ROOM + 1) * ZC_ARENA_ROOM;
	}
	return slot;
}

/* Without memory for that the table stays correct and gets slower. */
static void resize(struct zc_table *table, uint32_t count)
{
	const struct zc_arena *arena = &table->arena;
	uint32_t *buckets = calloc(count, sizeof(*buckets));

	if (!buckets)
		return;
	free(table->buckets);
	table->buckets = buckets;
	table->mask = count - 1;
	for (uint32_t slot = next_used(arena, ZC_SLOT_ROOT); slot < arena->header->high_water;
	     slot = next_used(arena, slot + 1))
		link_slot(table, slot);
}

/* Doubles the buckets when chains grow longer than one on average, and leaves a quarter when they are next to
 * empty. */
static void fit(struct zc_table *table)
{
	uint32_t count = table->mask + 1, used = table->arena.header->used;

	if (used > table->mask && count <= UINT32_MAX / 2)
		resize(table, count * 2);
	else if (count > FIRST_BUCKETS && used < count / 16)
		resize(table, count / 4);
}

static uint32_t add(struct zc_table *table, const struct zc_identification *id, uint32_t hash)
{
	uint32_t slot = zc_arena_alloc(&table->arena);
	struct zc_slot *s = &table->arena.slots[slot];

	if (slot == ZC_SLOT_NONE)
		return slot;
	s->hash = hash;
	s->ino = id->ino;
	s->dev = id->dev;
	s->mount = id->mount;
	s->type = id->type;
	s->handle_type = id->handle.type;
	s->handle_len = id->handle.len;
	memcpy(s->handle, id->handle.bytes, id->handle.len);
	s->state = ZC_SLOT_USED;
	link_slot(table, slot);
	fit(table);
	return slot;
}

int zc_table_find_or_add(struct zc_table *table, const struct zc_identification *id,
			 uint64_t *ret_nodeid)
{
	uint32_t hash = hash_of(id);
	uint32_t slot;

	pthread_mutex_lock(&table->lock);
	slot = find(table, id, hash);
	if (slot == ZC_SLOT_NONE)
		slot = add(table, id, hash);
	if (slot != ZC_SLOT_NONE) {
		table->arena.slots[slot].lookups++;
		*ret_nodeid = zc_arena_nodeid(&table->arena, slot);
	}
	pthread_mutex_unlock(&table->lock);
	return slot == ZC_SLOT_NONE ? -ENOMEM : 0;
}

uint64_t zc_table_find(struct zc_table *table, const struct zc_identification *id)
{
	uint32_t hash = hash_of(id);
	uint64_t nodeid = 0;
	uint32_t slot;

	pthread_mutex_lock(&table->lock);
	slot = find(table, id, hash);
	if (slot != ZC_SLOT_NONE)
		nodeid = zc_arena_nodeid(&table->arena, slot);
	pthread_mutex_unlock(&table->lock);
	return nodeid;
}

/* NULL unless the slot is in use in that generation. The lock is held. */
static struct zc_slot *known(struct zc_table *table, uint64_t nodeid)
{
	uint32_t slot = (uint32_t)nodeid;
	struct zc_slot *s = &table->arena.slots[slot];

	if (slot == ZC_SLOT_NONE || slot >= table->arena.header->high_water)
		return NULL;
	return s->state != ZC_SLOT_FREE && s->generation == nodeid >> 32 ? s : NULL;
}

bool zc_table_handle(struct zc_table *table, uint64_t nodeid, struct zc_slot *ret)
{
	const struct zc_slot *s;

	pthread_mutex_lock(&table->lock);
	s = known(table, nodeid);
	if (s) {
		*ret = (struct zc_slot){
			.mount = s->mount,
			.handle_type = s->handle_type,
			.handle_len = s->handle_len,
		};
		memcpy(ret->handle, s->handle, s->handle_len);
	}
	pthread_mutex_unlock(&table->lock);
	return s;
}

struct zc_slot *zc_table_slot(struct zc_table *table, uint64_t nodeid)
{
	struct zc_slot *s;

	pthread_mutex_lock(&table->lock);
	s = known(table, nodeid);
	pthread_mutex_unlock(&table->lock);
	return s;
}

/* True if the slot has just lost its last reason and left the hash table. */
static bool retire(struct zc_table *table, struct zc_slot *s)
{
	if (s->lookups || s->pins || s->state != ZC_SLOT_USED)
		return false;
	unlink_slot(table, (uint32_t)(s - table->arena.slots));
	s->state = ZC_SLOT_DYING;
	return true;
}

bool zc_table_forget(struct zc_table *table, uint64_t nodeid, uint64_t count)
{
	struct zc_slot *s;
	bool last = false;

	pthread_mutex_lock(&table->lock);
	s = known(table, nodeid);
	if (s) {
		s->lookups -= count < s->lookups ? count : s->lookups;
		last = retire(table, s);
	}
	pthread_mutex_unlock(&table->lock);
	return last;
}

void zc_table_pin(struct zc_table *table, uint64_t nodeid)
{
	struct zc_slot *s;

	pthread_mutex_lock(&table->lock);
	s = known(table, nodeid);
	assert(s);
	s->pins++;
	pthread_mutex_unlock(&table->lock);
}

bool zc_table_unpin(struct zc_table *table, uint64_t nodeid)
{
	struct zc_slot *s;
	bool last;

	pthread_mutex_lock(&table->lock);
	s = known(table, nodeid);
	assert(s && s->pins);
	s->pins--;
	last = retire(table, s);
	pthread_mutex_unlock(&table->lock);
	return last;
}

bool zc_table_alive(struct zc_table *table, uint64_t nodeid)
{
	struct zc_slot *s;
	bool alive;

	pthread_mutex_lock(&table->lock);
	s = known(table, nodeid);
	alive = s && s->state == ZC_SLOT_USED;
	pthread_mutex_unlock(&table->lock);
	return alive;
}

void zc_table_bury(struct zc_table *table, uint64_t nodeid)
{
	pthread_mutex_lock(&table->lock);
	assert(known(table, nodeid));
	zc_arena_free(&table->arena, (uint32_t)nodeid);
	fit(table);
	pthread_mutex_unlock(&table->lock);
}

uint64_t zc_table_next(struct zc_table *table, uint32_t *slot)
{
	const struct zc_arena *arena = &table->arena;
	uint64_t nodeid = 0;

	pthread_mutex_lock(&table->lock);
	*slot = next_used(arena, *slot + 1);
	if (*slot < arena->header->high_water)
		nodeid = zc_arena_nodeid(arena, *slot);
	pthread_mutex_unlock(&table->lock);
	return nodeid;
}

uint32_t zc_table_used(struct zc_table *table)
{
	uint32_t used;

	pthread_mutex_lock(&table->lock);
	used = table->arena.header->used;
	pthread_mutex_unlock(&table->lock);
	return used;
}
