/* SPDX-License-Identifier: MIT */
/*
 * statfs by name and descriptor: block size, totals, free space and name length of the backing
 * file system. Must not know: f_type, f_fsid, f_flags, which the kernel fills in for the mount.
 */
#include "zct.h"

#include <sys/vfs.h>

static bool between(uint64_t v, uint64_t a, uint64_t b)
{
	return (v >= a && v <= b) || (v >= b && v <= a);
}

/* Others use the disk too: free space has to lie between two looks at the twin. */
static bool compare(const char *name)
{
	struct statfs before, mnt, after;
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", zct.dir[TWIN], name);
	MUST(statfs(path, &before));
	snprintf(path, sizeof(path), "%s/%s", zct.dir[MNT], name);
	MUST(statfs(path, &mnt));
	snprintf(path, sizeof(path), "%s/%s", zct.dir[TWIN], name);
	MUST(statfs(path, &after));
	CHECK_EQ(mnt.f_bsize, after.f_bsize);
	CHECK_EQ(mnt.f_frsize, after.f_frsize);
	CHECK_EQ(mnt.f_blocks, after.f_blocks);
	CHECK_EQ(mnt.f_namelen, after.f_namelen);
	return between(mnt.f_bfree, before.f_bfree, after.f_bfree) &&
	       between(mnt.f_bavail, before.f_bavail, after.f_bavail) &&
	       between(mnt.f_files, before.f_files, after.f_files) &&
	       between(mnt.f_ffree, before.f_ffree, after.f_ffree);
}

static void by_name(void **state)
{
	(void)state;
	static const char *const names[] = { ".", "f", "d", "f" };

	WORKS(zct_put("f", "x", 0644));
	WORKS(mkdir("d", 0755));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		int tries = 0;

		while (!compare(names[i]))
			CHECK(++tries < 1000);
	}
}

static long frsize(int fd)
{
	struct statfs st;

	if (fstatfs(fd, &st) < 0)
		return -1;
	zct_notef("%lu blocks, names of %ld", (unsigned long)st.f_blocks, (long)st.f_namelen);
	return st.f_frsize;
}

static void by_descriptor(void **state)
{
	(void)state;
	int fd[2];

	WORKS(zct_put("g", "x", 0644));
	zct_open_pair(fd, "g", O_RDONLY, 0);
	WORKS(frsize(fd[zct.side]));
	WORKS(unlink("g"));
	WORKS(frsize(fd[zct.side]));
	zct_close_pair(fd);
	zct_open_pair(fd, ".", O_RDONLY, 0);
	WORKS(frsize(fd[zct.side]));
	zct_close_pair(fd);
}

static long statfs_of(const char *path)
{
	struct statfs st;

	return statfs(path, &st);
}

static void the_refusals(void **state)
{
	(void)state;
	WORKS(zct_put("h", "x", 0644));
	WORKS(mkdir("shut", 0700));
	FAILS(ENOENT, statfs_of("missing"));
	FAILS(ENOTDIR, statfs_of("h/x"));
	AS_USER (ALICE) {
		FAILS(EACCES, statfs_of("shut/x"));
		WORKS(statfs_of("shut"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_name),
		cmocka_unit_test(by_descriptor),
		cmocka_unit_test(the_refusals),
	};

	return ZCT_RUN("", tests);
}
