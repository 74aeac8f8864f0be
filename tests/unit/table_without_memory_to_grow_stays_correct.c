// SPDX-License-Identifier: MIT
// When no memory can be had for more buckets, the table gets slower, not wrong.
// Knows that buckets come from calloc(3), which it replaces (meson.build wraps it).
#include "unit.h"

#include <errno.h>
#include <stdlib.h>

#define COUNT 5000u

static bool refuse;

void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);

void *__wrap_calloc(size_t count, size_t size)
{
	return refuse ? NULL : __real_calloc(count, size);
}

static void all_are_found_all_the_same(void **state)
{
	static uint64_t nodeids[COUNT];
	struct zc_table table;
	uint32_t mask;

	(void)state;
	assert_int_equal(zc_table_init(&table, 1u << 16), 0);
	mask = table.mask;
	refuse = true;
	for (uint64_t n = 0; n < COUNT; n++) {
		struct zc_identification id = unit_id(n);

		assert_int_equal(zc_table_find_or_add(&table, &id, &nodeids[n]), 0);
	}
	refuse = false;
	assert_int_equal(table.mask, mask);
	for (uint64_t n = 0; n < COUNT; n++) {
		struct zc_identification id = unit_id(n);

		assert_int_equal(zc_table_find(&table, &id), nodeids[n]);
	}
	zc_table_fini(&table);
}

static void no_memory_at_the_start_is_enomem(void **state)
{
	struct zc_fdcache cache = { 0 };
	struct zc_table table;

	(void)state;
	refuse = true;
	assert_int_equal(zc_table_init(&table, 4096), -ENOMEM);
	assert_int_equal(zc_fdcache_init(&cache, 8, 8), -ENOMEM);
	refuse = false;
	zc_fdcache_fini(&cache); /* legal */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_are_found_all_the_same),
		cmocka_unit_test(no_memory_at_the_start_is_enomem),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
