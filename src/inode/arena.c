// SPDX-License-Identifier: MIT
// The block of slots and its free list. The four numbers of an inode (handle, slot, generation,
// nodeid) are told in arena.h. Must not know how slots are found.
#include "zcfs/arena.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#define MIN_CAPACITY 1024u

static size_t block_size(uint32_t capacity)
{
	return ZC_ARENA_HEADER + (size_t)capacity * sizeof(struct zc_slot);
}

int zc_arena_init(struct zc_arena *arena, uint32_t capacity)
{
	void *block = MAP_FAILED;

	for (; capacity >= MIN_CAPACITY; capacity /= 2) {
		block = mmap(NULL, block_size(capacity), PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (block != MAP_FAILED)
			break;
	}
	if (block == MAP_FAILED)
		return -ENOMEM;

	arena->header = block;
	arena->slots = (struct zc_slot *)((char *)block + ZC_ARENA_HEADER);
	*arena->header = (struct zc_arena_header){
		.magic = ZC_ARENA_MAGIC,
		.version = ZC_ARENA_VERSION,
		.slot_size = sizeof(struct zc_slot),
		.capacity = capacity,
		.high_water = ZC_SLOT_ROOT,
	};
	return 0;
}

void zc_arena_fini(struct zc_arena *arena)
{
	if (!arena->header)
		return;
	munmap(arena->header, block_size(arena->header->capacity));
	*arena = (struct zc_arena){ 0 };
}

uint32_t zc_arena_alloc(struct zc_arena *arena)
{
	struct zc_arena_header *header = arena->header;
	uint32_t slot = header->free_list;
	uint32_t generation;

	if (slot != ZC_SLOT_NONE)
		header->free_list = arena->slots[slot].next;
	else if (header->high_water < header->capacity)
		slot = header->high_water++;
	else
		return ZC_SLOT_NONE;

	generation = arena->slots[slot].generation;
	memset(&arena->slots[slot], 0, sizeof(struct zc_slot));
	arena->slots[slot].generation = generation;
	header->used++;
	return slot;
}

void zc_arena_free(struct zc_arena *arena, uint32_t slot)
{
	struct zc_slot *s = &arena->slots[slot];

	assert(s->state != ZC_SLOT_FREE);
	s->state = ZC_SLOT_FREE;
	s->generation = (s->generation + 1) & 0x7fffffffu;
	s->next = arena->header->free_list;
	arena->header->free_list = slot;
	arena->header->used--;
}
