/* SPDX-License-Identifier: MIT */
/*
 * Values of every size up to 64 KiB: stored and given back whole, or refused as the file system
 * refuses. Must not know: what the limit of the file system is.
 */
#include "zct.h"

#include <sys/xattr.h>

static char value[65536 + 2];

static long set(const char *path, size_t len, unsigned int seed)
{
	zct_fill(value, len, seed);
	return setxattr(path, "user.big", value, len, 0);
}

static long get(const char *path, size_t room)
{
	long n = getxattr(path, "user.big", value, room);

	if (n > 0 && room)
		zct_note(value, (size_t)n);
	return n;
}

static void sizes(void **state)
{
	(void)state;
	static const size_t sizes[] = { 1, 64, 1000, 2000, 3900, 4096, 8192, 16384, 65535, 65536 };

	WORKS(zct_put("f", "x", 0644));
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		SAME(set("f", sizes[i], (unsigned)i));
		SAME(get("f", sizeof(value)));
		SAME(get("f", sizes[i]));
		SAME(get("f", sizes[i] - 1));
		SAME(get("f", 0));
	}
	FAILS(E2BIG, set("f", 65537, 1));
	SAME(get("f", sizeof(value)));
}

static void many_together(void **state)
{
	(void)state;
	char name[32];

	WORKS(zct_put("g", "x", 0644));
	for (int i = 0; i < 40; i++) {
		snprintf(name, sizeof(name), "user.n%d", i);
		zct_fill(value, 700, (unsigned)i);
		SAME(setxattr("g", name, value, 700, 0));
	}
	SAME(listxattr("g", NULL, 0));
	SAME(get("g", sizeof(value)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes),
		cmocka_unit_test(many_together),
	};

	return ZCT_RUN("", tests);
}
