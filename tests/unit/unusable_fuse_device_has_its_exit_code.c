// SPDX-License-Identifier: MIT
// No /dev/fuse, or none for this user: one line, an exit code of its own, nothing left open.
// Must not know mounting.
#include "unit.h"

#include <errno.h>

#include "fake_fuse_device.h"

static const struct unit_tree *set_up(void **state)
{
	const struct unit_tree *tree = *state;

	unit_dir(tree->fd, "back");
	unit_dir(tree->fd, "mnt");
	return tree;
}

static void refused(const struct unit_tree *tree, int err, enum zc_exit expected, const char *name)
{
	unsigned before = unit_fds();
	enum zc_exit code;
	const char *said;

	fake_fuse_device = err;
	code = check_paths(unit_path(tree, "back"), unit_path(tree, "mnt"), false, &said);
	fake_fuse_device = 0;
	assert_refused(code, expected, said, "/dev/fuse", name);
	assert_int_equal(unit_fds(), before);
}

static void missing(void **state)
{
	const struct unit_tree *tree = set_up(state);

	refused(tree, -ENOENT, ZC_EXIT_NO_FUSE, "ENOENT");
	refused(tree, -ENODEV, ZC_EXIT_NO_FUSE, "ENODEV");
	refused(tree, -ENXIO, ZC_EXIT_NO_FUSE, "ENXIO");
	refused(tree, -EPERM, ZC_EXIT_NO_FUSE, "EPERM"); /* a container without the device */
}

static void not_for_this_user(void **state)
{
	refused(set_up(state), -EACCES, ZC_EXIT_NOT_PERMITTED, "EACCES");
}

/* What is wrong with the directories is told first. */
static void directories_are_checked_before(void **state)
{
	const struct unit_tree *tree = set_up(state);
	const char *said;

	fake_fuse_device = -ENOENT;
	assert_int_equal(
	    check_paths(unit_path(tree, "back"), unit_path(tree, "none"), false, &said),
	    ZC_EXIT_BAD_MOUNTPOINT);
	fake_fuse_device = 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, unit_tree_make, unit_tree_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(missing),
		TEST(not_for_this_user),
		TEST(directories_are_checked_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
