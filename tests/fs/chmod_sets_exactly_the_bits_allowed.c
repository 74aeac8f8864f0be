/* SPDX-License-Identifier: MIT */
/*
 * chmod by root, owner and others, on every type; the setgid bit goes when its setter is no
 * member. Must not know: whether the kernel or the daemon checks.
 */
#include "zct.h"

static void all_bits_by_root(void **state)
{
	(void)state;
	static const mode_t modes[] = { 0, 0777, 01777, 02755, 04755, 06711, 07777, 0644, 02644 };
	int fd[2];

	WORKS(zct_put("f", "x", 0600));
	WORKS(mkdir("d", 0700));
	WORKS(mkfifo("p", 0600));
	zct_open_pair(fd, "f", O_RDONLY, 0);
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		WORKS(chmod("f", modes[i]));
		WORKS(zct_stat("f"));
		WORKS(chmod("d", modes[i]));
		WORKS(zct_stat("d"));
		WORKS(chmod("p", modes[i]));
		WORKS(fchmod(fd[zct.side], modes[i] ^ 0111));
		WORKS(zct_stat("f"));
	}
	zct_close_pair(fd);
}

static void by_owner_and_others(void **state)
{
	(void)state;
	WORKS(zct_put("alices", "x", 0644));
	WORKS(chown("alices", ALICE, ALICE));
	AS_USER (ALICE) {
		WORKS(chmod("alices", 04755));
		WORKS(zct_stat("alices"));
		WORKS(chmod("alices", 01600));
		WORKS(zct_stat("alices"));
	}
	AS_USER (BOB)
		FAILS(EPERM, chmod("alices", 0777));
	WORKS(zct_stat("alices"));
}

static void setgid_needs_membership(void **state)
{
	(void)state;
	const struct zct_who member = { ALICE, ALICE, 022, 1, { TEAM } };

	WORKS(zct_put("team", "x", 0644));
	WORKS(chown("team", ALICE, TEAM));
	WORKS(mkdir("teamdir", 0755));
	WORKS(chown("teamdir", ALICE, TEAM));
	AS_USER (ALICE) {
		WORKS(chmod("team", 02755));
		WORKS(zct_stat("team"));
		WORKS(chmod("teamdir", 02755));
		WORKS(zct_stat("teamdir"));
	}
	AS (&member) {
		WORKS(chmod("team", 02755));
		WORKS(zct_stat("team"));
		WORKS(chmod("teamdir", 02755));
		WORKS(zct_stat("teamdir"));
	}
}

static void links_are_followed_and_have_no_mode(void **state)
{
	(void)state;
	WORKS(zct_put("t", "x", 0600));
	WORKS(symlink("t", "l"));
	WORKS(symlink("nowhere", "dangling"));
	WORKS(chmod("l", 0640));
	WORKS(zct_stat("t"));
	WORKS(zct_stat("l"));
	FAILS(ENOENT, chmod("dangling", 0600));
	SAME(fchmodat(AT_FDCWD, "l", 0600, AT_SYMLINK_NOFOLLOW));
	WORKS(zct_stat("t"));
	FAILS(ENOTDIR, chmod("t/x", 0600));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_bits_by_root),
		cmocka_unit_test(by_owner_and_others),
		cmocka_unit_test(setgid_needs_membership),
		cmocka_unit_test(links_are_followed_and_have_no_mode),
	};

	return ZCT_RUN("", tests);
}
