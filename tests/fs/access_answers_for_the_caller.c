/* SPDX-License-Identifier: MIT */
/*
 * access(2) and faccessat(2): each mode, for root, owner, group, others; real and effective ids.
 * Must not know: whether the kernel asks the daemon.
 */
#include "zct.h"

#include <sys/fsuid.h>

static const char *const names[] = { "f0", "f400", "f200",    "f111",	"f754",	   "d700",   "d755",
				     "d0", "l",	   "missing", "f754/x", "d700/in", "d755/in" };

static void make_files(void)
{
	WORKS(zct_put("f0", "", 0));
	WORKS(zct_put("f400", "", 0400));
	WORKS(zct_put("f200", "", 0200));
	WORKS(zct_put("f111", "", 0111));
	WORKS(zct_put("f754", "", 0754));
	WORKS(mkdir("d700", 0700));
	WORKS(mkdir("d755", 0755));
	WORKS(mkdir("d0", 0));
	WORKS(zct_put("d700/in", "", 0644));
	WORKS(zct_put("d755/in", "", 0644));
	WORKS(symlink("nowhere", "l"));
	for (size_t i = 0; i < 9; i++)
		WORKS(lchown(names[i], ALICE, TEAM));
}

static void ask_all(void)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		for (int mode = 0; mode < 8; mode++) {
			SAME(access(names[i], mode));
			SAME(faccessat(AT_FDCWD, names[i], mode, AT_EACCESS));
			SAME(faccessat(AT_FDCWD, names[i], mode, AT_SYMLINK_NOFOLLOW));
		}
	FAILS(EINVAL, access("f0", 8));
}

static void for_everybody(void **state)
{
	(void)state;
	const struct zct_who member = { BOB, BOB, 022, 1, { TEAM } };

	make_files();
	ask_all();
	FAILS(EACCES, access("f400", X_OK));
	AS_USER (ALICE) {
		ask_all();
		WORKS(access("f400", R_OK));
		FAILS(EACCES, access("f400", W_OK));
	}
	AS (&member) {
		ask_all();
		WORKS(access("f754", R_OK | X_OK));
		FAILS(EACCES, access("f754", W_OK));
	}
	AS_USER (BOB) {
		ask_all();
		WORKS(access("f754", R_OK));
		FAILS(EACCES, access("d700/in", F_OK));
	}
}

static void real_and_effective_ids(void **state)
{
	(void)state;
	WORKS(zct_put("g", "", 0600));
	AS (&((const struct zct_who){ 0, 0, 022, 0, { 0 } })) {
		MUST(setresuid(ALICE, 0, 0));
		FAILS(EACCES, access("g", R_OK));
		WORKS(faccessat(AT_FDCWD, "g", R_OK, AT_EACCESS));
		WORKS(zct_try_open("g", O_RDWR, 0));
	}
	AS (&((const struct zct_who){ 0, 0, 022, 0, { 0 } })) {
		setfsuid(ALICE);
		FAILS(EACCES, open("g", O_RDONLY));
		WORKS(access("g", R_OK));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(for_everybody),
		cmocka_unit_test(real_and_effective_ids),
	};

	return ZCT_RUN("", tests);
}
