// SPDX-License-Identifier: MIT
// After a slot was reused, the nodeid of the inode that had it before means nothing any more.
// Must not know fds.
#include "one_table.h"

static void late_messages_miss(void **state)
{
	uint64_t old = table_add(1), new;

	(void)state;
	assert_true(zc_table_forget(&table, old, 1));
	zc_table_bury(&table, old);
	assert_null(zc_table_slot(&table, old));
	new = table_add(2);
	assert_int_equal((uint32_t) new,
			 (uint32_t)old); /* the slot was reused, or this shows nothing */
	assert_int_not_equal(new, old);

	assert_null(zc_table_slot(&table, old));
	assert_false(zc_table_alive(&table, old));
	assert_false(zc_table_forget(&table, old, 1));
	assert_non_null(zc_table_slot(&table, new));
	assert_int_equal(zc_table_slot(&table, new)->lookups, 1);
	assert_true(zc_table_alive(&table, new));
}

int main(void)
{
	const struct CMUnitTest tests[] = { TABLE_TEST(late_messages_miss) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
