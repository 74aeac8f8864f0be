// SPDX-License-Identifier: MIT
// After the last forget: no slot, no fd, no noted name, and the layer above was told once.
// Must not know requests.
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#define FILES 100

static struct zc_inodes inodes;
static uint64_t buried[2 * FILES];
static unsigned burials;

static void on_bury(void *arg, uint64_t nodeid, struct zc_slot *slot)
{
	assert_ptr_equal(arg, &inodes);
	assert_ptr_equal(slot, zc_table_slot(&inodes.table, nodeid)); /* still readable */
	assert_false(zc_table_alive(&inodes.table, nodeid));
	buried[burials++] = nodeid;
}

static void open_room(const struct unit_tree *tree, bool use_handles)
{
	unit_inodes_open(&inodes, tree, 200, use_handles);
	inodes.on_bury = on_bury;
	inodes.on_bury_arg = &inodes;
	burials = 0;
}

static void check(const struct unit_tree *tree, bool use_handles)
{
	unsigned before = unit_fds();
	uint64_t nodeids[FILES];
	struct zc_fd fd;
	char name[16];

	open_room(tree, use_handles);
	for (int i = 0; i < FILES; i++) {
		snprintf(name, sizeof(name), "f%d", i);
		unit_file(tree->fd, name, "text");
		nodeids[i] = unit_lookup(&inodes, ZC_SLOT_ROOT, name);
		unit_lookup(&inodes, ZC_SLOT_ROOT, name);
	}
	assert_int_equal(zc_table_used(&inodes.table), FILES + 1);
	assert_int_equal(zc_fdcache_used(&inodes.fds), FILES + 1);
	for (int i = 0; i < FILES; i++)
		zc_inode_forget(&inodes, nodeids[i], 1);
	assert_int_equal(burials, 0);
	for (int i = 0; i < FILES; i++)
		zc_inode_forget(&inodes, nodeids[i], 1);
	assert_int_equal(burials, FILES);
	for (int i = 0; i < FILES; i++)
		assert_int_equal(buried[i], nodeids[i]);
	assert_int_equal(zc_table_used(&inodes.table), 1);
	assert_int_equal(zc_fdcache_used(&inodes.fds), 1);
	assert_int_equal(zc_inode_path_fd(&inodes, nodeids[0], &fd), -ESTALE);
	assert_int_equal(zc_inode_open(&inodes, nodeids[0], 0), -ESTALE);
	zc_inode_forget(&inodes, nodeids[0], 1);
	zc_inodes_fini(&inodes);
	assert_int_equal(unit_fds(), before);
}

static void by_handle(void **state)
{
	check(*state, true);
}

static void by_name(void **state)
{
	check(*state, false);
}

/* By name, a directory is needed as long as anything below is known; then all go together, the inner
 * ones first. */
static void parents_go_with_their_last_child(void **state)
{
	const struct unit_tree *tree = *state;
	uint64_t a, b, c;

	unit_dir(tree->fd, "a");
	unit_dir(tree->fd, "a/b");
	unit_file(tree->fd, "a/b/c", "text");
	open_room(tree, false);
	a = unit_lookup(&inodes, ZC_SLOT_ROOT, "a");
	b = unit_lookup(&inodes, a, "b");
	c = unit_lookup(&inodes, b, "c");
	zc_inode_forget(&inodes, a, 1);
	zc_inode_forget(&inodes, b, 1);
	assert_int_equal(burials, 0);
	zc_fdcache_drop(&inodes.fds, c, ~0u);
	zc_fdcache_drop(&inodes.fds, b, ~0u);
	zc_fdcache_drop(&inodes.fds, a, ~0u);
	assert_int_equal(unit_ino(&inodes, c), unit_ino_at(tree->fd, "a/b/c"));
	zc_inode_forget(&inodes, c, 1);
	assert_int_equal(burials, 3);
	assert_int_equal(buried[0], c);
	assert_int_equal(buried[1], b);
	assert_int_equal(buried[2], a);
	assert_int_equal(zc_table_used(&inodes.table), 1);
	assert_int_equal(zc_fdcache_used(&inodes.fds), 1);
	zc_inodes_fini(&inodes);
}

/* An fd that a request still has stays good to its end. */
static void borrowed_fd_outlives_its_inode(void **state)
{
	const struct unit_tree *tree = *state;
	uint64_t nodeid;
	struct zc_fd fd;
	int number;

	unit_file(tree->fd, "file", "text");
	open_room(tree, true);
	nodeid = unit_lookup(&inodes, ZC_SLOT_ROOT, "file");
	assert_int_equal(zc_inode_path_fd(&inodes, nodeid, &fd), 0);
	number = fd.fd;
	zc_inode_forget(&inodes, nodeid, 1);
	assert_true(unit_is_open(number));
	zc_inode_put_fd(&inodes, &fd);
	assert_false(unit_is_open(number));
	zc_inodes_fini(&inodes);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, unit_tree_make, unit_tree_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(by_handle),
		TEST(by_name),
		TEST(parents_go_with_their_last_child),
		TEST(borrowed_fd_outlives_its_inode),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
