/* SPDX-License-Identifier: MIT */
/*
 * renameat2 RENAME_WHITEOUT gives what the backing file system gives, and leaves the same behind.
 * Must not know: which file systems have whiteouts.
 */
#include "zct.h"

static int move(const char *from, const char *to, unsigned int flags)
{
	return renameat2(AT_FDCWD, from, AT_FDCWD, to, flags);
}

static void by_root(void **state)
{
	(void)state;
	WORKS(zct_put("f", "f", 0644));
	WORKS(zct_put("g", "g", 0644));
	SAME(move("f", "h", RENAME_WHITEOUT));
	SAME(zct_stat("f"));
	SAME(zct_stat("h"));
	SAME(move("g", "h", RENAME_WHITEOUT | RENAME_NOREPLACE));
	SAME(move("g", "h", RENAME_WHITEOUT));
	SAME(zct_stat("g"));
}

static void by_a_user(void **state)
{
	(void)state;
	WORKS(mkdir("open", 0777));
	WORKS(chmod("open", 0777));
	AS_USER (ALICE) {
		WORKS(zct_put("open/f", "f", 0644));
		SAME(move("open/f", "open/g", RENAME_WHITEOUT));
		SAME(zct_stat("open/f"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_root),
		cmocka_unit_test(by_a_user),
	};

	return ZCT_RUN("", tests);
}
