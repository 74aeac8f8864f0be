/* SPDX-License-Identifier: MIT */
/*
 * lseek SEEK_DATA and SEEK_HOLE on sparse files: the same answers as the backing file system
 * gives. Must not know: how big its blocks are.
 */
#include "zct.h"

enum { M = 1 << 20 };

static void make_sparse(const char *name)
{
	static char bytes[8192];
	int fd = (int)MUST(open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0644));

	zct_fill(bytes, sizeof(bytes), 1);
	MUST(pwrite(fd, bytes, sizeof(bytes), M));
	MUST(pwrite(fd, bytes, sizeof(bytes), 3 * M));
	MUST(ftruncate(fd, 4 * M));
	MUST(fsync(fd));
	close(fd);
}

static void every_whence_from_many_places(void **state)
{
	(void)state;
	static const long places[] = {
		0,	   1,	  M - 1, M, M + 5, M + 8192, 2 * M, 3 * M + 8191, 3 * M + 9000,
		4 * M - 1, 4 * M, 5 * M, -1
	};
	static const int whences[] = { SEEK_SET, SEEK_DATA, SEEK_HOLE, SEEK_CUR, SEEK_END, 17 };
	int fd[2];

	BOTH(make_sparse("f"));
	zct_open_pair(fd, "f", O_RDONLY, 0);
	for (size_t w = 0; w < sizeof(whences) / sizeof(whences[0]); w++)
		for (size_t p = 0; p < sizeof(places) / sizeof(places[0]); p++) {
			WORKS(lseek(fd[zct.side], 0, SEEK_SET));
			SAME(lseek(fd[zct.side], places[p], whences[w]));
			WORKS(lseek(fd[zct.side], 0, SEEK_CUR));
		}
	FAILS(ENXIO, lseek(fd[zct.side], 4 * M, SEEK_DATA));
	FAILS(ENXIO, lseek(fd[zct.side], 5 * M, SEEK_HOLE));
	GIVES(3 * M + 8192, lseek(fd[zct.side], 3 * M + 1, SEEK_HOLE));
	zct_close_pair(fd);
}

static void fresh_data_is_found_before_any_sync(void **state)
{
	(void)state;
	int fd[2];

	zct_open_pair(fd, "g", O_RDWR | O_CREAT, 0644);
	WORKS(ftruncate(fd[zct.side], 2 * M));
	GIVES(4, pwrite(fd[zct.side], "data", 4, M));
	SAME(lseek(fd[zct.side], 0, SEEK_DATA));
	SAME(lseek(fd[zct.side], M, SEEK_HOLE));
	FAILS(ENXIO, lseek(fd[zct.side], 2 * M, SEEK_DATA));
	WORKS(ftruncate(fd[zct.side], 0));
	FAILS(ENXIO, lseek(fd[zct.side], 0, SEEK_DATA));
	FAILS(ENXIO, lseek(fd[zct.side], 0, SEEK_HOLE));
	zct_close_pair(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_whence_from_many_places),
		cmocka_unit_test(fresh_data_is_found_before_any_sync),
	};

	return ZCT_RUN("", tests);
}
