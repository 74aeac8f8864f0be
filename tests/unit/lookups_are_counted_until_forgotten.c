// SPDX-License-Identifier: MIT
// A slot lives as long as the kernel knows it: each find-or-add is one lookup, forgets take them back.
// Must not know fds.
#include "one_table.h"

static void last_forget_is_told(void **state)
{
	uint64_t nodeid = table_add(1);

	(void)state;
	for (int i = 0; i < 9; i++)
		table_add(1);
	assert_int_equal(zc_table_slot(&table, nodeid)->lookups, 10);
	assert_false(zc_table_forget(&table, nodeid, 1));
	assert_false(zc_table_forget(&table, nodeid, 8));
	assert_true(zc_table_alive(&table, nodeid));
	assert_true(zc_table_forget(&table, nodeid, 1));
	assert_false(zc_table_alive(&table, nodeid));
	assert_int_equal(zc_table_used(&table), 1);
	zc_table_bury(&table, nodeid);
	assert_int_equal(zc_table_used(&table), 0);
}

/* What finds without a count takes no count. */
static void finding_counts_nothing(void **state)
{
	struct zc_identification id = unit_id(1);
	uint64_t nodeid = table_add(1);

	(void)state;
	assert_int_equal(zc_table_find(&table, &id), nodeid);
	assert_non_null(zc_table_slot(&table, nodeid));
	assert_int_equal(zc_table_slot(&table, nodeid)->lookups, 1);
	assert_true(zc_table_forget(&table, nodeid, 1));
}

static void forgetting_more_than_known_forgets_all(void **state)
{
	uint64_t nodeid = table_add(1);

	(void)state;
	table_add(1);
	assert_true(zc_table_forget(&table, nodeid, UINT64_MAX));
	assert_false(zc_table_forget(&table, nodeid, 1)); /* told once */
	zc_table_bury(&table, nodeid);
	assert_false(zc_table_forget(&table, nodeid, 1));
}

static void forgetting_none_is_no_forget(void **state)
{
	uint64_t nodeid = table_add(1);

	(void)state;
	assert_false(zc_table_forget(&table, nodeid, 0));
	assert_true(zc_table_alive(&table, nodeid));
}

static void unknown_nodeids_are_ignored(void **state)
{
	static const uint64_t strange[] = {
		0, 2, 4095, 4096, UINT32_MAX, 1ULL << 32 | 1, 1ULL << 63 | 1, UINT64_MAX,
	};

	(void)state;
	table_add(1);
	for (size_t i = 0; i < sizeof(strange) / sizeof(strange[0]); i++) {
		assert_false(zc_table_forget(&table, strange[i], 1));
		assert_null(zc_table_slot(&table, strange[i]));
		assert_false(zc_table_alive(&table, strange[i]));
	}
	assert_int_equal(zc_table_used(&table), 1);
	assert_int_equal(zc_table_slot(&table, 1)->lookups, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TABLE_TEST(last_forget_is_told),
		TABLE_TEST(finding_counts_nothing),
		TABLE_TEST(forgetting_more_than_known_forgets_all),
		TABLE_TEST(forgetting_none_is_no_forget),
		TABLE_TEST(unknown_nodeids_are_ignored),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
