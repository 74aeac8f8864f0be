/* SPDX-License-Identifier: MIT */
/*
 * telldir, seekdir and rewinddir: a remembered place gives the same names again; rewinding shows
 * news. Must not know: what a position is made of.
 */
#include "zct.h"

#include <dirent.h>

enum { COUNT = 400 };

static void make_entries(const char *dir)
{
	char path[64];

	MUST(mkdir(dir, 0755));
	for (int i = 0; i < COUNT; i++) {
		snprintf(path, sizeof(path), "%s/entry-with-a-name-%d", dir, i);
		MUST(mknod(path, S_IFREG | 0644, 0));
	}
}

static long from_every_place(const char *path)
{
	static char names[COUNT + 2][NAME_MAX + 1];
	long place[COUNT + 2];
	DIR *dir = opendir(path);
	struct dirent *de;
	int n = 0;

	CHECK(dir);
	for (place[0] = telldir(dir); n < COUNT + 2 && (de = readdir(dir)); n++) {
		strcpy(names[n], de->d_name);
		if (n + 1 < COUNT + 2)
			place[n + 1] = telldir(dir);
	}
	CHECK(!readdir(dir));
	for (int i = n - 1; i >= 0; i--) {
		seekdir(dir, place[i]);
		for (int k = i; k < n && k < i + 3; k++) {
			de = readdir(dir);
			CHECK(de && !strcmp(de->d_name, names[k]));
		}
	}
	closedir(dir);
	return n;
}

static void every_place_is_found_again(void **state)
{
	(void)state;
	BOTH(make_entries("d"));
	GIVES(COUNT + 2, from_every_place("d"));
	GIVES(COUNT + 2, from_every_place("d"));
}

static int count(DIR *dir)
{
	int n = 0;

	while (readdir(dir))
		n++;
	return n;
}

static long rewind_after_changes(const char *path)
{
	DIR *dir = opendir(path);
	int before, after, gone;

	CHECK(dir);
	before = count(dir);
	MUST(mkdir("r/new", 0755));
	MUST(mkdir("r/newer", 0755));
	rewinddir(dir);
	after = count(dir);
	MUST(rmdir("r/new"));
	rewinddir(dir);
	gone = count(dir);
	closedir(dir);
	return before * 10000 + after * 100 + gone;
}

static void rewinding_shows_what_changed(void **state)
{
	(void)state;
	WORKS(mkdir("r", 0755));
	WORKS(zct_put("r/old", "", 0644));
	GIVES(30504, rewind_after_changes("r"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_place_is_found_again),
		cmocka_unit_test(rewinding_shows_what_changed),
	};

	return ZCT_RUN("", tests);
}
