/* SPDX-License-Identifier: MIT */
/*
 * An access ACL lets a named user and a named group in, keeps a named user out, and follows chmod.
 * Must not know: whether kernel or daemon evaluates it.
 */
#include "zct.h"

#include <linux/posix_acl.h>
#include <sys/xattr.h>

static const char acc[] = "system.posix_acl_access";
static const struct zct_who member = { 30000, 30000, 022, 1, { TEAM } };

static const struct zct_ace allow[] = { { ACL_USER_OBJ, 6, -1u }, { ACL_USER, 6, ALICE },
					{ ACL_USER, 0, BOB },	  { ACL_GROUP_OBJ, 4, -1u },
					{ ACL_GROUP, 4, TEAM },	  { ACL_MASK, 6, -1u },
					{ ACL_OTHER, 4, -1u } };

static long note_acl(const char *path)
{
	char value[256];
	long n = getxattr(path, acc, value, sizeof(value));

	if (n > 0)
		zct_note(value, (size_t)n);
	return n;
}

static void need_acl(const char *path)
{
	long err = SAME(zct_set_acl(path, acc, allow, 7));

	if (err == -EOPNOTSUPP)
		zct_skip("no POSIX ACLs on this file system");
	CHECK_EQ(err, 0);
}

static void for_a_file(void **state)
{
	(void)state;
	WORKS(zct_put("f", "text", 0600));
	need_acl("f");
	WORKS(zct_stat("f"));
	GIVES(4 + 7 * 8, note_acl("f"));
	AS_USER (ALICE) {
		WORKS(zct_try_open("f", O_RDWR, 0));
		WORKS(access("f", R_OK | W_OK));
		FAILS(EPERM, zct_set_acl("f", acc, allow, 7));
		FAILS(EPERM, removexattr("f", acc));
		WORKS(note_acl("f"));
	}
	AS_USER (BOB) {
		FAILS(EACCES, open("f", O_RDONLY));
		FAILS(EACCES, access("f", R_OK));
	}
	AS (&member) {
		WORKS(zct_try_open("f", O_RDONLY, 0));
		FAILS(EACCES, open("f", O_WRONLY));
	}
}

static void chmod_moves_the_mask(void **state)
{
	(void)state;
	WORKS(zct_put("g", "text", 0600));
	need_acl("g");
	WORKS(chmod("g", 0644));
	WORKS(note_acl("g"));
	AS_USER (ALICE) {
		WORKS(zct_try_open("g", O_RDONLY, 0));
		FAILS(EACCES, open("g", O_WRONLY));
	}
	WORKS(chmod("g", 0600));
	AS_USER (ALICE)
		FAILS(EACCES, open("g", O_RDONLY));
	WORKS(chmod("g", 0777));
	WORKS(note_acl("g"));
	AS_USER (ALICE)
		WORKS(zct_try_open("g", O_RDWR, 0));
	WORKS(removexattr("g", acc));
	WORKS(zct_stat("g"));
	FAILS(ENODATA, note_acl("g"));
}

static void for_a_directory(void **state)
{
	(void)state;
	static const struct zct_ace acl[] = { { ACL_USER_OBJ, 7, -1u }, { ACL_USER, 7, ALICE },
					      { ACL_USER, 0, BOB },	{ ACL_GROUP_OBJ, 0, -1u },
					      { ACL_MASK, 7, -1u },	{ ACL_OTHER, 5, -1u } };

	WORKS(mkdir("d", 0700));
	need_acl("d");
	WORKS(zct_set_acl("d", acc, acl, 6));
	WORKS(zct_put("d/f", "x", 0644));
	AS_USER (ALICE) {
		WORKS(mkdir("d/alices", 0755));
		WORKS(rename("d/alices", "d/renamed"));
		WORKS(zct_put("d/made", "x", 0644));
		WORKS(unlink("d/f"));
	}
	AS_USER (BOB) {
		FAILS(EACCES, zct_stat("d/made"));
		FAILS(EACCES, open("d", O_RDONLY));
	}
	AS (&member) {
		WORKS(zct_stat("d/made"));
		FAILS(EACCES, mkdir("d/members", 0755));
	}
}

static void an_acl_that_says_no_more_than_the_mode_becomes_the_mode(void **state)
{
	(void)state;
	static const struct zct_ace plain[] = { { ACL_USER_OBJ, 7, -1u },
						{ ACL_GROUP_OBJ, 5, -1u },
						{ ACL_OTHER, 1, -1u } };

	WORKS(zct_put("p", "x", 0600));
	need_acl("p");
	WORKS(zct_set_acl("p", acc, plain, 3));
	WORKS(zct_stat("p"));
	SAME(note_acl("p"));
}

static void setting_one_drops_setgid_for_a_non_member(void **state)
{
	(void)state;
	WORKS(zct_put("s", "x", 0600));
	need_acl("s");
	WORKS(chown("s", ALICE, TEAM));
	WORKS(chmod("s", 02755));
	AS_USER (ALICE)
		WORKS(zct_set_acl("s", acc, allow, 7));
	WORKS(zct_stat("s"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(for_a_file),
		cmocka_unit_test(chmod_moves_the_mask),
		cmocka_unit_test(for_a_directory),
		cmocka_unit_test(an_acl_that_says_no_more_than_the_mode_becomes_the_mode),
		cmocka_unit_test(setting_one_drops_setgid_for_a_non_member),
	};

	return ZCT_RUN("", tests);
}
