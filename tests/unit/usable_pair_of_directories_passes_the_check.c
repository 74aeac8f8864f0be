// SPDX-License-Identifier: MIT
// What zc_check hands over when all is well, and what it only warns about.
// Must not know mounting.
#include "unit.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "fake_fuse_device.h"

static const struct unit_tree *set_up(void **state)
{
	const struct unit_tree *tree = *state;

	unit_dir(tree->fd, "back");
	unit_dir(tree->fd, "mnt");
	return tree;
}

static void findings_describe_the_backing_directory(void **state)
{
	const struct unit_tree *tree = set_up(state);
	struct zc_options options = { 0 };
	char *canonical = realpath(tree->path, NULL);
	unsigned before = unit_fds();
	struct zc_findings f;
	struct statvfs flags;
	struct stat st;

	assert_non_null(canonical);
	options.backing = strdup(unit_path(tree, "mnt/../back/."));
	options.mountpoint = strdup(unit_path(tree, "back/../mnt"));
	assert_int_equal(zc_check(&options, &f), ZC_EXIT_OK);
	assert_int_equal(strncmp(f.backing, canonical, strlen(canonical)), 0);
	assert_string_equal(f.backing + strlen(canonical), "/back");
	assert_string_equal(f.mountpoint + strlen(canonical), "/mnt");
	MUST(fstat(f.backing_fd, &st));
	assert_int_equal(st.st_ino, unit_ino_at(tree->fd, "back"));
	MUST(statvfs(f.backing, &flags));
	assert_int_equal(f.backing_flags, flags.f_flag);
	assert_non_null(f.fs_name);
	assert_int_equal(unit_fds(), before + 1);
	zc_findings_fini(&f);
	assert_int_equal(unit_fds(), before);
	zc_findings_fini(&f); /* legal for what is gone */
	zc_options_fini(&options);
	free(canonical);
}

/* File systems that every machine has mounted somewhere. */
static void file_system_is_recognised(void **state)
{
	static const struct {
		const char *path;
		long magic;
		const char *name;
	} rows[] = {
		{ "/dev/shm", 0x01021994, "tmpfs" },
		{ "/run", 0x01021994, "tmpfs" },
		{ "/dev", 0x01021994, "tmpfs" },
		{ "/proc", 0x9fa0, "this file system" },
	};
	const struct unit_tree *tree = set_up(state);
	int seen = 0;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct zc_options options = { .nonempty = true };
		struct zc_findings f;
		struct statfs fs;

		if (statfs(rows[i].path, &fs) < 0 || (long)fs.f_type != rows[i].magic ||
		    strncmp(tree->path, rows[i].path, strlen(rows[i].path)) == 0)
			continue;
		options.backing = strdup(rows[i].path);
		options.mountpoint = strdup(unit_path(tree, "mnt"));
		assert_int_equal(zc_check(&options, &f), ZC_EXIT_OK);
		assert_string_equal(f.fs_name, rows[i].name);
		assert_false(f.remote || f.stacked);
		zc_findings_fini(&f);
		zc_options_fini(&options);
		seen++;
	}
	assert_true(seen > 0);
}

static void full_mountpoint_is_a_warning(void **state)
{
	const struct unit_tree *tree = set_up(state);
	const char *said;

	assert_int_equal(check_paths(unit_path(tree, "back"), unit_path(tree, "mnt"), false, &said),
			 ZC_EXIT_OK);
	assert_string_equal(said, "");
	unit_file(tree->fd, "mnt/file", "text");
	assert_refused(check_paths(unit_path(tree, "back"), unit_path(tree, "mnt"), false, &said),
		       ZC_EXIT_OK, said, unit_path(tree, "mnt"), "ENOTEMPTY");
	assert_int_equal(check_paths(unit_path(tree, "back"), unit_path(tree, "mnt"), true, &said),
			 ZC_EXIT_OK);
	assert_string_equal(said, "");
}

/* Names that begin alike are not inside one another. */
static void neighbours_do_not_overlap(void **state)
{
	const struct unit_tree *tree = set_up(state);
	const char *said;

	unit_dir(tree->fd, "backing");
	assert_int_equal(
	    check_paths(unit_path(tree, "back"), unit_path(tree, "backing"), false, &said),
	    ZC_EXIT_OK);
	assert_int_equal(
	    check_paths(unit_path(tree, "backing"), unit_path(tree, "back"), false, &said),
	    ZC_EXIT_OK);
}

/* Both are inode 1, each of its own device. */
static void equal_inode_numbers_do_not_overlap(void **state)
{
	const char *said;

	(void)state;
	assert_int_equal(unit_ino_at(AT_FDCWD, "/proc"), unit_ino_at(AT_FDCWD, "/sys"));
	assert_int_not_equal(check_paths("/proc", "/sys", true, &said), ZC_EXIT_OVERLAP);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, unit_tree_make, unit_tree_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(findings_describe_the_backing_directory),
		TEST(file_system_is_recognised),
		TEST(full_mountpoint_is_a_warning),
		TEST(neighbours_do_not_overlap),
		TEST(equal_inode_numbers_do_not_overlap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
