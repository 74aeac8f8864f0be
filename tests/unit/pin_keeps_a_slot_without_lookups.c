// SPDX-License-Identifier: MIT
// A pin is a reason of the daemon's own to keep a slot; the last reason to go ends the slot.
// Must not know fds.
#include "one_table.h"

static void last_unpin_is_told(void **state)
{
	struct zc_identification id = unit_id(1);
	uint64_t nodeid = table_add(1);

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
	uint64_t nodeid = table_add(1);

	(void)state;
	zc_table_pin(&table, nodeid);
	assert_false(zc_table_unpin(&table, nodeid));
	assert_true(zc_table_alive(&table, nodeid));
	assert_true(zc_table_forget(&table, nodeid, 1));
}

/* A pinned slot that nobody looked up is the same inode to the next who does. */
static void pinned_slot_is_looked_up_again(void **state)
{
	uint64_t nodeid = table_add(1);

	(void)state;
	zc_table_pin(&table, nodeid);
	zc_table_forget(&table, nodeid, 1);
	assert_int_equal(table_add(1), nodeid);
	assert_false(zc_table_unpin(&table, nodeid));
	assert_true(zc_table_forget(&table, nodeid, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TABLE_TEST(last_unpin_is_told),
		TABLE_TEST(lookups_outlast_pins),
		TABLE_TEST(pinned_slot_is_looked_up_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
