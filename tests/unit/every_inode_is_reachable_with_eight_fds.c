// SPDX-License-Identifier: MIT
// Five hundred known inodes and room for eight fds: each is had again when it is needed.
// Must not know requests.
#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define DIRS	 20
#define FILES	 25 /* in each */
#define CAPACITY 8u

static struct zc_inodes inodes;
static struct {
	uint64_t nodeid;
	int64_t ino;
} known[DIRS * (FILES + 1)];
static unsigned count;

static void add(const struct unit_tree *tree, uint64_t parent, const char *name, const char *path)
{
	known[count].nodeid = unit_lookup(&inodes, parent, name);
	known[count].ino = unit_ino_at(tree->fd, path);
	count++;
}

static void look_all_up(const struct unit_tree *tree)
{
	char name[32], path[64];

	count = 0;
	for (int d = 0; d < DIRS; d++) {
		uint64_t dir;

		snprintf(name, sizeof(name), "d%d", d);
		unit_dir(tree->fd, name);
		add(tree, ZC_SLOT_ROOT, name, name);
		dir = known[count - 1].nodeid;
		for (int f = 0; f < FILES; f++) {
			snprintf(path, sizeof(path), "d%d/f%d", d, f);
			snprintf(name, sizeof(name), "f%d", f);
			if (f % 5)
				unit_file(tree->fd, path, "text");
			else
				MUST(symlinkat("nowhere", tree->fd, path));
			add(tree, dir, name, path);
		}
	}
}

static void check(const struct unit_tree *tree, bool use_handles)
{
	unsigned before = unit_fds(), opened;
	uint32_t seed = 3;

	unit_inodes_open(&inodes, tree, CAPACITY, use_handles);
	opened = unit_fds() - before - 1; /* of mounts, besides the root */
	look_all_up(tree);
	assert_int_equal(zc_table_used(&inodes.table), count + 1);
	for (int i = 0; i < 3000; i++) {
		unsigned n = unit_random(&seed) % count;

		assert_int_equal(unit_ino(&inodes, known[n].nodeid), known[n].ino);
		assert_true(unit_fds() <= before + opened + CAPACITY);
	}
	assert_int_equal(unit_ino(&inodes, ZC_SLOT_ROOT), unit_ino_at(AT_FDCWD, tree->path));
	for (unsigned n = 0; n < count; n++)
		zc_inode_forget(&inodes, known[n].nodeid, 1);
	assert_int_equal(zc_table_used(&inodes.table), 1);
	assert_int_equal(zc_fdcache_used(&inodes.fds), 1);
	zc_inodes_fini(&inodes);
	assert_int_equal(unit_fds(), before);
}

int main(void)
{
	return unit_with_and_without_handles(check);
}
