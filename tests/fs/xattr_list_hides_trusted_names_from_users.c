/* SPDX-License-Identifier: MIT */
/*
 * listxattr: complete and exact for root, without trusted names for everybody else; sizes and
 * ERANGE. Must not know: the order of names.
 */
#include "zct.h"

#include <sys/xattr.h>

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static long list(const char *path, size_t room)
{
	static char names[65536];
	char *v[256];
	size_t count = 0;
	long len = listxattr(path, names, room);

	if (len > 0 && room)
		for (char *at = names; at < names + len && count < 256; at += strlen(at) + 1)
			v[count++] = at;
	qsort(v, count, sizeof(*v), by_text);
	for (size_t i = 0; i < count; i++)
		zct_notef("%s", v[i]);
	return len;
}

static void make_file(const char *path)
{
	WORKS(zct_put(path, "x", 0644));
	WORKS(setxattr(path, "user.one", "1", 1, 0));
	WORKS(setxattr(path, "trusted.secret", "2", 1, 0));
	WORKS(setxattr(path, "user.two", "2", 1, 0));
	WORKS(setxattr(path, "security.three", "3", 1, 0));
}

/* btrfs shows the names and keeps only the values secret; overlayfs wants room for what it hides. On
 * the mount they are hidden in any case. */
static bool twin_hides(const char *path)
{
	long on_mount, on_twin;

	zct_enter(MNT);
	on_mount = list(path, 9 + 9 + 15);
	zct_leave(NULL);
	zct_enter(TWIN);
	on_twin = list(path, 9 + 9 + 15);
	zct_leave(NULL);
	CHECK(on_mount == 9 + 9 + 15 || zct.standin);
	return on_twin == on_mount;
}

static void for_root_and_for_a_user(void **state)
{
	(void)state;
	make_file("f");
	GIVES(9 + 15 + 9 + 15, list("f", 65536));
	GIVES(9 + 15 + 9 + 15, list("f", 0));
	FAILS(ERANGE, list("f", 10));
	AS_USER (ALICE) {
		if (twin_hides("f")) {
			GIVES(9 + 9 + 15, list("f", 65536));
			GIVES(9 + 9 + 15, list("f", 9 + 9 + 15));
			FAILS(ERANGE, list("f", 32));
			SAME(list("f", 0));
		}
		FAILS(ENODATA, getxattr("f", "trusted.secret", NULL, 0));
		FAILS(EPERM, removexattr("f", "trusted.secret"));
	}
}

static void of_many_names(void **state)
{
	(void)state;
	char name[32];

	WORKS(zct_put("many", "x", 0644));
	for (int i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "user.name-%03d", i);
		SAME(setxattr("many", name, "v", 1, 0));
	}
	CHECK(WORKS(list("many", 65536)) >= 50 * 14);
	AS_USER (ALICE)
		WORKS(list("many", 65536));
}

static void of_nothing(void **state)
{
	(void)state;
	WORKS(zct_put("bare", "x", 0644));
	GIVES(0, list("bare", 0));
	GIVES(0, list("bare", 100));
	FAILS(ENOENT, list("missing", 100));
	GIVES(0, list(".", 100));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(for_root_and_for_a_user),
		cmocka_unit_test(of_many_names),
		cmocka_unit_test(of_nothing),
	};

	return ZCT_RUN("", tests);
}
