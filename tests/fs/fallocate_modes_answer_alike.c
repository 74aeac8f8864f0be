/* SPDX-License-Identifier: MIT */
/*
 * fallocate with each mode: size, content and refusals; modes that FUSE does not pass on give
 * EOPNOTSUPP. Must not know: which blocks the file system chose.
 */
#include "zct.h"

#include <linux/falloc.h>

enum { K = 1024 };

static void fresh(int fd[2], const char *name)
{
	static char bytes[64 * K];

	zct_fill(bytes, sizeof(bytes), 5);
	zct_open_pair(fd, name, O_RDWR | O_CREAT, 0644);
	GIVES(64 * K, pwrite(fd[zct.side], bytes, sizeof(bytes), 0));
}

static void modes_and_ranges(void **state)
{
	(void)state;
	static const struct {
		int mode;
		long at, len;
	} cases[] = {
		{ 0, 0, 100 * K },
		{ 0, 10 * K, 5 },
		{ FALLOC_FL_KEEP_SIZE, 90 * K, 200 * K },
		{ FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 4 * K, 8 * K },
		{ FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 20001, 1234 },
		{ FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 99 * K, 50 * K },
		{ FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 500 * K, 50 * K },
		{ FALLOC_FL_PUNCH_HOLE, 0, K },
		{ FALLOC_FL_ZERO_RANGE, 30 * K + 1, 3000 },
		{ FALLOC_FL_ZERO_RANGE, 95 * K, 15 * K },
		{ FALLOC_FL_ZERO_RANGE | FALLOC_FL_KEEP_SIZE, 100 * K, 50 * K },
		{ FALLOC_FL_ZERO_RANGE | FALLOC_FL_PUNCH_HOLE, 0, K },
		{ 0, -1, 10 },
		{ 0, 0, 0 },
		{ 0, 0, -5 },
		{ 0, LONG_MAX - 5, 10 },
	};
	int fd[2];

	fresh(fd, "f");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SAME(fallocate(fd[zct.side], cases[i].mode, cases[i].at, cases[i].len));
		WORKS(zct_stat("f"));
		WORKS(zct_cat("f"));
	}
	zct_close_pair(fd);
}

static void modes_that_fuse_refuses(void **state)
{
	(void)state;
	int fd[2];

	fresh(fd, "g");
	FORCED(EOPNOTSUPP, fallocate(fd[zct.side], FALLOC_FL_COLLAPSE_RANGE, 4 * K, 8 * K));
	FORCED(EOPNOTSUPP, fallocate(fd[zct.side], FALLOC_FL_INSERT_RANGE, 4 * K, 8 * K));
	FORCED(EOPNOTSUPP, fallocate(fd[zct.side], FALLOC_FL_UNSHARE_RANGE, 0, 4 * K));
	WORKS(zct_cat("g"));
	zct_close_pair(fd);
}

static void the_refusals(void **state)
{
	(void)state;
	int fd[2];

	WORKS(zct_put("r", "text", 0644));
	WORKS(mkdir("d", 0755));
	zct_open_pair(fd, "r", O_RDONLY, 0);
	FAILS(EBADF, fallocate(fd[zct.side], 0, 0, 10));
	zct_close_pair(fd);
	zct_open_pair(fd, "r", O_RDWR | O_APPEND, 0);
	SAME(fallocate(fd[zct.side], FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 1));
	zct_close_pair(fd);
	zct_open_pair(fd, "d", O_RDONLY, 0);
	FAILS(EBADF, fallocate(fd[zct.side], 0, 0, 10));
	zct_close_pair(fd);
	WORKS(mkfifo("p", 0600));
	zct_open_pair(fd, "p", O_RDWR, 0);
	FAILS(ESPIPE, fallocate(fd[zct.side], 0, 0, 10));
	zct_close_pair(fd);
}

static void allocated_blocks_show_in_stat(void **state)
{
	(void)state;
	struct stat a, b;
	int fd[2];

	zct_open_pair(fd, "blocks", O_RDWR | O_CREAT, 0644);
	WORKS(fallocate(fd[zct.side], FALLOC_FL_KEEP_SIZE, 0, 1024 * K));
	WORKS(fsync(fd[zct.side]));
	MUST(fstat(fd[MNT], &a));
	MUST(fstatat(zct.fd[BACK], "blocks", &b, 0));
	CHECK_EQ(a.st_blocks, b.st_blocks);
	CHECK(a.st_blocks >= 2048);
	zct_close_pair(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(modes_and_ranges),
		cmocka_unit_test(modes_that_fuse_refuses),
		cmocka_unit_test(the_refusals),
		cmocka_unit_test(allocated_blocks_show_in_stat),
	};

	return ZCT_RUN("", tests);
}
