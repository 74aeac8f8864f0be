// SPDX-License-Identifier: MIT
// A listing goes on from any position that was handed out, on a cached fd or a new one; 0 begins anew.
// Must not know requests.
#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "zcfs/sys.h"

#define FILES 300

static struct zc_inodes inodes;

struct entry {
	uint64_t ino;
	int64_t next;
	uint16_t size;
	uint8_t type;
	char name[];
};

/* Reads one buffer from `position` on: counts its entries, finds the position behind the last. */
static unsigned read_some(uint64_t dir, int64_t *position)
{
	_Alignas(8) char buf[1024];
	int fd = zc_inode_take_dir(&inodes, dir, *position);
	unsigned entries = 0;
	ssize_t got;

	assert_true(fd >= 0);
	got = zc_sys_getdents(fd, buf, sizeof(buf));
	assert_true(got >= 0);
	for (ssize_t at = 0; at < got; entries++) {
		const struct entry *e = (const struct entry *)(buf + at);

		*position = e->next;
		at += e->size;
	}
	zc_inode_give_dir(&inodes, dir, fd, *position);
	return entries;
}

static unsigned list(uint64_t dir, bool forget_fds)
{
	unsigned entries = 0, some;
	int64_t position = 0;

	while ((some = read_some(dir, &position)) != 0) {
		entries += some;
		if (forget_fds)
			zc_fdcache_drop(&inodes.fds, dir, ZC_FD_DIR);
	}
	return entries;
}

static void check(const struct unit_tree *tree, bool use_handles)
{
	char name[32];
	uint64_t dir;

	unit_inodes_open(&inodes, tree, 8, use_handles);
	unit_dir(tree->fd, "dir");
	for (int i = 0; i < FILES; i++) {
		snprintf(name, sizeof(name), "dir/file%d", i);
		unit_file(tree->fd, name, "");
	}
	dir = unit_lookup(&inodes, ZC_SLOT_ROOT, "dir");
	assert_int_equal(list(dir, false), FILES + 2);
	assert_int_equal(list(dir, true), FILES + 2);
	/* An fd that stands at the beginning may hold old contents. */
	MUST(unlinkat(tree->fd, "dir/file7", 0));
	assert_int_equal(list(dir, false), FILES + 1);
	assert_int_equal(list(ZC_SLOT_ROOT, false), 3);
	zc_inodes_fini(&inodes);
}

int main(void)
{
	return unit_with_and_without_handles(check);
}
