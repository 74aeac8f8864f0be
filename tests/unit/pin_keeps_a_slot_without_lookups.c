// SPDX-License-Identifier: MIT
// A pin is a reason of the daemon's own to keep a slot; the last reason to go ends the slot.
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

static void last_unpin_is_told(void **state)
{
	struct zc_identification id = unit_id(1);
	uint64_t nodeid = add(1);

	(void)state;
	zc_table_pin(&table, nodeid);
	zc_table_pin(&table, nodeid);
	assert_false(zc_table_forget(&table, nodeid, 1));
	assert_true(zc_table_alive(&table, nodeid));
	assert_int_equal(zc_table_find(&table, &id), nodeid);
	assert_false(zc_table_unpin(&table, nodeid));
	assert_true(zc_table_unpin(&table, nodeid));
	assert_false(zc_table_alive(&table, nodeid));
	zc_table_bury(&table, nodeid);
	assert_int_equal(zc_table_used(&table), 0);
}

static void lookups_outlast_pins(void **state)
{
	uint64_t nodeid = add(1);

	(void)state;
	zc_table_pin(&table, nodeid);
	assert_false(zc_table_unpin(&table, nodeid));
	assert_true(zc_table_alive(&table, nodeid));
	assert_true(zc_table_forget(&table, nodeid, 1));
}

/* A pinned slot that nobody looked up is the same inode to the next who does. */
static void pinned_slot_is_looked_up_again(void **state)
{
	uint64_t nodeid = add(1);

	(void)state;
	zc_table_pin(&table, nodeid);
	zc_table_forget(&table, nodeid, 1);
	assert_int_equal(add(1), nodeid);
	assert_false(zc_table_unpin(&table, nodeid));
	assert_true(zc_table_forget(&table, nodeid, 1));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_table, close_table)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(last_unpin_is_told),
		TEST(lookups_outlast_pins),
		TEST(pinned_slot_is_looked_up_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
