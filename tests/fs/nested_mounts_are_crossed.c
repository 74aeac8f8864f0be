/* SPDX-License-Identifier: MIT */
/*
 * File systems mounted inside the backing tree, before and after the start, are part of the mount:
 * used like the rest, one st_dev, no st_ino twice, own free space, EXDEV between them, EBUSY on
 * their roots. Must not know: how inode numbers are kept apart.
 */
#include "zct.h"

#include <dirent.h>
#include <sys/mount.h>
#include <sys/vfs.h>

static void mount_tmpfs(const char *top, const char *side, const char *name)
{
	char path[600];

	snprintf(path, sizeof(path), "%s/%s/%s", top, side, name);
	MUST(mkdir(path, 0755));
	MUST(mount("zct", path, "tmpfs", 0, "size=16m,mode=0750"));
}

static void mount_early(const char *top)
{
	mount_tmpfs(top, "backing", "early");
	mount_tmpfs(top, "twin", "early");
}

static void use(const char *name)
{
	int old = (int)MUST(open(".", O_PATH | O_CLOEXEC));

	MUST(chdir(name));
	MUST(zct_stat("."));
	MUST(zct_put("f", "text", 0640));
	MUST(mkdir("d", 0755));
	MUST(zct_put("d/g", "more", 0600));
	MUST(link("f", "d/second"));
	MUST(rename("d/g", "g"));
	MUST(symlink("f", "l"));
	CHECK_EQ(zct_cat("d/second"), 4);
	MUST(truncate("f", 10000));
	CHECK_EQ(zct_cat("l"), 10000);
	MUST(zct_stat("d/second"));
	MUST(zct_stat("../outside"));
	MUST(fchdir(old));
	close(old);
}

static long blocks_of(const char *path)
{
	struct statfs st;

	MUST(statfs(path, &st));
	return (long)(st.f_blocks * (unsigned long)st.f_frsize);
}

static void cross(const char *name)
{
	char f[64], there[64];

	snprintf(f, sizeof(f), "%s/f", name);
	snprintf(there, sizeof(there), "%s/outside", name);
	WORKS((use(name), 0));
	FAILS(EXDEV, rename("outside", there));
	FAILS(EXDEV, rename(f, "moved-out"));
	FAILS(EXDEV, link("outside", there));
	FAILS(EXDEV, renameat2(AT_FDCWD, f, AT_FDCWD, "outside", RENAME_EXCHANGE));
	FAILS(EBUSY, rmdir(name));
	FAILS(EBUSY, rename(name, "renamed"));
	GIVES(16 << 20, blocks_of(name));
	GIVES(16 << 20, blocks_of(f));
}

static void mounted_before_and_after_the_start(void **state)
{
	(void)state;
	zct_before_start = mount_early;
	zct_start("");
	WORKS(zct_put("outside", "outside", 0644));
	WORKS(zct_stat("early"));
	cross("early");
	/* A private bind mount does not learn of later mounts. */
	if (!zct.standin) {
		mount_tmpfs(zct.top, "backing", "late");
		mount_tmpfs(zct.top, "twin", "late");
		WORKS(zct_stat("late"));
		cross("late");
	}
	CHECK_EQ(zct_tree_diff(MNT, BACK, true), 0);
	CHECK_EQ(zct_tree_diff(TWIN, BACK, false), 0);
	zct_stop();
}

struct seen {
	ino_t ino[256];
	size_t n;
};

static void see(struct seen *seen, const struct stat *st)
{
	if (!S_ISDIR(st->st_mode) && st->st_nlink > 1)
		return;
	for (size_t i = 0; i < seen->n; i++)
		if (seen->ino[i] == st->st_ino)
			zct_fail(ZCT_HERE, "st_ino %lu twice", (unsigned long)st->st_ino);
	CHECK(seen->n < 256);
	seen->ino[seen->n++] = st->st_ino;
}

static void walk(int dirfd, dev_t dev, struct seen *seen)
{
	DIR *dir = fdopendir(dirfd);
	struct dirent *de;
	struct stat st;

	CHECK(dir);
	while ((de = readdir(dir))) {
		if (!strcmp(de->d_name, ".") || !strcmp(de->d_name, ".."))
			continue;
		MUST(fstatat(dirfd, de->d_name, &st, AT_SYMLINK_NOFOLLOW));
		CHECK_EQ(st.st_dev, dev);
		see(seen, &st);
		if (S_ISDIR(st.st_mode))
			walk((int)MUST(openat(dirfd, de->d_name, O_RDONLY | O_CLOEXEC)), dev, seen);
	}
	closedir(dir);
}

static void inode_numbers_are_unique_over_the_whole_mount(void **state)
{
	(void)state;
	struct seen seen = { .n = 0 };
	struct stat root;

	zct_before_start = mount_early;
	zct_start("");
	if (zct.standin) {
		zct_stop();
		return; /* a bind mount shows each device as it is */
	}
	mount_tmpfs(zct.top, "backing", "late");
	WORKS(zct_put("outside", "outside", 0644));
	for (int i = 0; i < 2; i++) {
		const char *name = i ? "late" : "early";

		zct_enter(MNT);
		use(name);
		zct_leave(NULL);
	}
	MUST(stat(zct.dir[MNT], &root));
	walk((int)MUST(open(zct.dir[MNT], O_RDONLY | O_CLOEXEC)), root.st_dev, &seen);
	CHECK(seen.n >= 9);
	zct_stop();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mounted_before_and_after_the_start),
		cmocka_unit_test(inode_numbers_are_unique_over_the_whole_mount),
	};

	return zct_run(NULL, tests, sizeof(tests) / sizeof(tests[0]));
}
