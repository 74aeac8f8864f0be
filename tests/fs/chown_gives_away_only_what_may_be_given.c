/* SPDX-License-Identifier: MIT */
/*
 * chown by root, by the owner to its groups, by others; on links; setuid and setgid bits go. Must
 * not know: whether the kernel or the daemon checks.
 */
#include "zct.h"

static const struct zct_who alice = { ALICE, ALICE, 022, 1, { TEAM } };

static void by_root(void **state)
{
	(void)state;
	int fd[2];

	WORKS(zct_put("f", "x", 0644));
	WORKS(mkdir("d", 0755));
	WORKS(chown("f", ALICE, TEAM));
	WORKS(zct_stat("f"));
	WORKS(chown("f", (uid_t)-1, BOB));
	WORKS(zct_stat("f"));
	WORKS(chown("f", 0, (gid_t)-1));
	WORKS(chown("f", (uid_t)-1, (gid_t)-1));
	WORKS(zct_stat("f"));
	WORKS(chown("d", 4294967294u, 65536));
	WORKS(zct_stat("d"));
	zct_open_pair(fd, "f", O_RDONLY, 0);
	WORKS(fchown(fd[zct.side], BOB, TEAM));
	zct_close_pair(fd);
	WORKS(zct_stat("f"));
	FAILS(ENOENT, chown("missing", 0, 0));
}

static void by_the_owner(void **state)
{
	(void)state;
	WORKS(zct_put("mine", "x", 0664));
	WORKS(chown("mine", ALICE, ALICE));
	AS (&alice) {
		WORKS(chown("mine", (uid_t)-1, TEAM));
		WORKS(zct_stat("mine"));
		WORKS(chown("mine", ALICE, ALICE));
		FAILS(EPERM, chown("mine", (uid_t)-1, BOB));
		FAILS(EPERM, chown("mine", BOB, (gid_t)-1));
		WORKS(chown("mine", (uid_t)-1, (gid_t)-1));
	}
	AS_USER (BOB) {
		FAILS(EPERM, chown("mine", BOB, BOB));
		FAILS(EPERM, chown("mine", (uid_t)-1, BOB));
	}
	WORKS(zct_stat("mine"));
}

static void links_themselves(void **state)
{
	(void)state;
	WORKS(zct_put("t", "x", 0600));
	WORKS(symlink("t", "l"));
	WORKS(symlink("nowhere", "dangling"));
	WORKS(lchown("l", ALICE, TEAM));
	WORKS(lchown("dangling", BOB, BOB));
	WORKS(zct_stat("l"));
	WORKS(zct_stat("t"));
	WORKS(chown("l", BOB, BOB));
	WORKS(zct_stat("t"));
	FAILS(ENOENT, chown("dangling", 0, 0));
}

static void setuid_and_setgid_bits_go(void **state)
{
	(void)state;
	static const mode_t modes[] = { 06755, 04755, 02755, 02644, 06644, 01755 };

	WORKS(zct_put("s", "x", 0600));
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		WORKS(chown("s", 0, 0));
		WORKS(chmod("s", modes[i]));
		WORKS(chown("s", ALICE, (gid_t)-1));
		WORKS(zct_stat("s"));
		WORKS(chmod("s", modes[i]));
		AS (&alice)
			WORKS(chown("s", (uid_t)-1, TEAM));
		WORKS(zct_stat("s"));
	}
	WORKS(mkdir("sd", 0755));
	WORKS(chmod("sd", 06755));
	WORKS(chown("sd", ALICE, TEAM));
	WORKS(zct_stat("sd"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_root),
		cmocka_unit_test(by_the_owner),
		cmocka_unit_test(links_themselves),
		cmocka_unit_test(setuid_and_setgid_bits_go),
	};

	return ZCT_RUN("", tests);
}
