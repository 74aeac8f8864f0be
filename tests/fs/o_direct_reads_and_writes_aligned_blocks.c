/* SPDX-License-Identifier: MIT */
/*
 * O_DIRECT: aligned writes and reads give the same bytes as buffered ones, also mixed on one file.
 * Must not know: the alignment a file system asks for, beyond 4096.
 */
#include "zct.h"

enum { BLOCK = 4096, SIZE = 64 * BLOCK };

static char *aligned(unsigned int seed)
{
	void *p = NULL;

	CHECK(posix_memalign(&p, BLOCK, SIZE) == 0);
	zct_fill(p, SIZE, seed);
	return p;
}

static void need_direct(void)
{
	int fd;

	zct_enter(TWIN);
	fd = open("probe", O_RDWR | O_CREAT | O_DIRECT | O_CLOEXEC, 0600);
	unlink("probe");
	zct_leave(NULL);
	if (fd < 0)
		zct_skip("no O_DIRECT on this file system");
	close(fd);
}

static void written_and_read_direct_and_buffered(void **state)
{
	(void)state;
	char *out = aligned(1), *in = aligned(2);
	int direct[2], buffered[2];

	need_direct();
	zct_open_pair(direct, "f", O_RDWR | O_CREAT | O_DIRECT, 0644);
	zct_open_pair(buffered, "f", O_RDWR, 0);
	GIVES(SIZE, pwrite(direct[zct.side], out, SIZE, 0));
	GIVES(SIZE, zct_pread(buffered[zct.side], SIZE, 0));
	GIVES(3, pwrite(buffered[zct.side], "abc", 3, BLOCK));
	GIVES(SIZE, pread(direct[zct.side], in, SIZE, 0));
	CHECK(!memcmp(in, out, BLOCK) && !memcmp(in + BLOCK, "abc", 3));
	CHECK(!memcmp(in + BLOCK + 3, out + BLOCK + 3, SIZE - BLOCK - 3));
	GIVES(BLOCK, pwrite(direct[zct.side], out, BLOCK, SIZE));
	GIVES(BLOCK, pread(direct[zct.side], in, SIZE, SIZE));
	GIVES(0, pread(direct[zct.side], in, SIZE, SIZE + BLOCK));
	WORKS(ftruncate(direct[zct.side], SIZE + 10));
	GIVES(10, pread(direct[zct.side], in, BLOCK, SIZE));
	zct_close_pair(direct);
	zct_close_pair(buffered);
	free(out);
	free(in);
}

static void append_and_direct(void **state)
{
	(void)state;
	char *out = aligned(3);
	int fd[2];

	need_direct();
	zct_open_pair(fd, "a", O_WRONLY | O_CREAT | O_DIRECT | O_APPEND, 0644);
	GIVES(BLOCK, write(fd[zct.side], out, BLOCK));
	GIVES(BLOCK, write(fd[zct.side], out + BLOCK, BLOCK));
	zct_close_pair(fd);
	GIVES(2 * BLOCK, zct_cat("a"));
	free(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(written_and_read_direct_and_buffered),
		cmocka_unit_test(append_and_direct),
	};

	return ZCT_RUN("", tests);
}
