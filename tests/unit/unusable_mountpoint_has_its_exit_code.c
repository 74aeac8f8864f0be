// SPDX-License-Identifier: MIT
// Why nothing can be mounted on MOUNTPOINT: one line, an exit code of its own, nothing left open.
// Must not know mounting.
#include "unit.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fake_fuse_device.h"

static const struct unit_tree *tree;

static void refused(const char *mountpoint, enum zc_exit expected, const char *errno_name)
{
	unsigned before = unit_fds();
	const char *said;
	enum zc_exit code = check_paths(unit_path(tree, "back"), mountpoint, false, &said);

	assert_refused(code, expected, said, mountpoint, errno_name);
	assert_int_equal(unit_fds(), before);
}

static void set_up(void **state)
{
	tree = *state;
	MUST(chmod(tree->path, 0755));
	unit_dir(tree->fd, "back");
}

static void missing(void **state)
{
	set_up(state);
	refused(unit_path(tree, "mnt"), ZC_EXIT_BAD_MOUNTPOINT, "ENOENT");
	MUST(symlinkat("nowhere", tree->fd, "dangling"));
	refused(unit_path(tree, "dangling"), ZC_EXIT_BAD_MOUNTPOINT, "ENOENT");
}

static void not_a_directory(void **state)
{
	set_up(state);
	unit_file(tree->fd, "file", "text");
	refused(unit_path(tree, "file"), ZC_EXIT_BAD_MOUNTPOINT, "ENOTDIR");
}

/* /proc is a mount point wherever this runs. */
static void already_a_mount_point(void **state)
{
	const char *said;

	set_up(state);
	refused("/proc", ZC_EXIT_ALREADY_MOUNTED, "EBUSY");
	assert_int_equal(check_paths(unit_path(tree, "back"), "/proc", true, &said),
			 geteuid() == 0 ? ZC_EXIT_OK : ZC_EXIT_NOT_PERMITTED);
	assert_null(strstr(said, "EBUSY"));
}

static void as_user(void **state)
{
	(void)state;
	refused(unit_path(tree, "closed/mnt"), ZC_EXIT_BAD_MOUNTPOINT, "EACCES");
	refused(unit_path(tree, "readable"), ZC_EXIT_NOT_PERMITTED, "EACCES");
}

/* fusermount3 lets a user mount only where he may write. */
static void not_the_users_own(void **state)
{
	set_up(state);
	unit_dir(tree->fd, "readable");
	unit_dir(tree->fd, "closed");
	unit_dir(tree->fd, "closed/mnt");
	MUST(chmod(unit_path(tree, "readable"), 0555));
	MUST(chmod(unit_path(tree, "closed"), 0600));
	unit_as_ordinary_user(as_user, NULL);
	MUST(chmod(unit_path(tree, "closed"), 0700));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, unit_tree_make, unit_tree_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(missing),
		TEST(not_a_directory),
		TEST(already_a_mount_point),
		TEST(not_the_users_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
