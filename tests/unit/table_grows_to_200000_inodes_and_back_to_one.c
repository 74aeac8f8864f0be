// SPDX-License-Identifier: MIT
// A large tree walked and forgotten: all inodes are found at any size, and nothing is left at the end.
// Must not know fds.
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#define COUNT 200000u

static struct zc_table table;
static uint64_t nodeids[COUNT];

static uint64_t find(uint64_t n)
{
	struct zc_identification id = unit_id(n);

	return zc_table_find(&table, &id);
}

static void fill(void)
{
	for (uint64_t n = 0; n < COUNT; n++) {
		struct zc_identification id = unit_id(n);

		assert_int_equal(zc_table_find_or_add(&table, &id, &nodeids[n]), 0);
	}
	assert_int_equal(zc_table_used(&table), COUNT);
}

static void empty_but_for_the_first(void)
{
	for (uint64_t n = 1; n < COUNT; n++) {
		uint64_t i = n * 7919 % COUNT; /* coprime to COUNT: each once, in another order */

		assert_true(zc_table_forget(&table, nodeids[i], 1));
		zc_table_bury(&table, nodeids[i]);
	}
	assert_int_equal(zc_table_used(&table), 1);
}

static unsigned longest_chain(void)
{
	unsigned longest = 0;

	for (uint32_t b = 0; b <= table.mask; b++) {
		unsigned length = 0;

		for (uint32_t s = table.buckets[b]; s; s = table.arena.slots[s].next)
			length++;
		longest = length > longest ? length : longest;
	}
	return longest;
}

static void all_are_found(void **state)
{
	(void)state;
	fill();
	assert_int_equal(nodeids[0], 1);
	for (uint64_t n = 0; n < COUNT; n++)
		assert_int_equal(find(n), nodeids[n]);
	assert_int_equal(find(COUNT), 0);
	/* Short chains, or lookups become walks. */
	assert_true(table.mask + 1 >= COUNT);
	assert_true(longest_chain() <= 16);
}

static void one_is_left(void **state)
{
	(void)state;
	empty_but_for_the_first();
	assert_int_equal(find(0), 1);
	for (uint64_t n = 1; n < COUNT; n += 1000)
		assert_int_equal(find(n), 0);
}

/* All memory but that of a few rooms is the system's again. */
static void memory_is_given_back(void **state)
{
	uint32_t kept = 0;

	(void)state;
	for (uint32_t n = 0; n < table.arena.header->rooms; n++)
		kept += table.arena.slots[n * ZC_ARENA_ROOM + 1].generation != 0;
	assert_true(kept <= 2);
	assert_true(table.mask + 1 <= 2048);
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void second_walk_takes_no_new_rooms_and_gives_no_old_nodeid(void **state)
{
	uint32_t rooms = table.arena.header->rooms;
	uint64_t *before = malloc(sizeof(nodeids));

	(void)state;
	assert_non_null(before);
	memcpy(before, nodeids, sizeof(nodeids));
	qsort(before, COUNT, sizeof(*before), compare);
	fill();
	assert_int_equal(table.arena.header->rooms, rooms);
	for (uint32_t n = 1; n < COUNT; n++)
		assert_null(bsearch(&nodeids[n], before, COUNT, sizeof(*before), compare));
	free(before);
	empty_but_for_the_first();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_are_found),
		cmocka_unit_test(one_is_left),
		cmocka_unit_test(memory_is_given_back),
		cmocka_unit_test(second_walk_takes_no_new_rooms_and_gives_no_old_nodeid),
	};
	int failed;

	if (zc_table_init(&table, 1u << 20) != 0)
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	zc_table_fini(&table);
	return failed;
}
