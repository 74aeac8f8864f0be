// SPDX-License-Identifier: MIT
// An arena without a free slot answers ZC_SLOT_NONE, changes nothing, and goes on once one is freed.
// Must not know how slots are found.
#include "unit.h"

#define CAPACITY 1024u

static void last_slot_is_the_last(void **state)
{
	struct zc_arena arena;

	(void)state;
	assert_int_equal(zc_arena_init(&arena, CAPACITY), 0);
	assert_int_equal(arena.header->capacity, CAPACITY);
	for (uint32_t i = 1; i < CAPACITY; i++) { /* slots[0] is never used */
		assert_int_equal(zc_arena_alloc(&arena), i);
		arena.slots[i].state = ZC_SLOT_USED;
	}
	assert_int_equal(zc_arena_alloc(&arena), ZC_SLOT_NONE);
	assert_int_equal(zc_arena_alloc(&arena), ZC_SLOT_NONE);
	assert_int_equal(arena.header->used, CAPACITY - 1);
	zc_arena_free(&arena, 500);
	zc_arena_free(&arena, 7);
	assert_int_equal(arena.header->used, CAPACITY - 3);
	assert_int_equal(zc_arena_alloc(&arena) + zc_arena_alloc(&arena), 507);
	assert_int_equal(zc_arena_alloc(&arena), ZC_SLOT_NONE);
	zc_arena_fini(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(last_slot_is_the_last) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
