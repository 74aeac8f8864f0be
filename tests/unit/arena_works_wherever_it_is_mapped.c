// SPDX-License-Identifier: MIT
// The block holds no addresses: a copy of it elsewhere goes on where the first one stood.
// Must not know how slots are found.
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#define CAPACITY 1024u
#define SIZE	 zc_arena_size(CAPACITY)

static void header_says_what_the_block_is(void **state)
{
	struct zc_arena arena;

	(void)state;
	assert_int_equal(zc_arena_init(&arena, CAPACITY), 0);
	assert_int_equal(arena.header->magic, ZC_ARENA_MAGIC);
	assert_int_equal(arena.header->version, ZC_ARENA_VERSION);
	assert_int_equal(arena.header->slot_size, sizeof(struct zc_slot));
	assert_int_equal(arena.header->capacity, CAPACITY);
	assert_ptr_equal(arena.slots, (char *)arena.header + ZC_ARENA_HEADER);
	zc_arena_fini(&arena);
}

static void copy_goes_on_elsewhere(void **state)
{
	struct zc_arena arena, copy;
	void *block = aligned_alloc(ZC_ARENA_HEADER, (SIZE + ZC_ARENA_HEADER - 1) /
							 ZC_ARENA_HEADER * ZC_ARENA_HEADER);

	(void)state;
	assert_non_null(block);
	assert_int_equal(zc_arena_init(&arena, CAPACITY), 0);
	for (uint32_t i = 1; i <= 10; i++) {
		assert_int_equal(zc_arena_alloc(&arena), i);
		arena.slots[i].state = ZC_SLOT_USED;
		arena.slots[i].ino = 100 + i;
	}
	zc_arena_free(&arena, 4);
	memcpy(block, arena.header, SIZE);
	zc_arena_fini(&arena); /* whoever follows an address into the first block crashes */

	zc_arena_attach(&copy, block);
	assert_int_equal(copy.slots[10].ino, 110);
	assert_int_equal(zc_arena_alloc(&copy), 4);
	assert_int_equal(zc_arena_nodeid(&copy, 4), 1ULL << 32 | 4);
	assert_int_equal(zc_arena_alloc(&copy), 11);
	free(block);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(header_says_what_the_block_is),
		cmocka_unit_test(copy_goes_on_elsewhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
