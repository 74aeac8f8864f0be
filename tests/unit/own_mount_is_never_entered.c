// SPDX-License-Identifier: MIT
// An inode on our own mount (it may show up below BACKING) is -ELOOP: we would wait for ourselves.
// Must not know the table of inodes.
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "identify.h"
#include "zcfs/sys.h"

/* /proc plays the mount. */
static void forbidden_device_is_refused(void **state)
{
	const struct unit_tree *tree = *state;
	struct identified own;
	struct zc_mounts mounts;

	zc_mounts_init(&mounts, true);
	assert_int_equal(identify(&mounts, tree->path).err, 0);
	own = identify(&mounts, "/proc");
	assert_int_equal(own.err, 0);
	zc_mounts_forbid(&mounts, zc_dev_of(&own.stx));
	assert_int_equal(identify(&mounts, "/proc").err, -ELOOP);
	assert_int_equal(identify(&mounts, "/proc/version").err, -ELOOP);
	assert_int_equal(identify(&mounts, tree->path).err, 0);
	zc_mounts_fini(&mounts);
}

static void lookup_of_it_fails_and_leaves_nothing(void **state)
{
	const struct unit_tree *tree = *state;
	unsigned before = unit_fds();
	struct zc_fd borrowed = ZC_FD_NONE;
	struct zc_inodes inodes;
	struct statx stx;
	uint64_t nodeid = 99;
	int fd;

	unit_inodes_open(&inodes, tree, 8, true);
	fd = (int)MUST(open("/proc", O_PATH | O_CLOEXEC));
	assert_int_equal(zc_sys_statx(fd, &stx), 0);
	zc_mounts_forbid(&inodes.mounts, zc_dev_of(&stx));
	assert_int_equal(
	    zc_inode_adopt(&inodes, fd, ZC_FD_PATH, ZC_SLOT_ROOT, "proc", &nodeid, &stx, &borrowed),
	    -ELOOP);
	assert_int_equal(nodeid, 99);
	assert_int_equal(borrowed.fd, -1);
	assert_int_equal(zc_table_used(&inodes.table), 1);
	assert_int_equal(zc_fdcache_used(&inodes.fds), 1);
	zc_inodes_fini(&inodes);
	assert_int_equal(unit_fds(), before);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, unit_tree_make, unit_tree_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(forbidden_device_is_refused),
		TEST(lookup_of_it_fails_and_leaves_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
