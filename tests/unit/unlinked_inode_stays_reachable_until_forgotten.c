// SPDX-License-Identifier: MIT
// Who has a file open that loses its last name goes on with it, however many fds others need meanwhile.
// Must not know requests.
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static struct zc_inodes inodes;
static const struct unit_tree *tree;

static void set_up(void **state, bool use_handles)
{
	tree = *state;
	unit_inodes_open(&inodes, tree, 8, use_handles);
}

static void tear_down(void)
{
	assert_int_equal(zc_table_used(&inodes.table), 1);
	assert_int_equal(zc_fdcache_used(&inodes.fds), 1);
	zc_inodes_fini(&inodes);
}

/* Enough other fds, of idle inodes and of open files, to push everything out that can be pushed out. */
static void others_need_fds(void)
{
	struct zc_fd fd;

	for (uint64_t nodeid = 1000; nodeid < 1030; nodeid++) {
		zc_fdcache_add(&inodes.fds, nodeid, ZC_FD_READ, unit_any_fd(),
			       nodeid % 2 ? ZC_GRIP_LOOSE : ZC_GRIP_OPEN, &fd);
		zc_fdcache_put(&inodes.fds, &fd);
	}
	for (uint64_t nodeid = 1000; nodeid < 1030; nodeid++)
		zc_fdcache_drop(&inodes.fds, nodeid, ~0u);
	for (int i = 0; i < 10; i++)
		zc_fdcache_expire(&inodes.fds, 5);
}

static void unlink_it(const char *name, int flags, uint64_t expected)
{
	assert_int_equal(unit_before_unlink(&inodes, tree->fd, name), expected);
	MUST(unlinkat(tree->fd, name, flags));
}

static void check_unlink(void **state, bool use_handles)
{
	int64_t file_ino, dir_ino;
	uint64_t file, dir;

	set_up(state, use_handles);
	unit_file(tree->fd, "file", "text");
	unit_dir(tree->fd, "dir");
	file_ino = unit_ino_at(tree->fd, "file");
	dir_ino = unit_ino_at(tree->fd, "dir");
	file = unit_lookup(&inodes, ZC_SLOT_ROOT, "file");
	dir = unit_lookup(&inodes, ZC_SLOT_ROOT, "dir");
	zc_fdcache_drop(&inodes.fds, file, ~0u); /* not even an fd at that moment */
	unlink_it("file", 0, file);
	unlink_it("dir", AT_REMOVEDIR, dir);
	others_need_fds();
	assert_int_equal(unit_ino(&inodes, file), file_ino);
	assert_int_equal(unit_ino(&inodes, dir), dir_ino);
	zc_inode_forget(&inodes, file, 1);
	zc_inode_forget(&inodes, dir, 1);
	tear_down();
}

static void unlinked_by_handle(void **state)
{
	check_unlink(state, true);
}

static void unlinked_by_name(void **state)
{
	check_unlink(state, false);
}

/* One fd is enough for it, and it is not the borrowers' that goes. */
static void borrowed_fd_survives_the_unlink(void **state)
{
	uint64_t file;
	struct zc_fd fd;
	struct stat st;

	set_up(state, true);
	unit_file(tree->fd, "file", "text");
	file = unit_lookup(&inodes, ZC_SLOT_ROOT, "file");
	assert_int_equal(zc_inode_path_fd(&inodes, file, &fd), 0);
	unlink_it("file", 0, file);
	others_need_fds();
	MUST(fstat(fd.fd, &st));
	assert_int_equal(st.st_nlink, 0);
	zc_inode_put_fd(&inodes, &fd);
	assert_int_equal(zc_fdcache_used(&inodes.fds), 2);
	zc_inode_forget(&inodes, file, 1);
	tear_down();
}

