/* SPDX-License-Identifier: MIT */
/*
 * truncate and ftruncate: sizes up and down, zeros in what grows, permissions and refusals. Must
 * not know: who clears the tail of a page.
 */
#include "zct.h"

static void up_and_down(void **state)
{
	(void)state;
	static const long sizes[] = { 5000, 100, 10000, 4096, 4097, 0, 1, 1 << 20, 65537, 3 };
	static char bytes[6000];
	int fd[2];

	zct_fill(bytes, sizeof(bytes), 3);
	zct_open_pair(fd, "f", O_RDWR | O_CREAT, 0644);
	GIVES(6000, write(fd[zct.side], bytes, sizeof(bytes)));
	GIVES(6000, zct_pread(fd[zct.side], 6000, 0));
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		GIVES(0, i % 2 ? truncate("f", sizes[i]) : ftruncate(fd[zct.side], sizes[i]));
		WORKS(zct_stat("f"));
		GIVES(sizes[i], zct_cat("f"));
		WORKS(zct_pread(fd[zct.side], 7000, 50));
	}
	GIVES(6000, pwrite(fd[zct.side], bytes, sizeof(bytes), 10));
	WORKS(truncate("f", 500));
	WORKS(truncate("f", 9000));
	GIVES(9000, zct_cat("f"));
	zct_close_pair(fd);
}

static void the_refusals(void **state)
{
	(void)state;
	int fd[2];

	WORKS(zct_put("g", "text", 0644));
	WORKS(mkdir("d", 0755));
	WORKS(symlink("nowhere", "dangling"));
	WORKS(mkfifo("p", 0600));
	FAILS(EINVAL, truncate("g", -1));
	FAILS(EISDIR, truncate("d", 0));
	FAILS(ENOENT, truncate("missing", 0));
	FAILS(ENOENT, truncate("dangling", 0));
	FAILS(ENOTDIR, truncate("g/x", 0));
	FAILS(EINVAL, truncate("p", 0));
	zct_open_pair(fd, "g", O_RDONLY, 0);
	FAILS(EINVAL, ftruncate(fd[zct.side], 0));
	zct_close_pair(fd);
	AS_USER (ALICE)
		FAILS(EACCES, truncate("g", 0));
	GIVES(4, zct_cat("g"));
}

static void to_the_largest_sizes(void **state)
{
	static const long sizes[] = { 1L << 31, (1L << 32) + 1, 1L << 43,
				      1L << 44, 1L << 54,	LONG_MAX };

	(void)state;
	WORKS(zct_put("large", "text", 0644));
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		SAME(truncate("large", sizes[i]));
		WORKS(zct_stat("large"));
	}
	WORKS(truncate("large", 0));
}

static void by_a_descriptor_when_the_name_is_shut(void **state)
{
	(void)state;
	int fd[2];

	WORKS(zct_put("h", "text", 0666));
	WORKS(chmod("h", 0666));
	zct_open_pair(fd, "h", O_WRONLY, 0);
	WORKS(chmod("h", 0));
	AS_USER (ALICE) {
		FAILS(EACCES, truncate("h", 1));
		WORKS(ftruncate(fd[zct.side], 2));
	}
	zct_close_pair(fd);
	WORKS(zct_stat("h"));
}

static long times_move(const char *path, long size)
{
	const struct timespec old[2] = { { 1000, 0 }, { 1000, 0 } };
	struct stat st;

	MUST(utimensat(AT_FDCWD, path, old, 0));
	MUST(truncate(path, size));
	MUST(stat(path, &st));
	return st.st_mtim.tv_sec != 1000;
}

static void the_modification_time_moves(void **state)
{
	(void)state;
	WORKS(zct_put("t", "text", 0644));
	SAME(times_move("t", 10));
	SAME(times_move("t", 10));
	SAME(times_move("t", 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(up_and_down),
		cmocka_unit_test(the_refusals),
		cmocka_unit_test(to_the_largest_sizes),
		cmocka_unit_test(by_a_descriptor_when_the_name_is_shut),
		cmocka_unit_test(the_modification_time_moves),
	};

	return ZCT_RUN("", tests);
}
