/* SPDX-License-Identifier: MIT */
/*
 * mkdir and rmdir: modes, link counts of the parent, and every refusal.
 * Must not know: anything but names.
 */
#include "zct.h"

static void mkdir_makes_and_refuses(void **state)
{
	(void)state;
	WORKS(mkdir("d", 0755));
	WORKS(mkdir("d/e", 0700));
	WORKS(mkdir("d/sticky", 01777));
	WORKS(zct_stat("d"));
	WORKS(zct_stat("d/e"));
	WORKS(zct_put("f", "x", 0644));
	FAILS(EEXIST, mkdir("d", 0755));
	FAILS(EEXIST, mkdir("f", 0755));
	FAILS(EEXIST, mkdir(".", 0755));
	FAILS(ENOENT, mkdir("missing/d", 0755));
	FAILS(ENOTDIR, mkdir("f/d", 0755));
	AS_USER (ALICE)
		FAILS(EACCES, mkdir("d/alice", 0755));
}

static void rmdir_removes_and_refuses(void **state)
{
	(void)state;
	WORKS(mkdir("p", 0755));
	WORKS(mkdir("p/full", 0755));
	WORKS(mkdir("p/empty", 0755));
	WORKS(zct_put("p/full/f", "x", 0644));
	WORKS(symlink("empty", "p/link"));
	FAILS(ENOTEMPTY, rmdir("p/full"));
	FAILS(ENOTDIR, rmdir("p/full/f"));
	FAILS(ENOTDIR, rmdir("p/link"));
	FAILS(ENOENT, rmdir("p/missing"));
	FAILS(EINVAL, rmdir("p/."));
	FAILS(ENOTEMPTY, rmdir("p/full/.."));
	AS_USER (ALICE)
		FAILS(EACCES, rmdir("p/empty"));
	WORKS(rmdir("p/empty"));
	FAILS(ENOENT, rmdir("p/empty"));
	FAILS(ENOENT, zct_stat("p/empty"));
	WORKS(zct_stat("p"));
	WORKS(mkdir("p/empty", 0700));
	WORKS(zct_stat("p/empty"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mkdir_makes_and_refuses),
		cmocka_unit_test(rmdir_removes_and_refuses),
	};

	return ZCT_RUN("", tests);
}
