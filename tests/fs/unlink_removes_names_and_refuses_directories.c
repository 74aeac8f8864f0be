/* SPDX-License-Identifier: MIT */
/*
 * unlink: files of every type, link counts, and every refusal. Must not know: open files (own
 * tests).
 */
#include "zct.h"

static void files_of_every_type(void **state)
{
	(void)state;
	WORKS(zct_put("f", "x", 0644));
	WORKS(symlink("d", "to-dir"));
	WORKS(mkfifo("p", 0600));
	WORKS(mkdir("d", 0755));
	WORKS(unlink("f"));
	WORKS(unlink("to-dir"));
	WORKS(unlink("p"));
	FAILS(ENOENT, zct_stat("f"));
	FAILS(ENOENT, unlink("f"));
	FAILS(EISDIR, unlink("d"));
	FAILS(ENOENT, unlink("missing/f"));
	WORKS(zct_put("g", "x", 0));
	FAILS(ENOTDIR, unlink("g/x"));
	FAILS(ENOTDIR, unlink("g/"));
	FAILS(EISDIR, unlinkat(AT_FDCWD, "d", 0));
	FAILS(ENOTDIR, unlinkat(AT_FDCWD, "g", AT_REMOVEDIR));
	WORKS(unlink("g"));
}

static void the_other_names_stay(void **state)
{
	(void)state;
	WORKS(zct_put("one", "shared", 0644));
	WORKS(link("one", "two"));
	WORKS(link("one", "three"));
	WORKS(unlink("one"));
	WORKS(zct_stat("two"));
	WORKS(zct_stat("three"));
	GIVES(6, zct_cat("three"));
	WORKS(unlink("three"));
	WORKS(zct_stat("two"));
}

static void needs_a_writable_directory_not_a_writable_file(void **state)
{
	(void)state;
	WORKS(mkdir("shut", 0755));
	WORKS(zct_put("shut/open-file", "x", 0666));
	WORKS(mkdir("open", 0777));
	WORKS(chmod("open", 0777));
	WORKS(zct_put("open/shut-file", "x", 0));
	AS_USER (ALICE) {
		FAILS(EACCES, unlink("shut/open-file"));
		WORKS(unlink("open/shut-file"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_of_every_type),
		cmocka_unit_test(the_other_names_stay),
		cmocka_unit_test(needs_a_writable_directory_not_a_writable_file),
	};

	return ZCT_RUN("", tests);
}
