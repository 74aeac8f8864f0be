/* SPDX-License-Identifier: MIT */
/*
 * While a directory is read, others are made and removed in it: what stays all the time is seen
 * once. Must not know: whether the new and the removed are seen.
 */
#include "zct.h"

#include <dirent.h>

enum { COUNT = 500 };

static void make_entries(const char *dir)
{
	char path[64];

	MUST(mkdir(dir, 0755));
	for (int i = 0; i < COUNT; i++) {
		snprintf(path, sizeof(path), "%s/keep-%d", dir, i);
		MUST(mknod(path, S_IFREG | 0644, 0));
		snprintf(path, sizeof(path), "%s/drop-%d", dir, i);
		MUST(mknod(path, S_IFREG | 0644, 0));
	}
}

static void change(const char *dir, int i)
{
	char path[64], to[64];

	snprintf(path, sizeof(path), "%s/new-%d", dir, i);
	MUST(mknod(path, S_IFREG | 0644, 0));
	snprintf(path, sizeof(path), "%s/drop-%d", dir, i);
	MUST(unlink(path));
	snprintf(path, sizeof(path), "%s/new-%d", dir, i);
	snprintf(to, sizeof(to), "%s/moved-%d", dir, i);
	if (i % 3 == 0)
		MUST(rename(path, to));
}

static long read_while_changing(const char *path)
{
	static int seen[COUNT];
	DIR *dir = opendir(path);
	struct dirent *de;
	int number, changes = 0, kept = 0;

	CHECK(dir);
	memset(seen, 0, sizeof(seen));
	for (int i = 0; (de = readdir(dir)); i++) {
		if (sscanf(de->d_name, "keep-%d", &number) == 1) {
			CHECK(seen[number]++ == 0);
			kept++;
		}
		if (i % 2 && changes < COUNT)
			change(path, changes++);
	}
	while (changes < COUNT)
		change(path, changes++);
	closedir(dir);
	return kept;
}

static void what_stays_is_seen_exactly_once(void **state)
{
	(void)state;
	BOTH(make_entries("d"));
	GIVES(COUNT, read_while_changing("d"));
}

static long remove_while_reading(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *de;
	int passes = 0, removed = 1;

	CHECK(dir);
	for (; removed; passes++, rewinddir(dir))
		for (removed = 0; (de = readdir(dir));)
			if (de->d_name[0] != '.')
				removed += unlinkat(dirfd(dir), de->d_name, 0) == 0;
	closedir(dir);
	return passes > 0 && passes < 10 ? rmdir(path) : passes;
}

static void a_directory_can_be_emptied_while_it_is_read(void **state)
{
	(void)state;
	BOTH(make_entries("e"));
	GIVES(0, remove_while_reading("e"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_stays_is_seen_exactly_once),
		cmocka_unit_test(a_directory_can_be_emptied_while_it_is_read),
	};

	return ZCT_RUN("", tests);
}
