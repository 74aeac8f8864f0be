/* SPDX-License-Identifier: MIT */
/*
 * link: names of one file share inode number, attributes and content; every refusal. Must not
 * know: how inodes are identified.
 */
#include "zct.h"

static ino_t ino_of(const char *path)
{
	struct stat st;

	MUST(lstat(path, &st));
	return st.st_ino;
}

static long same_ino(const char *a, const char *b)
{
	return ino_of(a) == ino_of(b);
}

static void one_file_two_names(void **state)
{
	(void)state;
	WORKS(mkdir("d", 0755));
	WORKS(zct_put("a", "text", 0644));
	WORKS(link("a", "d/b"));
	GIVES(1, same_ino("a", "d/b"));
	WORKS(zct_stat("a"));
	WORKS(zct_stat("d/b"));
	WORKS(chmod("d/b", 0600));
	WORKS(truncate("a", 2));
	WORKS(zct_stat("a"));
	WORKS(zct_stat("d/b"));
	GIVES(2, zct_cat("d/b"));
	WORKS(rename("a", "d/c"));
	GIVES(1, same_ino("d/c", "d/b"));
	GIVES(0, rename("d/c", "d/b"));
	WORKS(zct_stat("d/c"));
}

static void links_to_symlinks_and_fifos(void **state)
{
	(void)state;
	WORKS(symlink("nowhere", "l"));
	WORKS(link("l", "l2"));
	GIVES(1, same_ino("l", "l2"));
	WORKS(mkfifo("p", 0600));
	WORKS(link("p", "p2"));
	WORKS(zct_put("t", "target", 0644));
	WORKS(symlink("t", "lt"));
	WORKS(linkat(AT_FDCWD, "lt", AT_FDCWD, "t2", AT_SYMLINK_FOLLOW));
	GIVES(1, same_ino("t", "t2"));
}

static void the_refusals(void **state)
{
	(void)state;
	WORKS(zct_put("f", "x", 0644));
	WORKS(zct_put("g", "y", 0644));
	WORKS(mkdir("dir", 0777));
	WORKS(chmod("dir", 0777));
	FAILS(EPERM, link("dir", "dir2"));
	FAILS(EEXIST, link("f", "g"));
	FAILS(EEXIST, link("f", "dir"));
	FAILS(ENOENT, link("missing", "h"));
	FAILS(ENOENT, link("f", "missing/h"));
	FAILS(ENOTDIR, link("f", "g/h"));
	AS_USER (ALICE) {
		/* fs.protected_hardlinks decides which refusal comes first. */
		SAME(link("f", "alice"));
		SAME(link("f", "dir/alice"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_file_two_names),
		cmocka_unit_test(links_to_symlinks_and_fifos),
		cmocka_unit_test(the_refusals),
	};

	return ZCT_RUN("", tests);
}
