// SPDX-License-Identifier: MIT
// From a nodeid to an fd of the right kind, never waiting for the other end of a FIFO.
// Must not know requests.
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct zc_inodes inodes;

static int flags_of(uint64_t nodeid, enum zc_fd_kind kind)
{
	struct zc_fd fd;
	int flags;

	assert_int_equal(zc_inode_fd(&inodes, nodeid, kind, kind, &fd), 0);
	flags = (int)MUST(fcntl(fd.fd, F_GETFL));
	assert_true(fcntl(fd.fd, F_GETFD) & FD_CLOEXEC);
	zc_inode_put_fd(&inodes, &fd);
	return flags;
}

static void check_kinds(const struct unit_tree *tree, bool use_handles)
{
	const int mask = O_ACCMODE | O_APPEND | O_PATH | O_DIRECTORY;
	uint64_t file;
	struct zc_fd fd;

	unit_inodes_open(&inodes, tree, 8, use_handles);
	unit_file(tree->fd, "file", "text");
	file = unit_lookup(&inodes, ZC_SLOT_ROOT, "file");
	assert_int_equal(flags_of(file, ZC_FD_READ) & mask, O_RDONLY);
	assert_int_equal(flags_of(file, ZC_FD_WRITE) & mask, O_WRONLY);
	assert_int_equal(flags_of(file, ZC_FD_RDWR) & mask, O_RDWR);
	assert_int_equal(flags_of(file, ZC_FD_APPEND) & mask, O_WRONLY | O_APPEND);
	assert_int_equal(flags_of(file, ZC_FD_PATH) & mask, O_PATH);
	/* Any of several that is there already will do. */
	assert_int_equal(zc_fdcache_used(&inodes.fds), 6);
	assert_int_equal(zc_inode_fd(&inodes, file, ZC_FD_CAN_WRITE, ZC_FD_WRITE, &fd), 0);
	zc_inode_put_fd(&inodes, &fd);
	assert_int_equal(zc_fdcache_used(&inodes.fds), 6);
	zc_inodes_fini(&inodes);
	MUST(unlinkat(tree->fd, "file", 0));
}

static void kinds_by_handle(void **state)
{
	check_kinds(*state, true);
}

static void kinds_by_name(void **state)
{
	check_kinds(*state, false);
}

static void strange_files_do_not_block(void **state)
{
	const struct unit_tree *tree = *state;
	uint64_t fifo, link;
	struct zc_fd fd;
	char target[16];

	for (int use_handles = 0; use_handles < 2; use_handles++) {
		unit_inodes_open(&inodes, tree, 8, use_handles);
		if (!use_handles) {
			MUST(mknodat(tree->fd, "fifo", S_IFIFO | 0600, 0));
			MUST(symlinkat("fifo", tree->fd, "link"));
		}
		fifo = unit_lookup(&inodes, ZC_SLOT_ROOT, "fifo");
		link = unit_lookup(&inodes, ZC_SLOT_ROOT, "link");
		assert_int_not_equal(fifo, link);
		zc_fdcache_drop(&inodes.fds, fifo, ~0u);
		zc_fdcache_drop(&inodes.fds, link, ~0u);
		assert_int_equal(zc_inode_path_fd(&inodes, link, &fd), 0);
		assert_int_equal(readlinkat(fd.fd, "", target, sizeof(target)), 4);
		zc_inode_put_fd(&inodes, &fd);
		assert_int_equal(zc_inode_fd(&inodes, fifo, ZC_FD_WRITE, ZC_FD_WRITE, &fd), -ENXIO);
		assert_int_equal(zc_inode_fd(&inodes, fifo, ZC_FD_READ, ZC_FD_READ, &fd), 0);
		zc_inode_put_fd(&inodes, &fd);
		assert_int_equal(zc_inode_fd(&inodes, link, ZC_FD_READ, ZC_FD_READ, &fd), -ELOOP);
		zc_inodes_fini(&inodes);
	}
}

static void unknown_nodeid_is_stale(void **state)
{
	struct zc_fd fd;

	unit_inodes_open(&inodes, *state, 8, true);
	assert_int_equal(zc_inode_path_fd(&inodes, 2, &fd), -ESTALE);
	assert_int_equal(zc_inode_path_fd(&inodes, 1ULL << 32 | 1, &fd), -ESTALE);
	assert_int_equal(zc_inode_fd(&inodes, 0, ZC_FD_READ, ZC_FD_READ, &fd), -ESTALE);
	assert_int_equal(zc_inode_open(&inodes, UINT64_MAX, O_RDONLY), -ESTALE);
	assert_int_equal(zc_inode_take_dir(&inodes, 7, 0), -ESTALE);
	zc_inodes_fini(&inodes);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, unit_tree_make, unit_tree_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(kinds_by_handle),
		TEST(kinds_by_name),
		TEST(strange_files_do_not_block),
		TEST(unknown_nodeid_is_stale),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
