// SPDX-License-Identifier: MIT
// Without handles an inode is found by its parent, and that by its own: anybody can make that chain long,
// so its length must not crash the daemon. Must not know requests.
#include "unit.h"

#include <fcntl.h>
#include <unistd.h>

#define DEPTH 3000
#define STACK (256u << 10) /* a level that costs 90 bytes of stack is too much */

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

static void *ask(void *nodeid)
{
	return (void *)unit_ino(&inodes, (uint64_t)nodeid);
}

/* unit_ino on a small stack: a tree as deep as it takes for a large one is slow to make. */
static int64_t ask_on_small_stack(uint64_t nodeid)
{
	pthread_attr_t attr;
	pthread_t thread;
	void *ino;

	pthread_attr_init(&attr);
	assert_int_equal(pthread_attr_setstacksize(&attr, STACK), 0);
	assert_int_equal(pthread_create(&thread, &attr, ask, (void *)nodeid), 0);
	pthread_join(thread, &ino);
	pthread_attr_destroy(&attr);
	return (int64_t)ino;
}

static void deepest_inode_is_found(void **state)
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
	assert_int_equal(ask_on_small_stack(nodeid), ino);
	zc_inode_forget(&inodes, nodeid, 1);
	zc_inodes_fini(&inodes);
}

static void in_a_process_of_its_own(void **state)
{
	unit_in_child(deepest_inode_is_found, *state);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, unit_tree_make, unit_tree_remove)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(in_a_process_of_its_own) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