static void check_second_name(void **state, bool use_handles)
{
	uint64_t file;
	int64_t ino;

	set_up(state, use_handles);
	unit_file(tree->fd, "file", "text");
	MUST(linkat(tree->fd, "file", tree->fd, "link", 0));
	ino = unit_ino_at(tree->fd, "file");
	file = unit_lookup(&inodes, ZC_SLOT_ROOT, "file");
	unlink_it("file", 0, file);
	others_need_fds();
	assert_int_equal(unit_ino(&inodes, file), ino);
	unlink_it("link", 0, file);
	others_need_fds();
	assert_int_equal(unit_ino(&inodes, file), ino);
	zc_inode_forget(&inodes, file, 1);
	tear_down();
}

static void second_name_by_handle(void **state)
{
	check_second_name(state, true);
}

static void second_name_by_name(void **state)
{
	check_second_name(state, false);
}

/* Nothing but the fd of the open leads to it. */
static void nameless_one_stays(void **state)
{
	struct statx stx;
	struct zc_fd fd;
	uint64_t file;
	int tmp;

	for (int use_handles = 0; use_handles < 2; use_handles++) {
		set_up(state, use_handles);
		tmp = openat(tree->fd, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
		if (tmp >= 0) {
			assert_int_equal(zc_inode_adopt(&inodes, tmp, ZC_FD_RDWR, ZC_SLOT_ROOT,
							NULL, &file, &stx, &fd),
					 0);
			zc_inode_put_fd(&inodes, &fd);
			others_need_fds();
			assert_int_equal(unit_ino(&inodes, file), stx.stx_ino);
			zc_inode_forget(&inodes, file, 1);
		}
		tear_down();
	}
}

/* The name stayed: no fd is kept for it for ever. */
static void failed_unlink_keeps_nothing(void **state)
{
	uint64_t file;
	int64_t ino;

	for (int use_handles = 0; use_handles < 2; use_handles++) {
		set_up(state, use_handles);
		if (!use_handles)
			unit_file(tree->fd, "file", "text");
		ino = unit_ino_at(tree->fd, "file");
		file = unit_lookup(&inodes, ZC_SLOT_ROOT, "file");
		assert_int_equal(unit_before_unlink(&inodes, tree->fd, "file"), file);
		zc_inode_unlink_failed(&inodes, file, ZC_SLOT_ROOT, "file");
		others_need_fds();
		assert_int_equal(zc_fdcache_used(&inodes.fds), 1);
		assert_int_equal(unit_ino(&inodes, file), ino);
		zc_inode_unlink_failed(&inodes, 0, ZC_SLOT_ROOT, "file"); /* legal */
		zc_inode_forget(&inodes, file, 1);
		tear_down();
	}
}

/* By name: one name is gone for good, removing the other one failed; the one that is left leads on. */
static void failed_unlink_of_the_last_name(void **state)
{
	uint64_t file;
	int64_t ino;

	set_up(state, false);
	unit_file(tree->fd, "stays", "text");
	MUST(linkat(tree->fd, "stays", tree->fd, "goes", 0));
	ino = unit_ino_at(tree->fd, "stays");
	file = unit_lookup(&inodes, ZC_SLOT_ROOT, "stays");
	assert_int_equal(unit_lookup(&inodes, ZC_SLOT_ROOT, "goes"), file);
	unlink_it("goes", 0, file);
	assert_int_equal(unit_before_unlink(&inodes, tree->fd, "stays"), file);
	zc_inode_unlink_failed(&inodes, file, ZC_SLOT_ROOT, "stays");
	others_need_fds();
	assert_int_equal(unit_ino(&inodes, file), ino);
	zc_inode_forget(&inodes, file, 2);
	tear_down();
}

static void unknown_inode_is_nobodys_concern(void **state)
{
	set_up(state, true);
	unit_file(tree->fd, "file", "text");
	unlink_it("file", 0, 0);
	assert_int_equal(unit_before_unlink(&inodes, tree->fd, "none"), 0);
	tear_down();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, unit_tree_make, unit_tree_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(unlinked_by_handle),
		TEST(unlinked_by_name),
		TEST(borrowed_fd_survives_the_unlink),
		TEST(second_name_by_handle),
		TEST(second_name_by_name),
		TEST(nameless_one_stays),
		TEST(failed_unlink_keeps_nothing),
		TEST(failed_unlink_of_the_last_name),
		TEST(unknown_inode_is_nobodys_concern),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
