// SPDX-License-Identifier: MIT
// Without a free slot a new inode is -ENOMEM; known ones are served as before.
// Must not know fds.
#include "unit.h"

#include <errno.h>

#define CAPACITY 1024u

static void full_is_enomem_for_new_ones_only(void **state)
{
	struct zc_identification id;
	struct zc_table table;
	uint64_t nodeid = 99;

	(void)state;
	assert_int_equal(zc_table_init(&table, CAPACITY), 0);
	for (uint64_t n = 1; n < CAPACITY; n++) {
		id = unit_id(n);
		assert_int_equal(zc_table_find_or_add(&table, &id, &nodeid), 0);
	}
	id = unit_id(CAPACITY);
	nodeid = 99;
	assert_int_equal(zc_table_find_or_add(&table, &id, &nodeid), -ENOMEM);
	assert_int_equal(nodeid, 99);
	assert_int_equal(zc_table_find(&table, &id), 0);

	id = unit_id(500);
	assert_int_equal(zc_table_find_or_add(&table, &id, &nodeid), 0);
	assert_int_equal(zc_table_slot(&table, nodeid)->lookups, 2);
	assert_true(zc_table_forget(&table, nodeid, 2));
	zc_table_bury(&table, nodeid);
	id = unit_id(CAPACITY);
	assert_int_equal(zc_table_find_or_add(&table, &id, &nodeid), 0);
	zc_table_fini(&table);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(full_is_enomem_for_new_ones_only) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
