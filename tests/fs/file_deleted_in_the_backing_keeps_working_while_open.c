/* SPDX-License-Identifier: MIT */
/*
 * A file that is open on the mount and deleted or replaced directly in the backing directory stays
 * usable. Must not know: how the daemon holds open files.
 */
#include "zct.h"

static void use(int fd[2])
{
	GIVES(0, zct_fstat(fd[zct.side]));
	GIVES(4, zct_pread(fd[zct.side], 10, 0));
	GIVES(4, pwrite(fd[zct.side], "more", 4, 4));
	GIVES(8, zct_pread(fd[zct.side], 10, 0));
	GIVES(0, ftruncate(fd[zct.side], 3));
	GIVES(0, fchmod(fd[zct.side], 0600));
	GIVES(0, fallocate(fd[zct.side], 0, 0, 100));
	GIVES(0, fsync(fd[zct.side]));
	GIVES(0, zct_fstat(fd[zct.side]));
	zct_close_pair(fd);
}

static void deleted(void **state)
{
	(void)state;
	int fd[2];

	WORKS(zct_put("f", "text", 0644));
	zct_open_pair(fd, "f", O_RDWR, 0);
	WORKS(unlinkat(zct_behind(), "f", 0));
	FAILS(ENOENT, zct_stat("f"));
	FAILS(ENOENT, open("f", O_RDONLY));
	use(fd);
}

static void replaced(void **state)
{
	(void)state;
	int fd[2];

	WORKS(zct_put("g", "text", 0644));
	WORKS(zct_put("new", "new text", 0640));
	zct_open_pair(fd, "g", O_RDWR, 0);
	WORKS(renameat(zct_behind(), "new", zct_behind(), "g"));
	GIVES(8, zct_cat("g"));
	use(fd);
	GIVES(8, zct_cat("g"));
}

static void its_directory_was_moved(void **state)
{
	(void)state;
	int fd[2];

	WORKS(mkdir("d", 0755));
	WORKS(zct_put("d/f", "text", 0644));
	zct_open_pair(fd, "d/f", O_RDWR, 0);
	WORKS(renameat(zct_behind(), "d", zct_behind(), "e"));
	FAILS(ENOENT, zct_stat("d/f"));
	use(fd);
	GIVES(100, zct_cat("e/f"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(deleted),
		cmocka_unit_test(replaced),
		cmocka_unit_test(its_directory_was_moved),
	};

	return ZCT_RUN("timeout=0", tests);
}
