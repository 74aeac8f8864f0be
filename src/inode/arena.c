// SPDX-License-Identifier: MIT
// The block of slots and its free list. The four numbers of an inode (handle, slot, generation,
// nodeid) are told in arena.h. Must not know how slots are found.
#include "zcfs/arena.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#define MIN_CAPACITY 1024u

int zc_arena_init(struct zc_arena *arena, uint32_t capacity)
{
	void *block = MAP_FAILED;

	for (; capacity >= MIN_CAPACITY; capacity /= 2) {
		block = mmap(NULL, zc_arena_size(capacity), PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (block != MAP_FAILED)
			break;
	}
	if (block == MAP_FAILED)
		return -ENOMEM;

	*(struct zc_arena_header *)block = (struct zc_arena_header){
		.magic = ZC_ARENA_MAGIC,
		.version = ZC_ARENA_VERSION,
		.slot_size = sizeof(struct zc_slot),
		.capacity = capacity,
		.high_water = ZC_SLOT_ROOT,
	};
	zc_arena_attach(arena, block);
	return 0;
}

void zc_arena_attach(struct zc_arena *arena, void *block)
{
	arena->header = block;
	arena->slots = (struct zc_slot *)((char *)block + ZC_ARENA_HEADER);
	arena->rooms = (struct zc_arena_room *)(arena->slots + arena->header->capacity);
}

void zc_arena_fini(struct zc_arena *arena)
{
	if (!arena->header)
		return;
	munmap(arena->header, zc_arena_size(arena->header->capacity));
	*arena = (struct zc_arena){ 0 };
}

/* ---- rooms ----------------------------------------------------------------------------------- */

/* Into the list of rooms with slots to have: first, or, for one that takes memory anew, second. */
static void open_room(struct zc_arena *arena, uint32_t n, bool first)
{
	struct zc_arena_room *rooms = arena->rooms, *room = &rooms[n];
	uint32_t head = arena->header->open_room;

	room->prev = first ? 0 : head;
	room->next = first || !head ? head : rooms[head - 1].next;
	if (room->next)
		rooms[room->next - 1].prev = n + 1;
	if (room->prev)
		rooms[room->prev - 1].next = n + 1;
	else
		arena->header->open_room = n + 1;
}

static void close_room(struct zc_arena *arena, uint32_t n)
{
	struct zc_arena_room *rooms = arena->rooms, *room = &rooms[n];

	if (room->next)
		rooms[room->next - 1].prev = room->prev;
	if (room->prev)
		rooms[room->prev - 1].next = room->next;
	else
		arena->header->open_room = room->next;
}

/* Slots that this room has at all. */
static uint32_t room_size(const struct zc_arena *arena, uint32_t n)
{
	uint32_t rest = arena->header->capacity - n * ZC_ARENA_ROOM;

	return rest < ZC_ARENA_ROOM ? rest : ZC_ARENA_ROOM;
}

static bool has_slots(const struct zc_arena *arena, uint32_t n)
{
	return arena->rooms[n].free_list || arena->rooms[n].fresh < room_size(arena, n);
}

static bool new_room(struct zc_arena *arena)
{
	uint32_t n = arena->header->rooms;

	if ((uint64_t)n * ZC_ARENA_ROOM >= arena->header->capacity)
		return false;
	arena->header->rooms++;
	arena->rooms[n].fresh = n == 0 ? ZC_SLOT_ROOT : 0;
	open_room(arena, n, true);
	return true;
}

/* The slots' own generations go with the memory: those that come there later begin above all of them. Not if
 * the next slot would be taken from this room again. */
static void give_back(struct zc_arena *arena, uint32_t n)
{
	struct zc_arena_room *room = &arena->rooms[n];
	char *start = (char *)&arena->slots[(size_t)n * ZC_ARENA_ROOM];

	if (arena->header->open_room == n + 1 && !room->next)
		return;
	if (madvise(start, (size_t)room_size(arena, n) * sizeof(struct zc_slot), MADV_DONTNEED) < 0)
		return;
	if (arena->header->generation < room->generation)
		arena->header->generation = room->generation;
	room->free_list = ZC_SLOT_NONE;
	room->fresh = 0;
	close_room(arena, n);
	open_room(arena, n, false);
}

/* ---- slots ----------------------------------------------------------------------------------- */

static uint32_t take_slot(struct zc_arena *arena, uint32_t n)
{
	struct zc_arena_room *room = &arena->rooms[n];
	uint32_t slot = room->free_list;

	if (slot != ZC_SLOT_NONE)
		room->free_list = arena->slots[slot].next;
	else
		slot = n * ZC_ARENA_ROOM + room->fresh++;
	room->used++;
	if (!has_slots(arena, n))
		close_room(arena, n);
	return slot;
}

uint32_t zc_arena_alloc(struct zc_arena *arena)
{
	struct zc_arena_header *header = arena->header;
	uint32_t generation, slot;

	if (!header->open_room && !new_room(arena))
		return ZC_SLOT_NONE;
	slot = take_slot(arena, header->open_room - 1);
	if (slot >= header->high_water)
		header->high_water = slot + 1;
	generation = arena->slots[slot].generation;
	if (generation < header->generation)
		generation = header->generation;
	memset(&arena->slots[slot], 0, sizeof(struct zc_slot));
	arena->slots[slot].generation = generation;
	header->used++;
	return slot;
}

void zc_arena_free(struct zc_arena *arena, uint32_t slot)
{
	uint32_t n = slot / ZC_ARENA_ROOM;
	struct zc_arena_room *room = &arena->rooms[n];
	struct zc_slot *s = &arena->slots[slot];

	assert(s->state != ZC_SLOT_FREE);
	if (!has_slots(arena, n))
		open_room(arena, n, true);
	s->state = ZC_SLOT_FREE;
	s->generation = (s->generation + 1) & 0x7fffffffu;
	if (room->generation < s->generation)
		room->generation = s->generation;
	s->next = room->free_list;
	room->free_list = slot;
	arena->header->used--;
	if (--room->used == 0)
		give_back(arena, n);
}
