// SPDX-License-Identifier: MIT
// A mount below BACKING is kept busy only while it is used; its inodes are had again as long as it is
// there. Must not mount where others could see it.
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mount.h>
#include <unistd.h>

#include "zcfs/sys.h"

#define TICKS 5u

static struct zc_inodes inodes;
static const struct unit_tree *tree;
static uint64_t sub, file;
static int64_t ino;

static void tick(unsigned count)
{
	while (count--) {
		zc_fdcache_expire(&inodes.fds, TICKS);
		zc_mounts_expire(&inodes.mounts, TICKS);
	}
}

static void mount_it(void)
{
	assert_true(unit_private_tmpfs(unit_path(tree, "sub"), 0));
	unit_file(AT_FDCWD, unit_path(tree, "sub/file"), "text");
}

static int set_up(void **state)
{
	if (unit_tree_make(state) != 0)
		return -1;
	tree = *state;
	unit_dir(tree->fd, "sub");
	mount_it();
	unit_inodes_open(&inodes, tree, 8, true);
	sub = unit_lookup(&inodes, ZC_SLOT_ROOT, "sub");
	file = unit_lookup(&inodes, sub, "file");
	ino = unit_ino_at(AT_FDCWD, unit_path(tree, "sub/file"));
	return 0;
}

static int tear_down(void **state)
{
	zc_inodes_fini(&inodes);
	umount2(unit_path(tree, "sub"), MNT_DETACH);
	return unit_tree_remove(state);
}

static void idle_one_can_be_unmounted(void **state)
{
	struct zc_fd fd;

	(void)state;
	tick(TICKS - 1);
	assert_int_equal(umount2(unit_path(tree, "sub"), 0), -1);
	assert_int_equal(errno, EBUSY);
	tick(1);
	MUST(umount2(unit_path(tree, "sub"), 0));
	assert_int_equal(zc_inode_path_fd(&inodes, file, &fd), -ESTALE);
}

/* Not even if it shows the same files. */
static void next_one_at_that_place_is_another(void **state)
{
	uint64_t old_dir, old_file;
	struct zc_fd fd;

	(void)state;
	unit_dir(tree->fd, "other");
	unit_dir(tree->fd, "bound");
	unit_file(tree->fd, "other/file", "text");
	MUST(mount(unit_path(tree, "other"), unit_path(tree, "bound"), NULL, MS_BIND, NULL));
	old_dir = unit_lookup(&inodes, ZC_SLOT_ROOT, "bound");
	old_file = unit_lookup(&inodes, old_dir, "file");
	tick(TICKS);
	MUST(umount2(unit_path(tree, "bound"), 0));
	MUST(mount(unit_path(tree, "other"), unit_path(tree, "bound"), NULL, MS_BIND, NULL));
	assert_int_equal(zc_inode_path_fd(&inodes, old_file, &fd), -ESTALE);
	assert_int_not_equal(unit_lookup(&inodes, ZC_SLOT_ROOT, "bound"), old_dir);
	umount2(unit_path(tree, "bound"), MNT_DETACH);
}

static void inodes_of_an_idle_one_are_found_again(void **state)
{
	unsigned idle, used;

	(void)state;
	tick(2 * TICKS);
	idle = unit_fds();
	assert_int_equal(unit_ino(&inodes, file), ino);
	used = unit_fds();
	assert_true(used > idle);
	assert_int_equal(unit_ino(&inodes, sub), unit_ino_at(AT_FDCWD, unit_path(tree, "sub")));
	tick(2 * TICKS);
	assert_int_equal(unit_fds(), idle);
}

static void use_starts_the_clock_again(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++) {
		tick(TICKS - 1);
		zc_fdcache_drop(&inodes.fds, file, ~0u);
		assert_int_equal(unit_ino(&inodes, file), ino);
	}
	assert_int_equal(umount2(unit_path(tree, "sub"), 0), -1);
}

/* BACKING's own mount is there as long as we are. */
static void first_mount_is_never_let_go(void **state)
{
	unsigned fds;

	(void)state;
	tick(2 * TICKS);
	fds = unit_fds();
	tick(100);
	assert_int_equal(unit_fds(), fds);
	assert_int_equal(unit_ino(&inodes, ZC_SLOT_ROOT), unit_ino_at(AT_FDCWD, tree->path));
}

static const char *reason_to_skip(void)
{
	const char *reason = NULL;
	struct unit_tree *dir;
	struct statx stx = { 0 };
	void *state;

	if (unit_tree_make(&state) != 0)
		return "no temporary directory";
	dir = state;
	unit_inodes_open(&inodes, dir, 8, true);
	zc_sys_statx(dir->fd, &stx);
	if (!zc_mounts_root_has_handles(&inodes.mounts))
		reason = "no file handles here";
	else if (!(stx.stx_mask & ZC_STATX_MNT_ID_UNIQUE))
		reason = "mount ids may come back before Linux 6.8";
	else if (!unit_private_tmpfs(dir->path, 0))
		reason = "no mount namespace of its own (not root)";
	else
		umount2(dir->path, MNT_DETACH);
	zc_inodes_fini(&inodes);
	unit_tree_remove(&state);
	return reason;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(idle_one_can_be_unmounted),
		TEST(next_one_at_that_place_is_another),
		TEST(inodes_of_an_idle_one_are_found_again),
		TEST(use_starts_the_clock_again),
		TEST(first_mount_is_never_let_go),
	};
	const char *reason = reason_to_skip();

	if (reason) {
		printf("SKIP: %s\n", reason);
		return 77;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
