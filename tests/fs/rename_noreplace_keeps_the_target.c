/* SPDX-License-Identifier: MIT */
/*
 * renameat2 RENAME_NOREPLACE moves onto a free name and refuses an existing one; bad flags too.
 * Must not know: other rename flags.
 */
#include "zct.h"

static int move(const char *from, const char *to, unsigned int flags)
{
	return renameat2(AT_FDCWD, from, AT_FDCWD, to, flags);
}

static void only_onto_a_free_name(void **state)
{
	(void)state;
	WORKS(zct_put("f", "f", 0644));
	WORKS(zct_put("g", "g", 0644));
	WORKS(mkdir("d", 0755));
	WORKS(symlink("nowhere", "dangling"));
	FAILS(EEXIST, move("f", "g", RENAME_NOREPLACE));
	FAILS(EEXIST, move("f", "d", RENAME_NOREPLACE));
	FAILS(EEXIST, move("f", "dangling", RENAME_NOREPLACE));
	FAILS(EEXIST, move("f", "f", RENAME_NOREPLACE));
	FAILS(ENOENT, move("missing", "new", RENAME_NOREPLACE));
	WORKS(move("f", "d/new", RENAME_NOREPLACE));
	GIVES(1, zct_cat("d/new"));
	GIVES(1, zct_cat("g"));
	WORKS(move("d", "e", RENAME_NOREPLACE));
	GIVES(1, zct_cat("e/new"));
}

/* The kernel looks first and the name is free, as far as it knows. */
static void onto_a_name_that_came_behind_the_mount(void **state)
{
	(void)state;
	int there;

	WORKS(zct_put("mine", "mine", 0644));
	FAILS(ENOENT, zct_stat("free"));
	for (int side = TWIN; side <= BACK; side++) {
		there = (int)MUST(openat(zct.fd[side], "free", O_WRONLY | O_CREAT | O_EXCL, 0600));
		CHECK_EQ(write(there, "theirs", 6), 6);
		close(there);
	}
	FAILS(EEXIST, move("mine", "free", RENAME_NOREPLACE));
	CHECK_EQ(openat(zct.fd[MNT], "free", O_WRONLY | O_CREAT | O_EXCL, 0600), -1);
	CHECK_EQ(errno, EEXIST);
	zct.trees_differ_on_purpose = true; /* the mount may go on believing for its time-out */
	CHECK_EQ(zct_tree_diff(TWIN, BACK, false), 0);
}

static void bad_flags(void **state)
{
	(void)state;
	WORKS(zct_put("a", "a", 0644));
	WORKS(zct_put("b", "b", 0644));
	FAILS(EINVAL, move("a", "b", RENAME_NOREPLACE | RENAME_EXCHANGE));
	FAILS(EINVAL, move("a", "b", 1u << 7));
	FAILS(EINVAL, move("a", "b", RENAME_WHITEOUT | RENAME_EXCHANGE));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_onto_a_free_name),
		cmocka_unit_test(bad_flags),
		cmocka_unit_test(onto_a_name_that_came_behind_the_mount),
	};

	return ZCT_RUN("timeout=1000", tests);
}
