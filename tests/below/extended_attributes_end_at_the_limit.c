/* SPDX-License-Identifier: MIT */
/*
 * Extended attributes with names of 255 bytes, values up to 64 KiB, and so many of them that the list or the
 * file system is full (ERANGE, E2BIG, ENOSPC): on the mount as in a plain directory. Must not know: what any
 * file system allows.
 */
#include "zct.h"

#include <sys/xattr.h>

static char value[70000], list[70000];

static const char *attribute(size_t len)
{
	static char name[512];

	memset(name, 'n', sizeof(name));
	memcpy(name, "user.", 5);
	name[len] = '\0';
	return name;
}

static long list_of(const char *path, size_t size)
{
	ssize_t n = listxattr(path, list, size);

	if (n > 0 && size) {
		unsigned long sum = 0; /* order is the file system's, and need not be the same */

		for (ssize_t i = 0; i < n; i++)
			sum += (unsigned char)list[i];
		zct_notef("sum %lu", sum);
	}
	return n;
}

static void names(void **state)
{
	(void)state;

	WORKS(zct_put("f", "x", 0644));
	for (size_t len = 250; len <= 260; len++) {
		SAME(setxattr("f", attribute(len), "v", 1, 0));
		SAME(getxattr("f", attribute(len), value, sizeof(value)));
		SAME(list_of("f", sizeof(list)));
		SAME(list_of("f", 0));
		SAME(removexattr("f", attribute(len)));
	}
	SAME(setxattr("f", "user.", "v", 1, 0));
	SAME(setxattr("f", "", "v", 1, 0));
	SAME(setxattr("f", "nobody.knows", "v", 1, 0));
	SAME(setxattr("f", "user.\377\001", "v", 1, 0));
	SAME(setxattr("f", "user.flag", "v", 1, XATTR_REPLACE));
	SAME(setxattr("f", "user.flag", "v", 1, XATTR_CREATE));
	SAME(setxattr("f", "user.flag", "v", 1, XATTR_CREATE));
	SAME(setxattr("f", "user.flag", "v", 1, XATTR_CREATE | XATTR_REPLACE));
	SAME(setxattr("f", "user.flag", "v", 1, 4));
}

static long set_many(const char *path, int count, size_t size, int *ret_made)
{
	char name[256];

	for (*ret_made = 0; *ret_made < count; ++*ret_made) {
		snprintf(name, sizeof(name), "user.%0240d", *ret_made);
		if (setxattr(path, name, value, size, 0) < 0)
			return -1;
	}
	return 0;
}

/* 400 names of 245 bytes are more than the 64 KiB that a list may have. */
static void more_than_a_list_can_hold(void **state)
{
	(void)state;
	int made[2] = { 0, 0 };

	WORKS(zct_put("g", "x", 0644));
	SAME(set_many("g", 400, 1, &made[zct.side]));
	CHECK_EQ(made[MNT], made[TWIN]);
	SAME(list_of("g", 0));
	SAME(list_of("g", sizeof(list)));
	SAME(list_of("g", 65536));
	SAME(list_of("g", 100));
	WORKS(unlink("g"));
}

static void more_than_there_is_room_for(void **state)
{
	(void)state;
	int made[2] = { 0, 0 };
	static const size_t sizes[] = { 100, 4000, 65536 };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		WORKS(zct_put("h", "x", 0644));
		SAME(set_many("h", 300, sizes[i], &made[zct.side]));
		CHECK_EQ(made[MNT], made[TWIN]);
		SAME(getxattr("h", "user.flag", value, sizeof(value)));
		WORKS(unlink("h"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test(more_than_a_list_can_hold),
		cmocka_unit_test(more_than_there_is_room_for),
	};

	return ZCT_RUN("", tests);
}
