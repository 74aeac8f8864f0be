// SPDX-License-Identifier: MIT
// The kernel forgets an inode just when its last name goes: the fd that was to keep it reachable goes too.
// Knows where between the two the room calls the fd cache, which is where this test cuts in.
#include "unit.h"

#include <fcntl.h>
#include <unistd.h>

static struct zc_inodes inodes;
static uint64_t to_forget;

bool __real_zc_fdcache_get(struct zc_fdcache *cache, uint64_t nodeid, unsigned kinds,
			   struct zc_fd *ret);
bool __wrap_zc_fdcache_get(struct zc_fdcache *cache, uint64_t nodeid, unsigned kinds,
			   struct zc_fd *ret);

bool __wrap_zc_fdcache_get(struct zc_fdcache *cache, uint64_t nodeid, unsigned kinds,
			   struct zc_fd *ret)
{
	uint64_t now = to_forget;

	to_forget = 0;
	if (now)
		zc_inode_forget(&inodes, now, 1);
	return __real_zc_fdcache_get(cache, nodeid, kinds, ret);
}

static void check(const struct unit_tree *tree, bool use_handles)
{
	unsigned before = unit_fds();
	uint64_t file;

	unit_inodes_open(&inodes, tree, 8, use_handles);
	unit_file(tree->fd, "file", "text");
	file = unit_lookup(&inodes, ZC_SLOT_ROOT, "file");
	to_forget = file;
	unit_before_unlink(&inodes, tree->fd, "file");
	assert_int_equal(to_forget, 0); /* else this showed nothing */
	MUST(unlinkat(tree->fd, "file", 0));
	assert_int_equal(zc_table_used(&inodes.table), 1);
	assert_int_equal(zc_fdcache_used(&inodes.fds), 1);
	zc_inodes_fini(&inodes);
	assert_int_equal(unit_fds(), before);
}

int main(void)
{
	return unit_with_and_without_handles(check);
}
