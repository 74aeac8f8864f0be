// SPDX-License-Identifier: MIT
// What names an inode is the same by all of its names, and after a rename, for every type of file.
// Must not know the table of inodes.
#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "identify.h"

static const char *const names[] = { "file", "dir", "link", "fifo", "socket" };
#define NAMES (sizeof(names) / sizeof(names[0]))

static void make_all(const struct unit_tree *tree)
{
	unit_file(tree->fd, "file", "text");
	unit_dir(tree->fd, "dir");
	MUST(symlinkat("file", tree->fd, "link"));
	MUST(mknodat(tree->fd, "fifo", S_IFIFO | 0644, 0));
	MUST(mknodat(tree->fd, "socket", S_IFSOCK | 0644, 0));
}

static void check(const struct unit_tree *tree, bool use_handles)
{
	struct identified ids[NAMES];
	struct zc_mounts mounts;
	char other[32];

	make_all(tree);
	zc_mounts_init(&mounts, use_handles);
	identify(&mounts, tree->path); /* the root of a backing tree always comes first */
	for (size_t i = 0; i < NAMES; i++) {
		struct identified again;
		mode_t mode;

		ids[i] = identify(&mounts, unit_path(tree, names[i]));
		mode = ids[i].stx.stx_mode;
		assert_int_equal(ids[i].err, 0);
		assert_int_equal(ids[i].id.ino, ids[i].stx.stx_ino);
		assert_int_equal(ids[i].id.dev, zc_dev_of(&ids[i].stx));
		assert_int_equal(ids[i].id.type, (mode & S_IFMT) >> 12);
		snprintf(other, sizeof(other), "%s2", names[i]);
		if (S_ISDIR(mode))
			MUST(renameat(tree->fd, names[i], tree->fd, other));
		else
			MUST(linkat(tree->fd, names[i], tree->fd, other, 0));
		again = identify(&mounts, unit_path(tree, other));
		assert_true(identified_same(&ids[i], &again));
		for (size_t k = 0; k < i; k++)
			assert_false(identified_same(&ids[i], &ids[k]));
	}
	assert_int_equal(mounts.count, 1);
	zc_mounts_fini(&mounts);
}

int main(void)
{
	return unit_with_and_without_handles(check);
}
