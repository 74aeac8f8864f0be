/* SPDX-License-Identifier: MIT */
/*
 * pread, pwrite, readv, writev at offsets and lengths around pages and requests; holes; short
 * reads. Must not know: request sizes.
 */
#include "zct.h"

#include <sys/uio.h>

static long write_at(int fd, size_t len, off_t at, unsigned int seed)
{
	char *buf = malloc(len + 1);
	long n;

	CHECK(buf);
	zct_fill(buf, len, seed);
	n = pwrite(fd, buf, len, at);
	free(buf);
	return n;
}

static void a_table_of_places(void **state)
{
	(void)state;
	static const struct {
		long at;
		size_t len;
	} places[] = {
		{ 0, 1 },	    { 1, 1 },
		{ 4095, 2 },	    { 4096, 4096 },
		{ 8191, 4098 },	    { 100, 0 },
		{ 131071, 131074 }, { 300000, 1 },
		{ 262144, 262144 }, { 1 << 20, 1048577 },
		{ 3000001, 77777 }, { 5, 4091 },
		{ 1 << 22, 65536 }, { (1 << 22) - 1, 3 },
		{ 6000000, 13 },
	};
	int fd[2], reader[2];

	zct_open_pair(fd, "f", O_RDWR | O_CREAT, 0644);
	zct_open_pair(reader, "f", O_RDONLY, 0);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		GIVES(places[i].len,
		      write_at(fd[zct.side], places[i].len, places[i].at, (unsigned)i));
		GIVES(places[i].len, zct_pread(reader[zct.side], places[i].len, places[i].at));
		WORKS(zct_stat("f"));
	}
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		WORKS(zct_pread(fd[zct.side], 2 * places[i].len + 3, places[i].at / 2));
	zct_close_pair(fd);
	zct_close_pair(reader);
	WORKS(zct_cat("f"));
}

static void at_the_end_and_beyond(void **state)
{
	(void)state;
	int fd[2];

	WORKS(zct_put("e", "0123456789", 0644));
	zct_open_pair(fd, "e", O_RDWR, 0);
	GIVES(3, zct_pread(fd[zct.side], 100, 7));
	GIVES(0, zct_pread(fd[zct.side], 100, 10));
	GIVES(0, zct_pread(fd[zct.side], 100, 1L << 40));
	FAILS(EINVAL, zct_pread(fd[zct.side], 1, -1));
	GIVES(1, write_at(fd[zct.side], 1, 20000, 9));
	GIVES(20001, zct_pread(fd[zct.side], 30000, 0));
	GIVES(4, write_at(fd[zct.side], 4, 1L << 32, 9));
	GIVES(4, zct_pread(fd[zct.side], 30, 1L << 32));
	GIVES(30, zct_pread(fd[zct.side], 30, (1L << 32) - 50));
	WORKS(zct_stat("e"));
	WORKS(ftruncate(fd[zct.side], 20001));
	zct_close_pair(fd);
}

static long vectors(int fd, bool out)
{
	char a[3] = "abc", b[5000], c[1] = "!";
	struct iovec v[] = { { a, sizeof(a) }, { b, sizeof(b) }, { NULL, 0 }, { c, sizeof(c) } };
	long n;

	zct_fill(b, sizeof(b), out);
	n = out ? writev(fd, v, 4) : preadv(fd, v, 4, 1);
	zct_note(a, sizeof(a));
	zct_note(b, sizeof(b));
	return n;
}

static void vectors_and_the_file_position(void **state)
{
	(void)state;
	char word[4];
	int fd[2];

	zct_open_pair(fd, "v", O_RDWR | O_CREAT, 0644);
	GIVES(5004, vectors(fd[zct.side], true));
	GIVES(5004, vectors(fd[zct.side], true));
	GIVES(10008, lseek(fd[zct.side], 0, SEEK_CUR));
	GIVES(5004, vectors(fd[zct.side], false));
	GIVES(5, lseek(fd[zct.side], -10003, SEEK_END));
	GIVES(4, read(fd[zct.side], word, 4));
	GIVES(9, lseek(fd[zct.side], 0, SEEK_CUR));
	FAILS(EINVAL, lseek(fd[zct.side], -1, SEEK_SET));
	GIVES(3, pwritev2(fd[zct.side], &(struct iovec){ word, 3 }, 1, 0, RWF_APPEND));
	GIVES(3, pwritev2(fd[zct.side], &(struct iovec){ word, 3 }, 1, 0, RWF_DSYNC));
	zct_close_pair(fd);
	WORKS(zct_cat("v"));
}

static void the_wrong_way_round(void **state)
{
	(void)state;
	char c = 'x';
	int fd[2];

	WORKS(zct_put("w", "text", 0644));
	zct_open_pair(fd, "w", O_RDONLY, 0);
	FAILS(EBADF, write(fd[zct.side], &c, 1));
	zct_close_pair(fd);
	zct_open_pair(fd, "w", O_WRONLY, 0);
	FAILS(EBADF, read(fd[zct.side], &c, 1));
	zct_close_pair(fd);
	WORKS(mkdir("dir", 0755));
	zct_open_pair(fd, "dir", O_RDONLY, 0);
	FAILS(EISDIR, read(fd[zct.side], &c, 1));
	zct_close_pair(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_table_of_places),
		cmocka_unit_test(at_the_end_and_beyond),
		cmocka_unit_test(vectors_and_the_file_position),
		cmocka_unit_test(the_wrong_way_round),
	};

	return ZCT_RUN("", tests);
}
