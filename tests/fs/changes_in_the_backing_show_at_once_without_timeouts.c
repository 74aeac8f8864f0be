/* SPDX-License-Identifier: MIT */
/*
 * With -o timeout=0 whatever happens directly in the backing directory is what the mount shows
 * next. Must not know: notifications; they are not needed without time-outs.
 */
#include "zct.h"

#include <sys/xattr.h>

static int put_behind(const char *name, const char *text)
{
	int fd =
	    (int)MUST(openat(zct_behind(), name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
	ssize_t n = write(fd, text, strlen(text));

	close(fd);
	return n == (ssize_t)strlen(text) ? 0 : -1;
}

static long count(void)
{
	return zct_tree_diff(MNT, BACK, true) + zct_tree_diff(TWIN, BACK, false);
}

static void names_appear_and_go(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++) {
		FAILS(ENOENT, zct_stat("f"));
		GIVES(0, put_behind("f", "text"));
		WORKS(zct_stat("f"));
		GIVES(4, zct_cat("f"));
		CHECK_EQ(count(), 0);
		WORKS(unlinkat(zct_behind(), "f", 0));
		FAILS(ENOENT, zct_stat("f"));
		WORKS(mkdirat(zct_behind(), "f", 0700));
		WORKS(zct_stat("f"));
		WORKS(mkdir("f/inside", 0755));
		CHECK_EQ(count(), 0);
		WORKS(unlinkat(zct_behind(), "f/inside", AT_REMOVEDIR));
		WORKS(unlinkat(zct_behind(), "f", AT_REMOVEDIR));
	}
}

static void attributes_and_content_follow(void **state)
{
	(void)state;
	GIVES(0, put_behind("g", "one"));
	GIVES(3, zct_cat("g"));
	GIVES(0, put_behind("g", "two!"));
	GIVES(4, zct_cat("g"));
	GIVES(0, put_behind("g", "owt?"));
	GIVES(4, zct_cat("g"));
	WORKS(fchmodat(zct_behind(), "g", 0600, 0));
	WORKS(fchownat(zct_behind(), "g", ALICE, TEAM, 0));
	WORKS(zct_stat("g"));
	AS_USER (BOB)
		FAILS(EACCES, open("g", O_RDONLY));
	WORKS(fchmodat(zct_behind(), "g", 0644, 0));
	AS_USER (BOB)
		WORKS(zct_try_open("g", O_RDONLY, 0));
	CHECK_EQ(count(), 0);
}

static void renames_follow(void **state)
{
	(void)state;
	WORKS(mkdirat(zct_behind(), "d", 0755));
	GIVES(0, put_behind("d/f", "in d"));
	GIVES(4, zct_cat("d/f"));
	WORKS(renameat(zct_behind(), "d", zct_behind(), "e"));
	FAILS(ENOENT, zct_stat("d/f"));
	GIVES(4, zct_cat("e/f"));
	GIVES(0, put_behind("d", "a file now"));
	GIVES(10, zct_cat("d"));
	WORKS(renameat2(zct_behind(), "d", zct_behind(), "e", RENAME_EXCHANGE));
	GIVES(10, zct_cat("e"));
	GIVES(4, zct_cat("d/f"));
	CHECK_EQ(count(), 0);
}

static void an_open_file_reads_what_was_written_behind_it(void **state)
{
	(void)state;
	int fd[2];

	GIVES(0, put_behind("h", "first"));
	zct_open_pair(fd, "h", O_RDONLY, 0);
	GIVES(5, zct_pread(fd[zct.side], 100, 0));
	GIVES(0, put_behind("h", "second and longer"));
	GIVES(17, zct_pread(fd[zct.side], 100, 0));
	zct_close_pair(fd);
}

static void extended_attributes_and_links_follow(void **state)
{
	(void)state;
	char path[512];

	GIVES(0, put_behind("x", "x"));
	FAILS(ENODATA, getxattr("x", "user.a", NULL, 0));
	for (int side = TWIN; side <= BACK; side++) {
		snprintf(path, sizeof(path), "%s/x", zct.dir[side]);
		MUST(setxattr(path, "user.a", "value", 5, 0));
	}
	GIVES(5, getxattr("x", "user.a", NULL, 0));
	WORKS(symlinkat("one", zct_behind(), "l"));
	WORKS(zct_stat("l"));
	WORKS(unlinkat(zct_behind(), "l", 0));
	WORKS(symlinkat("another", zct_behind(), "l"));
	CHECK_EQ(count(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_appear_and_go),
		cmocka_unit_test(attributes_and_content_follow),
		cmocka_unit_test(renames_follow),
		cmocka_unit_test(an_open_file_reads_what_was_written_behind_it),
		cmocka_unit_test(extended_attributes_and_links_follow),
	};

	return ZCT_RUN("timeout=0", tests);
}
