/* SPDX-License-Identifier: MIT */
/*
 * A file that is open stays the same file when it is moved, replaced, or its directory is moved.
 * Must not know: planes.
 */
#include "zct.h"

static void the_open_file_is_moved(void **state)
{
	(void)state;
	int fd[2];

	WORKS(mkdir("d", 0755));
	WORKS(zct_put("f", "first", 0644));
	zct_open_pair(fd, "f", O_RDWR, 0);
	WORKS(rename("f", "d/g"));
	GIVES(5, zct_pread(fd[zct.side], 10, 0));
	GIVES(6, pwrite(fd[zct.side], "second", 6, 5));
	GIVES(11, zct_cat("d/g"));
	WORKS(rename("d", "e"));
	WORKS(ftruncate(fd[zct.side], 3));
	GIVES(3, zct_cat("e/g"));
	FAILS(ENOENT, zct_stat("d/g"));
	zct_close_pair(fd);
}

static void the_open_file_is_replaced(void **state)
{
	(void)state;
	int fd[2];

	WORKS(zct_put("old", "old one", 0644));
	WORKS(zct_put("new", "new", 0600));
	zct_open_pair(fd, "old", O_RDWR, 0);
	WORKS(rename("new", "old"));
	GIVES(0, zct_fstat(fd[zct.side]));
	GIVES(7, zct_pread(fd[zct.side], 10, 0));
	GIVES(4, pwrite(fd[zct.side], "more", 4, 7));
	GIVES(11, zct_pread(fd[zct.side], 20, 0));
	GIVES(3, zct_cat("old"));
	zct_close_pair(fd);
	GIVES(3, zct_cat("old"));
}

static void a_file_is_made_in_an_open_directory_that_moved(void **state)
{
	(void)state;
	int dir[2];

	WORKS(mkdir("from", 0755));
	WORKS(mkdir("to", 0755));
	zct_open_pair(dir, "from", O_RDONLY | O_DIRECTORY, 0);
	WORKS(rename("from", "to/here"));
	WORKS(mkdirat(dir[zct.side], "inside", 0755));
	WORKS(zct_stat("to/here/inside"));
	WORKS(faccessat(dir[zct.side], "../here/inside", F_OK, 0));
	zct_close_pair(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_open_file_is_moved),
		cmocka_unit_test(the_open_file_is_replaced),
		cmocka_unit_test(a_file_is_made_in_an_open_directory_that_moved),
	};

	return ZCT_RUN("", tests);
}
