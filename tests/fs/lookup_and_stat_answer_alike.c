/* SPDX-License-Identifier: MIT */
/*
 * Names: present, missing, through a file, of every length, of odd bytes, before and after
 * creation. Must not know: which of them the daemon or the kernel refuses.
 */
#include "zct.h"

static char name255[256], name256[257];

static void make_names(void)
{
	memset(name255, 'n', 255);
	memset(name256, 'n', 256);
}

static void present_and_missing(void **state)
{
	(void)state;
	static const struct {
		const char *path;
		int err;
	} cases[] = {
		{ "f", 0 },
		{ "d", 0 },
		{ "d/../f", 0 },
		{ "d/.", 0 },
		{ "link", 0 },
		{ "dangling", 0 },
		{ "link/", ENOTDIR },
		{ "missing", ENOENT },
		{ "missing/x", ENOENT },
		{ "f/x", ENOTDIR },
		{ "f/.", ENOTDIR },
		{ "d/missing", ENOENT },
		{ "dangling/x", ENOENT },
		{ "loop/x", ELOOP },
		{ "", ENOENT },
		{ "d//", 0 },
		{ "F", ENOENT },
	};

	WORKS(zct_put("f", "text", 0640));
	WORKS(mkdir("d", 0755));
	WORKS(symlink("f", "link"));
	WORKS(symlink("nowhere", "dangling"));
	WORKS(symlink("loop", "loop"));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		GIVES(-cases[i].err, zct_stat(cases[i].path));
}

static void names_of_every_length(void **state)
{
	(void)state;
	make_names();
	WORKS(zct_put(name255, "long", 0644));
	WORKS(zct_stat(name255));
	WORKS(mkdir("of", 0755));
	FAILS(ENAMETOOLONG, zct_stat(name256));
	FAILS(ENAMETOOLONG, zct_put(name256, "", 0644));
	FAILS(ENAMETOOLONG, mkdir(name256, 0755));
	FAILS(ENAMETOOLONG, mknod(name256, S_IFIFO | 0644, 0));
	FAILS(ENAMETOOLONG, symlink("x", name256));
	FAILS(ENAMETOOLONG, link(name255, name256));
	FAILS(ENAMETOOLONG, rename(name255, name256));
	FAILS(ENAMETOOLONG, unlink(name256));
	FAILS(ENAMETOOLONG, rmdir(name256));
	WORKS(rename(name255, "short"));
	WORKS(rename("short", name255));
}

static void names_of_odd_bytes(void **state)
{
	(void)state;
	static const char *const names[] = {
		" ",	"...",	    "-rf", "a\nb", "\x01\x02\x7f", "\xff\xfe", "a\\b",
		"*?[]", "\xc3\xa4", "~",   "a\tb", ".hidden",	   "'\"$(x)",  "%s%n",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		FAILS(ENOENT, zct_stat(names[i]));
		WORKS(zct_put(names[i], names[i], 0644));
		WORKS(zct_stat(names[i]));
		WORKS(zct_cat(names[i]));
	}
	WORKS(unlink("\xff\xfe"));
	FAILS(ENOENT, zct_stat("\xff\xfe"));
}

static void a_missing_name_appears_when_it_is_made(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++) {
		FAILS(ENOENT, zct_stat("blink"));
		WORKS(zct_put("blink", "x", 0600));
		WORKS(zct_stat("blink"));
		WORKS(unlink("blink"));
		FAILS(ENOENT, zct_stat("blink"));
		WORKS(mkdir("blink", 0700));
		WORKS(zct_stat("blink"));
		WORKS(rmdir("blink"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(present_and_missing),
		cmocka_unit_test(names_of_every_length),
		cmocka_unit_test(names_of_odd_bytes),
		cmocka_unit_test(a_missing_name_appears_when_it_is_made),
	};

	return ZCT_RUN("", tests);
}
