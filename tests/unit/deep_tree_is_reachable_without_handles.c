// SPDX-License-Identifier: MIT
// Without handles an inode is found by its parent, and that by its own: anybody can make that chain long,
// so its length must not crash the daemon. Must not know requests.
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define DEPTH 20000

static struct zc_inodes inodes;

static uint64_t look_up_chain(const struct unit_tree *tree)
{
	int fd = (int)MUST(openat(tree->fd, ".", O_PATH | O_DIRECTORY | O_CLOEXEC));
	uint64_t nodeid = ZC_SLOT_ROOT;

	for (int i = 0; i < DEPTH; i++) {
		int below;

		unit_dir(fd, "d");
		below = (int)MUST(openat(fd, "d", O_PATH | O_DIRECTORY | O_CLOEXEC));
		close(fd);
		fd = below;
		nodeid = unit_lookup(&inodes, nodeid, "d");
	}
	close(fd);
	return nodeid;
}

/* An answer, whichever: the inode, or an error for a request that is served no better. */
static void deepest_inode_gets_an_answer(void **state)
{
	const struct unit_tree *tree = *state;
	uint64_t nodeid;
	int64_t ino;

	unit_inodes_open(&inodes, tree, 8, false);
	nodeid = look_up_chain(tree);
	ino = unit_ino(&inodes, nodeid); /* by its cached fd */
	for (int i = 0; i < 10; i++)
		zc_fdcache_expire(&inodes.fds, 5);
	assert_int_equal(zc_fdcache_used(&inodes.fds), 1);
	assert_int_equal(unit_ino(&inodes, nodeid), ino);
	zc_inode_forget(&inodes, nodeid, 1);
	zc_inodes_fini(&inodes);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, unit_tree_make, unit_tree_remove)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(deepest_inode_gets_an_answer) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
