/* SPDX-License-Identifier: MIT */
/*
 * Plain rename: within and across directories, over other types, onto itself, and every refusal.
 * Must not know: flags (own tests).
 */
#include "zct.h"

static void make_tree(void)
{
	WORKS(mkdir("a", 0755));
	WORKS(mkdir("a/sub", 0755));
	WORKS(mkdir("empty", 0755));
	WORKS(mkdir("full", 0755));
	WORKS(zct_put("full/f", "in full", 0644));
	WORKS(zct_put("f", "f", 0644));
	WORKS(zct_put("g", "g", 0600));
	WORKS(symlink("f", "l"));
}

/* POSIX leaves the choice between ENOTEMPTY and EEXIST. */
enum { NOT_EMPTY = -1 };

static void refuse(void)
{
	static const struct {
		const char *from, *to;
		int err;
	} cases[] = {
		{ "a", "a/sub/in", EINVAL },
		{ "a", "a/in", EINVAL },
		{ "a/sub", "a", NOT_EMPTY },
		{ "empty", "full", NOT_EMPTY },
		{ "f", "empty", EISDIR },
		{ "empty", "f", ENOTDIR },
		{ "missing", "f", ENOENT },
		{ "f", "missing/f", ENOENT },
		{ "f", "g/f", ENOTDIR },
		{ "f/", "h", ENOTDIR },
		{ "empty/.", "e2", EBUSY },
		{ "f", "h/", ENOTDIR },
		{ "f", "f", 0 },
		{ "a/sub/..", "b", EBUSY },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		long got = SAME(rename(cases[i].from, cases[i].to));

		if (cases[i].err == NOT_EMPTY)
			CHECK(got == -ENOTEMPTY || got == -EEXIST);
		else
			CHECK_EQ(got, -cases[i].err);
	}
	AS_USER (ALICE)
		FAILS(EACCES, rename("f", "alice"));
}

static void refuses_then_moves_and_replaces(void **state)
{
	(void)state;
	make_tree();
	refuse();
	WORKS(rename("f", "h"));
	FAILS(ENOENT, zct_stat("f"));
	GIVES(1, zct_cat("h"));
	WORKS(rename("h", "a/sub/h"));
	WORKS(rename("g", "a/sub/h"));
	GIVES(1, zct_cat("a/sub/h"));
	WORKS(rename("full", "empty"));
	GIVES(7, zct_cat("empty/f"));
	WORKS(rename("empty", "a/moved"));
	GIVES(7, zct_cat("a/moved/f"));
	WORKS(zct_stat("a"));
	WORKS(zct_stat("a/moved/.."));
	WORKS(rename("l", "a/l"));
	WORKS(zct_put("again", "again", 0644));
	WORKS(rename("again", "a/l"));
	WORKS(zct_stat("a/l"));
}

static void a_directory_of_somebody_else_needs_write_permission_to_move(void **state)
{
	(void)state;
	WORKS(mkdir("w1", 0777));
	WORKS(mkdir("w2", 0777));
	WORKS(chmod("w1", 0777));
	WORKS(chmod("w2", 0777));
	WORKS(mkdir("w1/roots", 0755));
	WORKS(zct_put("w1/file", "roots", 0600));
	AS_USER (ALICE) {
		FAILS(EACCES, rename("w1/roots", "w2/roots"));
		WORKS(rename("w1/roots", "w1/renamed"));
		WORKS(rename("w1/file", "w2/file"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_then_moves_and_replaces),
		cmocka_unit_test(a_directory_of_somebody_else_needs_write_permission_to_move),
	};

	return ZCT_RUN("", tests);
}
