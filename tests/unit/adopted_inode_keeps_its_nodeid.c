// SPDX-License-Identifier: MIT
// However often and by whatever name an inode is looked up, it has one nodeid; each lookup is counted.
// Must not know requests.
#include "unit.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "zcfs/sys.h"

static struct zc_inodes inodes;

static void root_is_nodeid_one(void **state)
{
	const struct unit_tree *tree = *state;

	unit_inodes_open(&inodes, tree, 8, true);
	assert_int_equal(unit_ino(&inodes, ZC_SLOT_ROOT), unit_ino_at(AT_FDCWD, tree->path));
	assert_int_equal(zc_table_used(&inodes.table), 1);
	zc_inode_forget(&inodes, ZC_SLOT_ROOT, 1000); /* never goes */
	assert_int_equal(unit_ino(&inodes, ZC_SLOT_ROOT), unit_ino_at(AT_FDCWD, tree->path));
	zc_inodes_fini(&inodes);
}

static void names_of_one_inode(const struct unit_tree *tree, bool use_handles)
{
	uint64_t file, other;

	unit_file(tree->fd, "file", "text");
	unit_file(tree->fd, "other", "text");
	unit_dir(tree->fd, "dir");
	MUST(linkat(tree->fd, "file", tree->fd, "dir/link", 0));
	unit_inodes_open(&inodes, tree, 8, use_handles);
	file = unit_lookup(&inodes, ZC_SLOT_ROOT, "file");
	other = unit_lookup(&inodes, ZC_SLOT_ROOT, "other");
	assert_int_not_equal(file, other);
	assert_int_equal(unit_lookup(&inodes, ZC_SLOT_ROOT, "file"), file);
	assert_int_equal(unit_lookup(&inodes, unit_lookup(&inodes, ZC_SLOT_ROOT, "dir"), "link"),
			 file);
	assert_int_equal(zc_table_slot(&inodes.table, file)->lookups, 3);
	assert_int_equal(zc_table_slot(&inodes.table, other)->lookups, 1);
	assert_int_equal(zc_table_used(&inodes.table), 4);
	assert_int_equal(unit_lookup(&inodes, ZC_SLOT_ROOT, "none"), 0);
	zc_inodes_fini(&inodes);
}

static void all_names_lead_to_one_nodeid(void **state)
{
	names_of_one_inode(*state, true);
}

static void all_names_lead_to_one_nodeid_without_handles(void **state)
{
	names_of_one_inode(*state, false);
}

/* Attributes come from the fd that was handed in, and that very fd is lent. */
static void attributes_and_fd_are_the_inodes_own(void **state)
{
	const struct unit_tree *tree = *state;
	struct statx stx = { 0 }, expected;
	struct zc_fd lent;
	uint64_t nodeid;
	int fd;

	unit_file(tree->fd, "file", "text");
	unit_inodes_open(&inodes, tree, 8, true);
	fd = (int)MUST(openat(tree->fd, "file", O_RDWR | O_CLOEXEC));
	assert_int_equal(zc_sys_statx(fd, &expected), 0);
	assert_int_equal(
	    zc_inode_adopt(&inodes, fd, ZC_FD_RDWR, ZC_SLOT_ROOT, "file", &nodeid, &stx, &lent), 0);
	assert_int_equal(lent.fd, fd);
	assert_int_equal(stx.stx_ino, expected.stx_ino);
	assert_int_equal(stx.stx_size, 4);
	assert_int_equal(stx.stx_mode, expected.stx_mode);
	assert_int_equal(stx.stx_mnt_id, expected.stx_mnt_id);
	zc_inode_put_fd(&inodes, &lent);
	zc_inodes_fini(&inodes);
	assert_false(unit_is_open(fd));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, unit_tree_make, unit_tree_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(root_is_nodeid_one),
		TEST(all_names_lead_to_one_nodeid),
		TEST(all_names_lead_to_one_nodeid_without_handles),
		TEST(attributes_and_fd_are_the_inodes_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
