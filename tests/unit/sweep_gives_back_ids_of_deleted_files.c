// SPDX-License-Identifier: MIT
// A file that was deleted behind our back loses its idle backing id, so that its blocks get free; each
// sweep looks at others. Must not know the kernel: the connection is played.
#include "unit.h"

#include <stdio.h>
#include <unistd.h>

#include "fake_connection.h"

#define FILES 10

static struct zc_inodes inodes;
static struct zc_backing backing;
static uint64_t nodeids[FILES];

static struct zc_slot *slot(int i)
{
	return zc_table_slot(&inodes.table, nodeids[i]);
}

static const char *name(int i)
{
	static char names[FILES][8];

	snprintf(names[i], sizeof(names[i]), "f%d", i);
	return names[i];
}

static void set_up(struct unit_tree *tree, bool use_handles)
{
	unit_inodes_open(&inodes, tree, 64, use_handles);
	zc_backing_init(&backing, &inodes, FAKE_DEV_FD, 100);
	for (int i = 0; i < FILES; i++) {
		unit_file(tree->fd, name(i), "text");
		nodeids[i] = unit_lookup(&inodes, ZC_SLOT_ROOT, name(i));
		assert_int_equal(zc_backing_slot_register(&backing, slot(i), 0, ZC_BACKING_ROOT),
				 0);
	}
}

static void tear_down(void)
{
	for (int i = 0; i < FILES; i++)
		zc_backing_slot_release(&backing, slot(i));
	assert_int_equal(fake_connection.ids, 0);
	zc_backing_fini(&backing);
	zc_inodes_fini(&inodes);
}

/* `cached`: the inodes still have fds; else they have to be opened, which fails once they are gone. */
static void sweep(struct unit_tree *tree, bool use_handles, bool cached)
{
	set_up(tree, use_handles);
	fake_open(&backing, slot(6));
	for (int i = 4; i < FILES; i++)
		MUST(unlinkat(tree->fd, name(i), 0));
	for (int i = 0; i < FILES && !cached; i++)
		zc_fdcache_drop(&inodes.fds, nodeids[i], ~0u);
	zc_backing_sweep(&backing, 4); /* looks at 0 to 3 */
	assert_int_equal(fake_connection.ids, FILES);
	zc_backing_sweep(&backing, 2); /* 4 and 5 */
	assert_int_equal(slot(4)->backing_id, 0);
	assert_int_equal(slot(5)->backing_id, 0);
	assert_int_equal(fake_connection.ids, FILES - 2);
	zc_backing_sweep(&backing, 1000);
	assert_int_equal(fake_connection.ids, 5); /* 0 to 3, and 6, which is open */
	assert_true(slot(6)->backing_id);
	fake_close(&backing, slot(6));
	zc_backing_sweep(&backing, 1000);
	assert_int_equal(fake_connection.ids, 4);
	for (int i = 0; i < 4; i++) {
		assert_true(slot(i)->backing_id);
		MUST(unlinkat(tree->fd, name(i), 0));
	}
	tear_down();
}

static void by_handle(void **state)
{
	sweep(*state, true, false);
}

static void by_name(void **state)
{
	sweep(*state, false, false);
}

static void by_cached_fd(void **state)
{
	sweep(*state, true, true);
}

static void sweeping_nothing_ends(void **state)
{
	set_up(*state, true);
	for (int i = 0; i < FILES; i++)
		zc_backing_slot_release(&backing, slot(i));
	zc_backing_sweep(&backing, 1000);
	tear_down();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, unit_tree_make, unit_tree_remove)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(by_handle), TEST(by_name), TEST(by_cached_fd),
					    TEST(sweeping_nothing_ends) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
