/* SPDX-License-Identifier: MIT */
/*
 * Symbolic links keep their text: short, long, dangling, absolute, leading out of the tree. Must
 * not know: where a target leads.
 */
#include "zct.h"

static long note_target(const char *path, size_t room)
{
	static char target[PATH_MAX + 1];
	ssize_t n = readlink(path, target, room);

	if (n > 0)
		zct_note(target, (size_t)n);
	return n;
}

static void targets_of_every_kind(void **state)
{
	(void)state;
	static const char *const targets[] = {
		"x",
		"../../../../etc/passwd",
		"/etc/passwd",
		"/",
		"..",
		"missing/away",
		"a b\nc",
		"\xff\xfe",
		"//double//slash/",
		"self",
	};
	char name[16];

	for (int i = 0; i < (int)(sizeof(targets) / sizeof(targets[0])); i++) {
		snprintf(name, sizeof(name), "l%d", i);
		WORKS(symlink(targets[i], name));
		GIVES((long)strlen(targets[i]), note_target(name, PATH_MAX));
		WORKS(zct_stat(name));
	}
}

static void targets_of_every_length(void **state)
{
	(void)state;
	static const int lengths[] = { 1, 59, 60, 61, 255, 256, 1000, 1023 };
	char target[1024], name[16];

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		memset(target, 't', sizeof(target));
		target[lengths[i]] = '\0';
		snprintf(name, sizeof(name), "n%d", lengths[i]);
		WORKS(symlink(target, name));
		GIVES(lengths[i], note_target(name, PATH_MAX));
	}
	GIVES(10, note_target("n1023", 10));
}

static void the_longest_target(void **state)
{
	(void)state;
	static char target[PATH_MAX + 1];

	memset(target, 'T', PATH_MAX - 1);
	SAME(symlink(target, "longest"));
	SAME(note_target("longest", PATH_MAX));
	memset(target, 'T', PATH_MAX);
	FAILS(ENAMETOOLONG, symlink(target, "too-long"));
}

static void the_refusals(void **state)
{
	(void)state;
	WORKS(zct_put("f", "", 0644));
	FAILS(EINVAL, note_target("f", PATH_MAX));
	FAILS(EINVAL, note_target(".", PATH_MAX));
	FAILS(ENOENT, note_target("missing", PATH_MAX));
	FAILS(ENOTDIR, note_target("f/l", PATH_MAX));
	FAILS(EEXIST, symlink("x", "f"));
	FAILS(ENOENT, symlink("", "empty"));
	FAILS(ENOENT, symlink("x", "missing/l"));
	AS_USER (ALICE)
		FAILS(EACCES, symlink("x", "alice"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(targets_of_every_kind),
		cmocka_unit_test(targets_of_every_length),
		cmocka_unit_test(the_longest_target),
		cmocka_unit_test(the_refusals),
	};

	return ZCT_RUN("", tests);
}
