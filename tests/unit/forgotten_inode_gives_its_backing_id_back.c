// SPDX-License-Identifier: MIT
// When nobody knows an inode any more its backing id goes with it, be it idle or (a kernel that forgets
// before it closes) still busy. Must not know the kernel: the connection is played.
#include "unit.h"

#include "fake_connection.h"
#include "zcfs/ops.h"

static struct zc_fs fs;

static struct zc_slot *slot(uint32_t n)
{
	return &fs.inodes.table.arena.slots[n];
}

static int set_up(void **state)
{
	(void)state;
	fake_connection = (struct fake_connection){ 0 };
	fake_inodes(&fs.inodes, 6);
	zc_backing_init(&fs.backing, &fs.inodes, FAKE_DEV_FD, 100);
	for (uint32_t n = 1; n <= 6; n++)
		zc_backing_slot_register(&fs.backing, slot(n), 0, ZC_BACKING_ROOT);
	return fake_connection.ids == 6 ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	zc_backing_fini(&fs.backing);
	zc_table_fini(&fs.inodes.table);
	return 0;
}

static void idle_one_is_given_back(void **state)
{
	(void)state;
	zc_ops_bury(&fs, 2, slot(2));
	zc_ops_bury(&fs, 2, slot(2)); /* has none any more */
	assert_int_equal(slot(2)->backing_id, 0);
	assert_int_equal(fake_connection.ids, 5);
	assert_int_equal(zc_backing_count(&fs.backing), 5);
}

/* The others stay in their list: they can all be trimmed afterwards. */
static void busy_one_is_given_back(void **state)
{
	(void)state;
	fake_open(&fs.backing, slot(3));
	zc_ops_bury(&fs, 3, slot(3));
	assert_int_equal(slot(3)->backing_id, 0);
	assert_int_equal(slot(3)->opens, 0);
	assert_int_equal(zc_backing_count(&fs.backing), 5);
	fs.backing.capacity = 0;
	zc_backing_trim(&fs.backing);
	assert_int_equal(zc_backing_count(&fs.backing), 0);
	assert_int_equal(fake_connection.ids, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(idle_one_is_given_back),
		TEST(busy_one_is_given_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
