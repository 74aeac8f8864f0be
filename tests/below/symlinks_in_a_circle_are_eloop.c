/* SPDX-License-Identifier: MIT */
/*
 * Forty symlinks in a row are followed, one more is ELOOP, and so is a circle, and any symlink where none is
 * to be followed. Must not know: who counts.
 */
#include "zct.h"

static void chain(void **state)
{
	(void)state;
	char from[16], to[16];

	WORKS(zct_put("l0", "end", 0644));
	for (int i = 1; i <= 41; i++) {
		snprintf(from, sizeof(from), "l%d", i);
		snprintf(to, sizeof(to), "l%d", i - 1);
		WORKS(symlink(to, from));
	}
	GIVES(3, zct_cat("l40"));
	FAILS(ELOOP, zct_cat("l41"));
	FAILS(ELOOP, truncate("l41", 0));
	FAILS(ELOOP, open("l1", O_RDONLY | O_NOFOLLOW));
	FAILS(ELOOP, open("l1", O_RDWR | O_CREAT | O_NOFOLLOW, 0644));
	WORKS(zct_stat("l41"));
	WORKS(unlink("l41"));
}

static void circle(void **state)
{
	(void)state;

	WORKS(symlink("b", "a"));
	WORKS(symlink("a", "b"));
	WORKS(symlink("self/x", "self"));
	FAILS(ELOOP, open("a", O_RDONLY));
	FAILS(ELOOP, open("a", O_RDWR | O_CREAT, 0644));
	FAILS(ELOOP, chmod("b", 0644));
	FAILS(ELOOP, mkdir("self/dir", 0755));
	FAILS(ELOOP, rename("self/x", "y"));
	FAILS(EEXIST, mkdir("a", 0755));
	FAILS(EEXIST, open("a", O_RDWR | O_CREAT | O_EXCL, 0644));
	WORKS(rename("a", "self"));
	WORKS(unlink("b"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chain),
		cmocka_unit_test(circle),
	};

	return ZCT_RUN("", tests);
}
