/* SPDX-License-Identifier: MIT */
/*
 * Names of 1 to 255 bytes, of every byte that a name may have, and those too long (ENAMETOOLONG), by every
 * call that takes a name; paths up to and past PATH_MAX. Must not know: character sets.
 */
#include "zct.h"

#include <dirent.h>
#include <sys/xattr.h>

static char name[8192];

static const char *filled(size_t len, char with)
{
	memset(name, with, len);
	name[len] = '\0';
	return name;
}

static long make_use_remove(const char *n)
{
	char list[64] = "user.";
	DIR *dir;
	struct dirent *de;
	long seen = 0;

	if (zct_put(n, "content", 0644) < 0)
		return -1;
	MUST(zct_stat(n));
	MUST(setxattr(n, "user.x", "v", 1, 0));
	CHECK_EQ(listxattr(n, list, sizeof(list)), 7);
	CHECK_EQ(zct_cat(n), 7);
	dir = opendir(".");
	CHECK(dir);
	while ((de = readdir(dir)))
		if (!strcmp(de->d_name, n))
			seen++;
	closedir(dir);
	CHECK_EQ(seen, 1);
	MUST(rename(n, "plain"));
	MUST(link("plain", n));
	MUST(unlink("plain"));
	MUST(unlink(n));
	MUST(mkdir(n, 0755));
	MUST(rmdir(n));
	MUST(symlink(n, "l"));
	CHECK_EQ(readlink("l", name + 4096, 4096), (long)strlen(n));
	MUST(unlink("l"));
	return 0;
}

static void every_byte(void **state)
{
	(void)state;
	char odd[4];

	for (int byte = 1; byte < 256; byte++) {
		if (byte == '/' || byte == '.')
			continue;
		snprintf(odd, sizeof(odd), "%c", byte);
		GIVES(0, make_use_remove(odd));
		snprintf(odd, sizeof(odd), ".%c.", byte);
		GIVES(0, make_use_remove(odd));
	}
}

/* They stay there for the comparison of the trees. */
static void every_byte_together(void **state)
{
	(void)state;
	char all[256];
	size_t len = 0;

	for (int byte = 1; byte < 256; byte++)
		if (byte != '/')
			all[len++] = (char)byte;
	all[len] = '\0';
	GIVES(0, make_use_remove(all));
	WORKS(zct_put(all, "stays", 0644));
	for (int byte = 1; byte < 256; byte++) {
		snprintf(all, sizeof(all), "%c%c", byte == '/' ? 'x' : byte, 'y');
		if (byte != 'x')
			WORKS(zct_put(all, "stays", 0644));
	}
	FAILS(EEXIST, mkdir("\001y", 0755));
	FAILS(ENOENT, zct_stat("..."));
	FAILS(ENOENT, zct_stat(""));
	FAILS(ENOENT, open("", O_CREAT | O_RDWR, 0644));
}

static void every_length(void **state)
{
	(void)state;
	for (size_t len = 1; len <= 255; len += len < 8 || len > 247 ? 1 : 8)
		GIVES(0, make_use_remove(filled(len, 'n')));
	GIVES(0, make_use_remove(filled(255, '\377')));
}

static void too_long(const char *n)
{
	WORKS(zct_put("f", "", 0644));
	FAILS(ENAMETOOLONG, zct_stat(n));
	FAILS(ENAMETOOLONG, open(n, O_RDONLY));
	FAILS(ENAMETOOLONG, open(n, O_RDWR | O_CREAT, 0644));
	FAILS(ENAMETOOLONG, open(n, O_RDWR | O_CREAT | O_EXCL, 0644));
	FAILS(ENAMETOOLONG, mkdir(n, 0755));
	FAILS(ENAMETOOLONG, mknod(n, S_IFIFO | 0644, 0));
	FAILS(ENAMETOOLONG, symlink("f", n));
	FAILS(ENAMETOOLONG, link("f", n));
	FAILS(ENAMETOOLONG, link(n, "g"));
	FAILS(ENAMETOOLONG, rename("f", n));
	FAILS(ENAMETOOLONG, rename(n, "f"));
	FAILS(ENAMETOOLONG, renameat2(AT_FDCWD, "f", AT_FDCWD, n, RENAME_EXCHANGE));
	FAILS(ENAMETOOLONG, unlink(n));
	FAILS(ENAMETOOLONG, rmdir(n));
	FAILS(ENAMETOOLONG, truncate(n, 0));
	FAILS(ENAMETOOLONG, chmod(n, 0644));
	FAILS(ENAMETOOLONG, access(n, F_OK));
	FAILS(ENAMETOOLONG, setxattr(n, "user.x", "v", 1, 0));
	FAILS(ENAMETOOLONG, readlink(n, (char[8]){ 0 }, 8));
	WORKS(unlink("f"));
}

static void names_too_long(void **state)
{
	(void)state;
	/* 1024 is FUSE_NAME_MAX: longer ones never get to the daemon */
	static const size_t lengths[] = { 256, 257, 511, 1024, 1025, 4000 };

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
		too_long(filled(lengths[i], 't'));
}

static void paths_up_to_the_limit(void **state)
{
	(void)state;

	WORKS(mkdir("d", 0755));
	WORKS(zct_put("d/f", "far", 0644));
	/* d/./././f of 4095 bytes, and one byte more */
	for (int more = 0; more < 2; more++) {
		snprintf(name, sizeof(name), "d/");
		while (strlen(name) < (size_t)(4094 - 1 + more))
			strcat(name, (strlen(name) % 2) ? "/" : "./");
		strcat(name, "f");
		if (more)
			FAILS(ENAMETOOLONG, zct_stat(filled(4096, '/')));
		else
			SAME(zct_stat(name));
	}
}

static long link_of(size_t len, char with)
{
	static char back[8192];
	ssize_t n;

	if (symlink(filled(len, with), "long") < 0)
		return -1;
	n = readlink("long", back, sizeof(back));
	zct_note(back, n > 0 ? (size_t)n : 0);
	MUST(zct_stat("long"));
	MUST(unlink("long"));
	return n;
}

static void targets_up_to_the_limit(void **state)
{
	(void)state;
	static const size_t lengths[] = { 1,	59,   60,   255,  256,	1000,
					  1023, 1024, 4000, 4094, 4095, 4096 };

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
		SAME(link_of(lengths[i], 's'));
	FAILS(ENOENT, link_of(0, 's'));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_byte),
		cmocka_unit_test(every_byte_together),
		cmocka_unit_test(every_length),
		cmocka_unit_test(names_too_long),
		cmocka_unit_test(paths_up_to_the_limit),
		cmocka_unit_test(targets_up_to_the_limit),
	};

	return ZCT_RUN("", tests);
}
