/* SPDX-License-Identifier: MIT */
/*
 * Each directory entry has the d_type and the d_ino that stat gives, before and after other
 * lookups. Must not know: readdir or readdirplus.
 */
#include "zct.h"

#include <dirent.h>

static void make_all(void)
{
	MUST(mkdir("d", 0755));
	MUST(zct_put("d/file", "x", 0644));
	MUST(mkdir("d/dir", 0755));
	MUST(symlink("file", "d/link"));
	MUST(mkfifo("d/fifo", 0600));
	MUST(mknod("d/sock", S_IFSOCK | 0600, 0));
	MUST(mknod("d/chr", S_IFCHR | 0600, 0x103));
	MUST(mknod("d/blk", S_IFBLK | 0600, 0x700));
	MUST(link("d/file", "d/second"));
}

static long check(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *de;
	struct stat st;
	long n = 0;

	CHECK(dir);
	for (; (de = readdir(dir)); n++) {
		MUST(fstatat(dirfd(dir), de->d_name, &st, AT_SYMLINK_NOFOLLOW));
		CHECK_EQ(de->d_type, IFTODT(st.st_mode));
		/* Above the mount's root lies another file system. */
		if (strcmp(path, ".") != 0 || strcmp(de->d_name, "..") != 0)
			CHECK_EQ(de->d_ino, st.st_ino);
	}
	closedir(dir);
	return n;
}

static void in_a_directory_and_in_the_root(void **state)
{
	(void)state;
	BOTH(make_all());
	GIVES(10, check("d"));
	GIVES(10, check("d"));
	GIVES(3, check("."));
	WORKS(rename("d/file", "moved"));
	WORKS(unlink("d/fifo"));
	WORKS(mkdir("d/fifo", 0755));
	GIVES(9, check("d"));
	GIVES(4, check("."));
	GIVES(2, check("d/dir"));
}

enum { MANY = 1500 };

static long numbers_first_stat_later(const char *path)
{
	static struct dirent all[MANY + 2];
	DIR *dir = opendir(path);
	struct dirent *de;
	struct stat st;
	int n = 0;

	CHECK(dir);
	while (n < MANY + 2 && (de = readdir(dir)))
		memcpy(&all[n++], de, de->d_reclen);
	for (int i = 0; i < n; i++) {
		MUST(fstatat(dirfd(dir), all[i].d_name, &st, AT_SYMLINK_NOFOLLOW));
		CHECK_EQ(all[i].d_ino, st.st_ino);
		CHECK_EQ(all[i].d_type, IFTODT(st.st_mode));
	}
	closedir(dir);
	return n;
}

static void make_many(void)
{
	char path[64];

	MUST(mkdir("many", 0755));
	for (int i = 0; i < MANY; i++) {
		snprintf(path, sizeof(path), "many/entry-with-a-name-%d", i);
		MUST(i % 2 ? symlink("x", path) : mkdir(path, 0700));
	}
}

static void in_a_directory_too_big_for_one_request(void **state)
{
	(void)state;
	BOTH(make_many());
	GIVES(MANY + 2, numbers_first_stat_later("many"));
	GIVES(MANY + 2, numbers_first_stat_later("many"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_a_directory_and_in_the_root),
		cmocka_unit_test(in_a_directory_too_big_for_one_request),
	};

	return ZCT_RUN("", tests);
}
