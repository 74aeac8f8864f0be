// SPDX-License-Identifier: MIT
// After a rename through the mount an inode is had again, with handles and without; without them a name
// that leads to another inode is never mistaken for it. Must not know requests.
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static struct zc_inodes inodes;
static const struct unit_tree *tree;
static uint64_t a, b;

static void set_up(void **state, bool use_handles)
{
	tree = *state;
	unit_dir(tree->fd, "a");
	unit_dir(tree->fd, "b");
	unit_inodes_open(&inodes, tree, 8, use_handles);
	a = unit_lookup(&inodes, ZC_SLOT_ROOT, "a");
	b = unit_lookup(&inodes, ZC_SLOT_ROOT, "b");
}

static uint64_t make(uint64_t dir, const char *dir_name, const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/%s", dir_name, name);
	unit_file(tree->fd, path, path);
	return unit_lookup(&inodes, dir, name);
}

static void evict(uint64_t nodeid)
{
	zc_fdcache_drop(&inodes.fds, nodeid, ~0u);
}

static void tear_down(void)
{
	zc_inodes_fini(&inodes);
}

static void check_moves(void **state, bool use_handles)
{
	uint64_t file, dir, below;
	int64_t ino;

	set_up(state, use_handles);
	file = make(a, "a", "file");
	MUST(renameat(tree->fd, "a/file", tree->fd, "b/moved"));
	zc_inode_moved(&inodes, file, b, "moved");
	evict(file);
	assert_int_equal(unit_ino(&inodes, file), unit_ino_at(tree->fd, "b/moved"));

	unit_dir(tree->fd, "a/dir");
	dir = unit_lookup(&inodes, a, "dir");
	unit_file(tree->fd, "a/dir/below", "text");
	below = unit_lookup(&inodes, dir, "below");
	ino = unit_ino_at(tree->fd, "a/dir/below");
	MUST(renameat(tree->fd, "a/dir", tree->fd, "b/dir2"));
	zc_inode_moved(&inodes, dir, b, "dir2");
	evict(below);
	evict(dir);
	evict(a);
	evict(b);
	assert_int_equal(unit_ino(&inodes, below), ino);
	tear_down();
}

static void moved_by_handle(void **state)
{
	check_moves(state, true);
}

static void moved_by_name(void **state)
{
	check_moves(state, false);
}

/* The pin on the old directory goes with the old name. */
static void old_directory_is_let_go(void **state)
{
	uint64_t file;

	set_up(state, false);
	file = make(a, "a", "file");
	MUST(renameat(tree->fd, "a/file", tree->fd, "b/file"));
	zc_inode_moved(&inodes, file, b, "file");
	zc_inode_forget(&inodes, a, 1);
	assert_null(zc_table_slot(&inodes.table, a));
	zc_inode_forget(&inodes, b, 1);
	assert_non_null(zc_table_slot(&inodes.table, b));
	evict(file);
	assert_int_equal(unit_ino(&inodes, file), unit_ino_at(tree->fd, "b/file"));
	zc_inode_moved(&inodes, file, b, "file"); /* again: no pin is left over */
	zc_inode_forget(&inodes, file, 1);
	assert_int_equal(zc_table_used(&inodes.table), 1);
	tear_down();
}

static void exchanged_names_are_told_apart(void **state)
{
	uint64_t one, two;

	set_up(state, false);
	one = make(a, "a", "x");
	two = make(b, "b", "y");
	MUST(renameat2(tree->fd, "a/x", tree->fd, "b/y", RENAME_EXCHANGE));
	zc_inode_moved(&inodes, one, b, "y");
	zc_inode_moved(&inodes, two, a, "x");
	evict(one);
	evict(two);
	assert_int_equal(unit_ino(&inodes, one), unit_ino_at(tree->fd, "b/y"));
	assert_int_equal(unit_ino(&inodes, two), unit_ino_at(tree->fd, "a/x"));
	tear_down();
}

/* Behind our back: the name is gone, or another inode has it. */
static void wrong_inode_is_never_handed_out(void **state)
{
	uint64_t file;

	set_up(state, false);
	file = make(a, "a", "file");
	MUST(renameat(tree->fd, "a/file", tree->fd, "a/elsewhere"));
	evict(file);
	assert_int_equal(unit_ino(&inodes, file), -ESTALE);
	unit_file(tree->fd, "a/file", "another");
	assert_int_equal(unit_ino(&inodes, file), -ESTALE);
	unit_lookup(&inodes, a, "file"); /* even when that one is known */
	assert_int_equal(unit_ino(&inodes, file), -ESTALE);
	assert_int_equal(unit_lookup(&inodes, a, "elsewhere"), file);
	evict(file);
	assert_int_equal(unit_ino(&inodes, file), unit_ino_at(tree->fd, "a/elsewhere"));
	tear_down();
}

static void known_is_asked_only_where_names_matter(void **state)
{
	uint64_t file;

	set_up(state, false);
	file = make(a, "a", "file");
	unit_file(tree->fd, "a/unknown", "text");
	assert_int_equal(zc_inode_known(&inodes, tree->fd, "a/file"), file);
	assert_int_equal(zc_inode_known(&inodes, tree->fd, "a/unknown"), 0);
	assert_int_equal(zc_inode_known(&inodes, tree->fd, "a/none"), 0);
	assert_int_equal(zc_table_slot(&inodes.table, file)->lookups, 1);
	tear_down();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, unit_tree_make, unit_tree_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(moved_by_handle),
		TEST(moved_by_name),
		TEST(old_directory_is_let_go),
		TEST(exchanged_names_are_told_apart),
		TEST(wrong_inode_is_never_handed_out),
		TEST(known_is_asked_only_where_names_matter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
