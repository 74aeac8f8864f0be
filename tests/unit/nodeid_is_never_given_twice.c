// SPDX-License-Identifier: MIT
// Slots are reused, nodeids are not: a late message of the kernel cannot hit another inode.
// Must not know how slots are found.
#include "unit.h"

#include <stdlib.h>

#define ROUNDS 20000
#define LIVE   16

static uint64_t given[ROUNDS];

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void every_nodeid_is_new(void **state)
{
	uint32_t live[LIVE] = { 0 };
	struct zc_arena arena;
	uint32_t seed = 1;

	(void)state;
	assert_int_equal(zc_arena_init(&arena, 1024), 0);
	for (int i = 0; i < ROUNDS; i++) {
		uint32_t *slot = &live[unit_random(&seed) % LIVE];

		if (*slot)
			zc_arena_free(&arena, *slot);
		*slot = zc_arena_alloc(&arena);
		assert_int_not_equal(*slot, ZC_SLOT_NONE);
		arena.slots[*slot].state = ZC_SLOT_USED;
		given[i] = zc_arena_nodeid(&arena, *slot);
		assert_int_equal((uint32_t)given[i], *slot);
	}
	assert_true(arena.header->high_water <= LIVE + 1);
	qsort(given, ROUNDS, sizeof(given[0]), compare);
	for (int i = 1; i < ROUNDS; i++)
		assert_true(given[i - 1] < given[i]);
	zc_arena_fini(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(every_nodeid_is_new) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
