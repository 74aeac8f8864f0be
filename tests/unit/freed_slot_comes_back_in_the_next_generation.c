// SPDX-License-Identifier: MIT
// The arena: slots from 1 on, zeroed; a freed one is handed out again as another generation.
// Must not know how slots are found.
#include "unit.h"

#include <string.h>

static struct zc_arena arena;

static void slots_are_numbered_from_the_root(void **state)
{
	(void)state;
	assert_int_equal(zc_arena_init(&arena, 1024), 0);
	assert_int_equal(zc_arena_alloc(&arena), ZC_SLOT_ROOT);
	assert_int_equal(zc_arena_nodeid(&arena, ZC_SLOT_ROOT), 1);
	assert_int_equal(zc_arena_alloc(&arena), 2);
	assert_int_equal(zc_arena_alloc(&arena), 3);
	assert_int_equal(arena.header->used, 3);
	zc_arena_fini(&arena);
}

static void freed_slot_is_zeroed_but_for_its_generation(void **state)
{
	struct zc_slot expected = { .generation = 1 };
	uint32_t slot;

	(void)state;
	assert_int_equal(zc_arena_init(&arena, 1024), 0);
	zc_arena_alloc(&arena);
	slot = zc_arena_alloc(&arena);
	memset(&arena.slots[slot], 0xff, sizeof(struct zc_slot));
	arena.slots[slot].generation = 0;
	zc_arena_free(&arena, slot);
	assert_int_equal(arena.header->used, 1);
	assert_int_equal(arena.slots[slot].state, ZC_SLOT_FREE);
	assert_int_equal(zc_arena_alloc(&arena), slot);
	assert_memory_equal(&arena.slots[slot], &expected, sizeof(expected));
	assert_int_equal(zc_arena_nodeid(&arena, slot), 1ULL << 32 | slot);
	zc_arena_fini(&arena);
}

/* The kernel and many programs look at nodeids and inode numbers as signed numbers. */
static void generation_stays_within_31_bits(void **state)
{
	uint32_t slot;

	(void)state;
	assert_int_equal(zc_arena_init(&arena, 1024), 0);
	slot = zc_arena_alloc(&arena);
	arena.slots[slot].state = ZC_SLOT_USED;
	arena.slots[slot].generation = 0x7fffffff;
	assert_true((int64_t)zc_arena_nodeid(&arena, slot) > 0);
	zc_arena_free(&arena, slot);
	assert_int_equal(arena.slots[slot].generation, 0);
	zc_arena_fini(&arena);
	zc_arena_fini(&arena); /* legal for one that is gone */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slots_are_numbered_from_the_root),
		cmocka_unit_test(freed_slot_is_zeroed_but_for_its_generation),
		cmocka_unit_test(generation_stays_within_31_bits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
