/* SPDX-License-Identifier: MIT */
/*
 * renameat2 RENAME_EXCHANGE swaps files, directories and links, whatever their types. Must not
 * know: other rename flags.
 */
#include "zct.h"

static int swap(const char *a, const char *b)
{
	return renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE);
}

static void names_change_places(void **state)
{
	(void)state;
	WORKS(zct_put("f", "file f", 0644));
	WORKS(zct_put("g", "g", 0600));
	WORKS(mkdir("d", 0755));
	WORKS(mkdir("d/deep", 0755));
	WORKS(zct_put("d/deep/x", "deep x", 0644));
	WORKS(symlink("f", "l"));
	WORKS(swap("f", "g"));
	GIVES(1, zct_cat("f"));
	GIVES(6, zct_cat("g"));
	WORKS(zct_stat("f"));
	WORKS(swap("f", "d"));
	WORKS(zct_stat("f"));
	WORKS(zct_stat("d"));
	GIVES(6, zct_cat("f/deep/x"));
	WORKS(swap("g", "f/deep/x"));
	GIVES(6, zct_cat("f/deep/x"));
	WORKS(swap("l", "f/deep"));
	WORKS(zct_stat("l"));
	WORKS(zct_stat("f"));
	WORKS(zct_stat("."));
}

static void the_refusals(void **state)
{
	(void)state;
	WORKS(zct_put("a", "a", 0644));
	WORKS(mkdir("p", 0755));
	WORKS(mkdir("p/q", 0755));
	FAILS(ENOENT, swap("a", "missing"));
	FAILS(ENOENT, swap("missing", "a"));
	FAILS(EINVAL, swap("p", "p/q"));
	SAME(swap("p/q", "p"));
	WORKS(swap("a", "a"));
	AS_USER (ALICE)
		FAILS(EACCES, swap("a", "p"));
}

static void open_files_stay_what_they_were(void **state)
{
	(void)state;
	int fd[2];

	WORKS(zct_put("old", "old", 0644));
	WORKS(zct_put("new", "newer", 0644));
	zct_open_pair(fd, "old", O_RDWR, 0);
	WORKS(swap("old", "new"));
	GIVES(3, zct_pread(fd[zct.side], 10, 0));
	GIVES(1, pwrite(fd[zct.side], "+", 1, 3));
	GIVES(4, zct_cat("new"));
	GIVES(5, zct_cat("old"));
	zct_close_pair(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_change_places),
		cmocka_unit_test(the_refusals),
		cmocka_unit_test(open_files_stay_what_they_were),
	};

	return ZCT_RUN("", tests);
}
