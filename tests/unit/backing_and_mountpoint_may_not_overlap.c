// SPDX-License-Identifier: MIT
// A mirror inside what it mirrors, or over it, is refused however the two directories are written.
// Must not know mounting.
#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fake_fuse_device.h"

static const struct unit_tree *tree;

static void overlap(const char *backing, const char *mountpoint, const char *how)
{
	char *canonical = realpath(mountpoint, NULL);
	unsigned before = unit_fds();
	const char *said;
	enum zc_exit code = check_paths(backing, mountpoint, false, &said);

	assert_non_null(canonical);
	assert_refused(code, ZC_EXIT_OVERLAP, said, canonical, "ELOOP");
	assert_non_null(strstr(said, how));
	/* -o nonempty is about something else */
	assert_int_equal(check_paths(backing, mountpoint, true, &said), ZC_EXIT_OVERLAP);
	assert_int_equal(unit_fds(), before);
	free(canonical);
}

static void set_up(void **state)
{
	tree = *state;
	unit_dir(tree->fd, "a");
	unit_dir(tree->fd, "a/b");
	unit_dir(tree->fd, "a/b/c");
	MUST(symlinkat("a", tree->fd, "link"));
}

static void one_is_the_other(void **state)
{
	set_up(state);
	overlap(unit_path(tree, "a"), unit_path(tree, "a"), "is BACKING itself");
	overlap(unit_path(tree, "a"), unit_path(tree, "a/b/.."), "is BACKING itself");
	overlap(unit_path(tree, "link"), unit_path(tree, "a"), "is BACKING itself");
	overlap("/", "/", "is BACKING itself");
}

static void mountpoint_lies_in_backing(void **state)
{
	set_up(state);
	overlap(unit_path(tree, "a"), unit_path(tree, "a/b"), "lies inside BACKING");
	overlap(unit_path(tree, "a"), unit_path(tree, "a/b/c"), "lies inside BACKING");
	overlap(unit_path(tree, "link"), unit_path(tree, "a/b/c"), "lies inside BACKING");
	overlap("/", tree->path, "lies inside BACKING");
	overlap("/", "/proc", "lies inside BACKING"); /* over a mount */
}

static void backing_lies_in_mountpoint(void **state)
{
	set_up(state);
	overlap(unit_path(tree, "a/b"), unit_path(tree, "a"), "contains BACKING");
	overlap(unit_path(tree, "a/b/c"), unit_path(tree, "link"), "contains BACKING");
	overlap(tree->path, "/", "contains BACKING");
	overlap("/proc/self", "/", "contains BACKING");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, unit_tree_make, unit_tree_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(one_is_the_other),
		TEST(mountpoint_lies_in_backing),
		TEST(backing_lies_in_mountpoint),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
