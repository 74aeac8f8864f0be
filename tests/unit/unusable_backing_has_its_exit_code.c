// SPDX-License-Identifier: MIT
// Why BACKING cannot be mirrored: one line, an exit code of its own, nothing left open.
// Must not know mounting.
#include "unit.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fake_fuse_device.h"

static const struct unit_tree *tree;

static void refused(const char *name, enum zc_exit expected, const char *errno_name)
{
	unsigned before = unit_fds();
	const char *said;
	enum zc_exit code =
	    check_paths(unit_path(tree, name), unit_path(tree, "mnt"), false, &said);

	assert_refused(code, expected, said, unit_path(tree, name), errno_name);
	assert_int_equal(unit_fds(), before);
}

static void missing(void **state)
{
	tree = *state;
	unit_dir(tree->fd, "mnt");
	refused("back", ZC_EXIT_NO_BACKING, "ENOENT");
	MUST(symlinkat("nowhere", tree->fd, "dangling"));
	refused("dangling", ZC_EXIT_NO_BACKING, "ENOENT");
	MUST(symlinkat("circle", tree->fd, "circle"));
	refused("circle", ZC_EXIT_NO_BACKING, "ELOOP");
}

static void not_a_directory(void **state)
{
	tree = *state;
	unit_dir(tree->fd, "mnt");
	unit_file(tree->fd, "file", "text");
	refused("file", ZC_EXIT_BACKING_NOT_DIR, "ENOTDIR");
	refused("file/below", ZC_EXIT_BACKING_NOT_DIR, "ENOTDIR");
	MUST(mkfifoat(tree->fd, "fifo", 0600));
	refused("fifo", ZC_EXIT_BACKING_NOT_DIR, "ENOTDIR"); /* and does not wait for a writer */
}

static void as_user(void **state)
{
	(void)state;
	refused("closed", ZC_EXIT_BACKING_UNREADABLE, "EACCES");
	refused("no_entry", ZC_EXIT_BACKING_UNREADABLE, "EACCES");
	refused("no_list", ZC_EXIT_BACKING_UNREADABLE, "EACCES");
}

/* To mirror a directory one has to read and to enter it. */
static void unreadable(void **state)
{
	tree = *state;
	MUST(chmod(tree->path, 0755));
	unit_dir(tree->fd, "mnt");
	unit_dir(tree->fd, "closed");
	unit_dir(tree->fd, "no_entry");
	unit_dir(tree->fd, "no_list");
	MUST(chmod(unit_path(tree, "closed"), 0700 & ~(geteuid() ? 0700 : 0)));
	MUST(chmod(unit_path(tree, "no_entry"), 0444));
	MUST(chmod(unit_path(tree, "no_list"), 0111));
	unit_as_ordinary_user(as_user, NULL);
	MUST(chmod(unit_path(tree, "closed"), 0700));
}

/* What is wrong with BACKING is told first. */
static void both_are_wrong(void **state)
{
	tree = *state;
	refused("back", ZC_EXIT_NO_BACKING, "ENOENT");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, unit_tree_make, unit_tree_remove)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(missing), TEST(not_a_directory), TEST(unreadable),
					    TEST(both_are_wrong) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
