/* SPDX-License-Identifier: MIT */
/*
 * A default ACL is inherited by what is made below it, in place of the umask, as an access ACL and
 * as the default ACL of new directories. Must not know: whether kernel or daemon applies it.
 */
#include "zct.h"

#include <linux/posix_acl.h>
#include <sys/xattr.h>

static const char def[] = "system.posix_acl_default", acc[] = "system.posix_acl_access";

static const struct zct_ace minimal[] = { { ACL_USER_OBJ, 7, -1u },
					  { ACL_GROUP_OBJ, 7, -1u },
					  { ACL_OTHER, 5, -1u } };
static const struct zct_ace named[] = { { ACL_USER_OBJ, 6, -1u },  { ACL_USER, 7, ALICE },
					{ ACL_GROUP_OBJ, 5, -1u }, { ACL_GROUP, 6, TEAM },
					{ ACL_MASK, 7, -1u },	   { ACL_OTHER, 0, -1u } };

static long note_xattr(const char *path, const char *name)
{
	char value[256];
	long n = getxattr(path, name, value, sizeof(value));

	if (n > 0)
		zct_note(value, (size_t)n);
	return n;
}

static void need_acls(const char *dir, const struct zct_ace *acl, size_t n)
{
	long err;

	WORKS(mkdir(dir, 0777));
	WORKS(chmod(dir, 0777));
	err = SAME(zct_set_acl(dir, def, acl, n));
	if (err == -EOPNOTSUPP)
		zct_skip("no POSIX ACLs on this file system");
	CHECK_EQ(err, 0);
}

static void make_below(const char *dir)
{
	static const char *const names[] = { "o", "d", "p", "n", "d/deep", "s" };
	char path[64];

#define IN(name) (snprintf(path, sizeof(path), "%s/%s", dir, name), path)
	WORKS(zct_try_open(IN("o"), O_RDWR | O_CREAT, 0666));
	WORKS(mkdir(IN("d"), 0777));
	WORKS(mkfifo(IN("p"), 0640));
	WORKS(mknod(IN("n"), S_IFREG | 0777, 0));
	SAME(mkdir(IN("d/deep"), 0700)); /* the ACL may refuse its own maker */
	WORKS(zct_put(IN("s"), "text", 0604));
	WORKS(symlink("x", IN("l")));
	WORKS(zct_try_open(dir, O_TMPFILE | O_RDWR, 0666));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		SAME(zct_stat(IN(names[i])));
		SAME(note_xattr(IN(names[i]), acc));
		SAME(note_xattr(IN(names[i]), def));
	}
#undef IN
}

static void minimal_acl_by_root(void **state)
{
	(void)state;
	umask(077);
	need_acls("minimal", minimal, 3);
	make_below("minimal");
	umask(022);
}

static void named_acl_by_root(void **state)
{
	(void)state;
	umask(077);
	need_acls("named", named, 6);
	make_below("named");
	umask(022);
}

static void named_acl_by_a_user(void **state)
{
	(void)state;
	const struct zct_who bob = { BOB, BOB, 077, 0, { 0 } };

	need_acls("bobs", named, 6);
	WORKS(chown("bobs", BOB, BOB));
	AS (&bob)
		make_below("bobs");
}

static void without_an_acl_the_umask_rules_again(void **state)
{
	(void)state;
	umask(077);
	need_acls("none", minimal, 3);
	WORKS(removexattr("none", def));
	make_below("none");
	umask(022);
}

static void the_refusals(void **state)
{
	(void)state;
	need_acls("r", minimal, 3);
	WORKS(zct_put("r/f", "x", 0644));
	FAILS(EACCES, zct_set_acl("r/f", def, minimal, 3));
	FAILS(EINVAL, zct_set_acl("r", def, minimal, 2));
	FAILS(EINVAL, setxattr("r", def, "bad", 3, 0));
	AS_USER (ALICE)
		FAILS(EPERM, zct_set_acl("r", def, minimal, 3));
	WORKS(symlink("r", "to-r"));
	SAME(lsetxattr("to-r", acc, "x", 1, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(minimal_acl_by_root),
		cmocka_unit_test(named_acl_by_root),
		cmocka_unit_test(named_acl_by_a_user),
		cmocka_unit_test(without_an_acl_the_umask_rules_again),
		cmocka_unit_test(the_refusals),
	};

	return ZCT_RUN("", tests);
}
