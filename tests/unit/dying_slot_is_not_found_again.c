// SPDX-License-Identifier: MIT
// Between the last forget and the burial an inode is unknown: who looks it up gets a new slot, while the
// old one stays readable for whoever gives its belongings back. Must not know fds.
#include "unit.h"

static void lookup_makes_a_new_slot(void **state)
{
	struct zc_identification id = unit_id(1);
	struct zc_table table;
	uint64_t old, new;

	(void)state;
	assert_int_equal(zc_table_init(&table, 4096), 0);
	assert_int_equal(zc_table_find_or_add(&table, &id, &old), 0);
	assert_true(zc_table_forget(&table, old, 1));
	assert_int_equal(zc_table_find(&table, &id), 0);
	assert_non_null(zc_table_slot(&table, old));
	assert_int_equal(zc_table_slot(&table, old)->state, ZC_SLOT_DYING);

	assert_int_equal(zc_table_find_or_add(&table, &id, &new), 0);
	assert_int_not_equal(new, old);
	assert_int_equal(zc_table_used(&table), 2);
	zc_table_bury(&table, old);
	assert_null(zc_table_slot(&table, old));
	assert_int_equal(zc_table_find(&table, &id), new);
	assert_true(zc_table_alive(&table, new));
	assert_int_equal(zc_table_used(&table), 1);
	zc_table_fini(&table);
}

/* Growing puts all slots in use into new buckets; a dying one must not come back that way. */
static void growth_does_not_bring_it_back(void **state)
{
	struct zc_identification id = unit_id(1), other;
	struct zc_table table;
	uint64_t old, nodeid;

	(void)state;
	assert_int_equal(zc_table_init(&table, 16384), 0);
	assert_int_equal(zc_table_find_or_add(&table, &id, &old), 0);
	assert_true(zc_table_forget(&table, old, 1));
	for (uint64_t n = 2; n < 10000; n++) {
		other = unit_id(n);
		assert_int_equal(zc_table_find_or_add(&table, &other, &nodeid), 0);
	}
	assert_int_equal(zc_table_find(&table, &id), 0);
	zc_table_bury(&table, old);
	for (uint64_t n = 2; n < 10000; n++) {
		other = unit_id(n);
		assert_int_not_equal(zc_table_find(&table, &other), 0);
	}
	zc_table_fini(&table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lookup_makes_a_new_slot),
		cmocka_unit_test(growth_does_not_bring_it_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
