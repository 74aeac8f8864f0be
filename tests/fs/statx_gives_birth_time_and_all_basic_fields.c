/* SPDX-License-Identifier: MIT */
/*
 * statx by name and by descriptor: each basic field and the birth time are the backing file's.
 * Must not know: st_dev, st_ino: a mount has its own device number.
 */
#include "zct.h"

static void compare(const struct statx *a, const struct statx *b)
{
	CHECK_EQ(a->stx_mask & (STATX_BASIC_STATS | STATX_BTIME),
		 b->stx_mask & (STATX_BASIC_STATS | STATX_BTIME));
	CHECK_EQ(a->stx_mode, b->stx_mode);
	CHECK_EQ(a->stx_nlink, b->stx_nlink);
	CHECK_EQ(a->stx_uid, b->stx_uid);
	CHECK_EQ(a->stx_gid, b->stx_gid);
	CHECK_EQ(a->stx_size, b->stx_size);
	CHECK_EQ(a->stx_blocks, b->stx_blocks);
	CHECK_EQ(a->stx_blksize, b->stx_blksize);
	CHECK_EQ(a->stx_rdev_major, b->stx_rdev_major);
	CHECK_EQ(a->stx_rdev_minor, b->stx_rdev_minor);
	CHECK(!memcmp(&a->stx_btime, &b->stx_btime, sizeof(a->stx_btime)));
	CHECK(!memcmp(&a->stx_mtime, &b->stx_mtime, sizeof(a->stx_mtime)));
	CHECK(!memcmp(&a->stx_ctime, &b->stx_ctime, sizeof(a->stx_ctime)));
	CHECK(!memcmp(&a->stx_atime, &b->stx_atime, sizeof(a->stx_atime)));
}

static void compare_name(const char *name)
{
	struct statx stx[ZCT_SIDES];

	for (int side = 0; side < ZCT_SIDES; side++)
		MUST(statx(zct.fd[side], name, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS | STATX_BTIME,
			   &stx[side]));
	compare(&stx[MNT], &stx[BACK]);
	CHECK_EQ(stx[MNT].stx_mask & STATX_BTIME, stx[TWIN].stx_mask & STATX_BTIME);
}

static void by_name(void **state)
{
	(void)state;
	static const char *const names[] = { "f", "d", "l", "p", "c", "." };

	WORKS(zct_put("f", "twelve bytes", 04711));
	WORKS(mkdir("d", 01777));
	WORKS(symlink("f", "l"));
	WORKS(mkfifo("p", 0600));
	WORKS(mknod("c", S_IFCHR | 0600, 0x103));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		compare_name(names[i]);
}

static void by_descriptor_and_after_changes(void **state)
{
	(void)state;
	struct statx stx[2], old;
	int fd[2];
	static char block[40000];

	zct_open_pair(fd, "g", O_RDWR | O_CREAT, 0644);
	MUST(statx(fd[MNT], "", AT_EMPTY_PATH, STATX_BTIME, &old));
	WORKS(write(fd[zct.side], block, sizeof(block)));
	WORKS(fchmod(fd[zct.side], 0600));
	WORKS(fsync(fd[zct.side]));
	MUST(statx(fd[MNT], "", AT_EMPTY_PATH, STATX_BASIC_STATS | STATX_BTIME, &stx[0]));
	MUST(statx(zct.fd[BACK], "g", 0, STATX_BASIC_STATS | STATX_BTIME, &stx[1]));
	compare(&stx[0], &stx[1]);
	CHECK(!memcmp(&old.stx_btime, &stx[0].stx_btime, sizeof(old.stx_btime)));
	CHECK(!(stx[0].stx_mask & STATX_BTIME) || stx[0].stx_btime.tv_sec > 1000000);
	zct_close_pair(fd);
}

static void the_refusals(void **state)
{
	(void)state;
	struct statx stx;

	WORKS(zct_put("h", "", 0644));
	FAILS(ENOENT, statx(AT_FDCWD, "missing", 0, STATX_BTIME, &stx));
	FAILS(ENOTDIR, statx(AT_FDCWD, "h/x", 0, STATX_BTIME, &stx));
	FAILS(EINVAL, statx(AT_FDCWD, "h", AT_STATX_FORCE_SYNC | AT_STATX_DONT_SYNC, 0, &stx));
	GIVES(0, statx(AT_FDCWD, "h", AT_STATX_FORCE_SYNC, STATX_BTIME, &stx));
	GIVES(0, statx(AT_FDCWD, "h", AT_STATX_DONT_SYNC, STATX_SIZE, &stx));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_name),
		cmocka_unit_test(by_descriptor_and_after_changes),
		cmocka_unit_test(the_refusals),
	};

	return ZCT_RUN("", tests);
}
