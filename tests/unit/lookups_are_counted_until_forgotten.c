// SPDX-License-Identifier: MIT
// A slot lives as long as the kernel knows it: each find-or-add is one lookup, forgets take them back.
// Must not know fds.
#include "unit.h"

static struct zc_table table;

static uint64_t add(uint64_t n)
{
	struct zc_identification id = unit_id(n);
	uint64_t nodeid = 0;

	assert_int_equal(zc_table_find_or_add(&table, &id, &nodeid), 0);
	return nodeid;
}

static int open_table(void **state)
{
	(void)state;
	return zc_table_init(&table, 4096);
}

static int close_table(void **state)
{
	(void)state;
	zc_table_fini(&table);
	return 0;
}

static void last_forget_is_told(void **state)
{
	uint64_t nodeid = add(1);

	(void)state;
	for (int i = 0; i < 9; i++)
		add(1);
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
	uint64_t nodeid = add(1);

	(void)state;
	assert_int_equal(zc_table_find(&table, &id), nodeid);
	assert_non_null(zc_table_slot(&table, nodeid));
	assert_int_equal(zc_table_slot(&table, nodeid)->lookups, 1);
	assert_true(zc_table_forget(&table, nodeid, 1));
}

static void forgetting_more_than_known_forgets_all(void **state)
{
	uint64_t nodeid = add(1);

	(void)state;
	add(1);
	assert_true(zc_table_forget(&table, nodeid, UINT64_MAX));
	assert_false(zc_table_forget(&table, nodeid, 1)); /* told once */
	zc_table_bury(&table, nodeid);
	assert_false(zc_table_forget(&table, nodeid, 1));
}

static void forgetting_none_is_no_forget(void **state)
{
	uint64_t nodeid = add(1);

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
	add(1);
	for (size_t i = 0; i < sizeof(strange) / sizeof(strange[0]); i++) {
		assert_false(zc_table_forget(&table, strange[i], 1));
		assert_null(zc_table_slot(&table, strange[i]));
		assert_false(zc_table_alive(&table, strange[i]));
	}
	assert_int_equal(zc_table_used(&table), 1);
	assert_int_equal(zc_table_slot(&table, 1)->lookups, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_table, close_table)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(last_forget_is_told),
		TEST(finding_counts_nothing),
		TEST(forgetting_more_than_known_forgets_all),
		TEST(forgetting_none_is_no_forget),
		TEST(unknown_nodeids_are_ignored),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
