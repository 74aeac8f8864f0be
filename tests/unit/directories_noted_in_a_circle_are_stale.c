// SPDX-License-Identifier: MIT
// Directories that were turned inside out directly in BACKING leave noted names that lead in a circle:
// that is -ESTALE until they are looked up again, not an endless walk. Must not know requests.
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

static struct zc_inodes inodes;
static uint64_t a, b;

static void know_a_in_b(const struct unit_tree *tree)
{
	unit_dir(tree->fd, "b");
	unit_dir(tree->fd, "b/a");
	unit_inodes_open(&inodes, tree, 8, false);
	b = unit_lookup(&inodes, ZC_SLOT_ROOT, "b");
	a = unit_lookup(&inodes, b, "a"); /* noted: a is in b */
}

static void circle_is_stale(void **state)
{
	const struct unit_tree *tree = *state;

	know_a_in_b(tree);
	MUST(renameat(tree->fd, "b/a", tree->fd, "a"));
	MUST(renameat(tree->fd, "b", tree->fd, "a/b"));
	assert_int_equal(unit_lookup(&inodes, a, "b"), b); /* noted: b is in a */
	zc_fdcache_drop(&inodes.fds, a, ~0u);
	zc_fdcache_drop(&inodes.fds, b, ~0u);
	assert_int_equal(unit_ino(&inodes, a), -ESTALE);
	assert_int_equal(unit_ino(&inodes, b), -ESTALE);

	assert_int_equal(unit_lookup(&inodes, ZC_SLOT_ROOT, "a"), a);
	zc_fdcache_drop(&inodes.fds, a, ~0u);
	assert_int_equal(unit_ino(&inodes, b), unit_ino_at(tree->fd, "a/b"));
	zc_inode_forget(&inodes, a, 2);
	zc_inode_forget(&inodes, b, 2);
	assert_int_equal(zc_table_used(&inodes.table), 1);
	zc_inodes_fini(&inodes);
}

/* And back again: however often, the two do not keep one another for ever. */
static void second_turn_leaves_nothing_either(void **state)
{
	const struct unit_tree *tree = *state;

	know_a_in_b(tree);
	for (int turn = 0; turn < 3; turn++) {
		MUST(renameat(tree->fd, "b/a", tree->fd, "a"));
		MUST(renameat(tree->fd, "b", tree->fd, "a/b"));
		assert_int_equal(unit_lookup(&inodes, a, "b"), b);
		MUST(renameat(tree->fd, "a/b", tree->fd, "b"));
		MUST(renameat(tree->fd, "a", tree->fd, "b/a"));
		assert_int_equal(unit_lookup(&inodes, b, "a"), a);
	}
	zc_inode_forget(&inodes, a, 1000);
	zc_inode_forget(&inodes, b, 1000);
	assert_int_equal(zc_table_used(&inodes.table), 1);
	assert_int_equal(zc_fdcache_used(&inodes.fds), 1);
	zc_inodes_fini(&inodes);
}

static void once(void **state)
{
	unit_in_child(circle_is_stale, *state);
}

static void again_and_again(void **state)
{
	unit_in_child(second_turn_leaves_nothing_either, *state);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, unit_tree_make, unit_tree_remove)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(once), TEST(again_and_again) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
