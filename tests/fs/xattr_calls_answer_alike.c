/* SPDX-License-Identifier: MIT */
/*
 * setxattr, getxattr, listxattr, removexattr: flags, sizes, names, refusals, by name and by
 * descriptor. Must not know: which handler of the kernel a name reaches.
 */
#include "zct.h"

#include <sys/xattr.h>

static long get(const char *path, const char *name, size_t room)
{
	static char value[65536];
	long n = getxattr(path, name, value, room);

	if (n > 0 && room)
		zct_note(value, (size_t)n);
	return n;
}

static void flags_and_sizes(void **state)
{
	(void)state;
	WORKS(zct_put("f", "x", 0644));
	FAILS(ENODATA, setxattr("f", "user.a", "1", 1, XATTR_REPLACE));
	GIVES(0, setxattr("f", "user.a", "1", 1, XATTR_CREATE));
	FAILS(EEXIST, setxattr("f", "user.a", "2", 1, XATTR_CREATE));
	GIVES(0, setxattr("f", "user.a", "three", 5, XATTR_REPLACE));
	FAILS(EINVAL, setxattr("f", "user.a", "x", 1, 1 << 6));
	GIVES(5, get("f", "user.a", 0));
	GIVES(5, get("f", "user.a", 5));
	FAILS(ERANGE, get("f", "user.a", 4));
	GIVES(0, setxattr("f", "user.empty", "", 0, 0));
	GIVES(0, get("f", "user.empty", 100));
	GIVES(0, get("f", "user.empty", 0));
	FAILS(ENODATA, get("f", "user.missing", 10));
	FAILS(ENODATA, removexattr("f", "user.missing"));
	FAILS(ENOENT, get("missing", "user.a", 10));
	GIVES(0, removexattr("f", "user.a"));
	FAILS(ENODATA, get("f", "user.a", 10));
}

static void names(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		int err;
	} cases[] = {
		{ "user.x", 0 },	 { "user.", EINVAL },	    { "user", EOPNOTSUPP },
		{ "", ERANGE },		 { "bogus.x", EOPNOTSUPP }, { "system.bogus", EOPNOTSUPP },
		{ "trusted.t", 0 },	 { "trusted.", EINVAL },    { "security.zct", 0 },
		{ "user.\xff\n .x", 0 }, { "USER.x", EOPNOTSUPP },
	};
	char longest[300];

	WORKS(zct_put("n", "x", 0644));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		GIVES(-cases[i].err, setxattr("n", cases[i].name, "v", 1, 0));
		SAME(get("n", cases[i].name, 10));
	}
	memset(longest, 'l', sizeof(longest));
	memcpy(longest, "user.", 5);
	longest[255] = '\0';
	GIVES(0, setxattr("n", longest, "v", 1, 0));
	GIVES(1, get("n", longest, 10));
	longest[255] = 'l';
	longest[256] = '\0';
	FAILS(ERANGE, setxattr("n", longest, "v", 1, 0));
}

static void by_descriptor(void **state)
{
	(void)state;
	int fd[2];

	WORKS(zct_put("d", "x", 0644));
	zct_open_pair(fd, "d", O_RDONLY, 0);
	GIVES(0, fsetxattr(fd[zct.side], "user.fd", "value", 5, XATTR_CREATE));
	GIVES(5, get("d", "user.fd", 100));
	GIVES(5, fgetxattr(fd[zct.side], "user.fd", NULL, 0));
	GIVES(8, flistxattr(fd[zct.side], NULL, 0));
	GIVES(0, fremovexattr(fd[zct.side], "user.fd"));
	GIVES(0, flistxattr(fd[zct.side], NULL, 0));
	zct_close_pair(fd);
}

static void on_other_types(void **state)
{
	(void)state;
	WORKS(zct_put("t", "x", 0644));
	WORKS(mkdir("dir", 0755));
	WORKS(symlink("t", "l"));
	WORKS(mkfifo("p", 0644));
	GIVES(0, setxattr("dir", "user.x", "y", 1, 0));
	GIVES(1, get("dir", "user.x", 10));
	FAILS(EPERM, lsetxattr("l", "user.x", "y", 1, 0));
	FAILS(EPERM, setxattr("p", "user.x", "y", 1, 0));
	GIVES(0, lsetxattr("l", "trusted.x", "of-link", 7, 0));
	GIVES(7, lgetxattr("l", "trusted.x", NULL, 0));
	FAILS(ENODATA, get("t", "trusted.x", 10));
	GIVES(10, llistxattr("l", NULL, 0));
	GIVES(0, setxattr("l", "trusted.y", "of-file", 7, 0));
	GIVES(7, get("t", "trusted.y", 10));
	GIVES(0, lremovexattr("l", "trusted.x"));
	GIVES(0, setxattr("p", "trusted.x", "fifo", 4, 0));
}

static void by_users(void **state)
{
	(void)state;
	WORKS(zct_put("r", "x", 0644));
	WORKS(zct_put("w", "x", 0622));
	WORKS(zct_put("mine", "x", 0600));
	WORKS(chown("mine", ALICE, ALICE));
	WORKS(setxattr("r", "user.x", "y", 1, 0));
	WORKS(setxattr("w", "user.x", "y", 1, 0));
	WORKS(mkdir("sticky", 0777));
	WORKS(chmod("sticky", 01777));
	AS_USER (ALICE) {
		GIVES(1, get("r", "user.x", 10));
		FAILS(EACCES, setxattr("r", "user.x", "z", 1, 0));
		FAILS(EACCES, get("w", "user.x", 10));
		GIVES(0, setxattr("w", "user.x", "z", 1, 0));
		GIVES(0, setxattr("mine", "user.x", "z", 1, 0));
		FAILS(EPERM, setxattr("mine", "security.x", "z", 1, 0));
		FAILS(EPERM, setxattr("mine", "trusted.x", "z", 1, 0));
		FAILS(EPERM, setxattr("sticky", "user.x", "z", 1, 0));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(flags_and_sizes), cmocka_unit_test(names),
		cmocka_unit_test(by_descriptor),   cmocka_unit_test(on_other_types),
		cmocka_unit_test(by_users),
	};

	return ZCT_RUN("", tests);
}
