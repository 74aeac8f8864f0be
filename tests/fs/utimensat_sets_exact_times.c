/* SPDX-License-Identifier: MIT */
/*
 * utimensat and futimens: nanoseconds, before 1970, far away, UTIME_NOW and UTIME_OMIT, on links,
 * by whom. Must not know: the range of times a file system can keep.
 */
#include "zct.h"

static long times_of(const char *path)
{
	struct stat st;

	MUST(lstat(path, &st));
	zct_notef("atime %ld.%09ld mtime %ld.%09ld", (long)st.st_atim.tv_sec, st.st_atim.tv_nsec,
		  (long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
	return 0;
}

static const struct timespec table[][2] = {
	{ { 0, 0 }, { 0, 0 } },
	{ { 1, 999999999 }, { 1000000000, 123456789 } },
	{ { -1, 0 }, { -1, 999999999 } },
	{ { -1000000000, 500000000 }, { -2147483648L, 1 } },
	{ { 2147483648L, 2 }, { 4294967296L, 3 } },
	{ { 15032385535L, 999999999 }, { 15032385536L, 0 } },
	{ { -100000000000L, 0 }, { 100000000000L, 0 } },
	{ { 77, 77 }, { 0, UTIME_OMIT } },
	{ { 0, UTIME_OMIT }, { 88, 88 } },
	{ { 0, UTIME_OMIT }, { 0, UTIME_OMIT } },
};

static void on_every_type(void **state)
{
	(void)state;
	static const char *const names[] = { "f", "d", "l", "p" };

	WORKS(zct_put("f", "x", 0600));
	WORKS(mkdir("d", 0755));
	WORKS(symlink("f", "l"));
	WORKS(mkfifo("p", 0600));
	for (size_t n = 0; n < sizeof(names) / sizeof(names[0]); n++)
		for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
			WORKS(utimensat(AT_FDCWD, names[n], table[i], AT_SYMLINK_NOFOLLOW));
			WORKS(times_of(names[n]));
		}
	WORKS(utimensat(AT_FDCWD, "l", table[1], 0));
	WORKS(times_of("f"));
}

static void by_descriptor(void **state)
{
	(void)state;
	int fd[2];

	WORKS(zct_put("g", "x", 0600));
	zct_open_pair(fd, "g", O_RDONLY, 0);
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		WORKS(futimens(fd[zct.side], table[i]));
		WORKS(times_of("g"));
	}
	zct_close_pair(fd);
}

static const struct timespec old[2] = { { 1000, 1 }, { 1000, 1 } };
static const struct timespec now_omit[2] = { { 0, UTIME_NOW }, { 0, UTIME_OMIT } };
static const struct timespec now_now[2] = { { 0, UTIME_NOW }, { 0, UTIME_NOW } };

/* Bit 0: atime left the old value, bit 1: mtime did. */
static long moved(const char *path, const struct timespec t[2])
{
	struct stat st;

	MUST(utimensat(AT_FDCWD, path, old, 0));
	MUST(utimensat(AT_FDCWD, path, t, 0));
	MUST(stat(path, &st));
	return (st.st_atim.tv_sec != 1000) | (st.st_mtim.tv_sec != 1000) << 1;
}

static void now(void **state)
{
	(void)state;
	WORKS(zct_put("n", "x", 0600));
	GIVES(1, moved("n", now_omit));
	GIVES(3, moved("n", now_now));
	GIVES(3, moved("n", NULL));
	FAILS(EINVAL, utimensat(AT_FDCWD, "n", (struct timespec[2]){ { 0, -1 }, { 0, 0 } }, 0));
	FAILS(ENOENT, utimensat(AT_FDCWD, "missing", old, 0));
}

static void by_others(void **state)
{
	(void)state;
	WORKS(zct_put("alices", "x", 0600));
	WORKS(chown("alices", ALICE, ALICE));
	WORKS(zct_put("writable", "x", 0666));
	AS_USER (ALICE) {
		WORKS(utimensat(AT_FDCWD, "alices", old, 0));
		WORKS(times_of("alices"));
		FAILS(EPERM, utimensat(AT_FDCWD, "writable", old, 0));
		FAILS(EPERM, utimensat(AT_FDCWD, "writable", now_omit, 0));
		WORKS(utimensat(AT_FDCWD, "writable", now_now, 0));
		WORKS(utimensat(AT_FDCWD, "writable", NULL, 0));
	}
	AS_USER (BOB) {
		FAILS(EACCES, utimensat(AT_FDCWD, "alices", NULL, 0));
		FAILS(EPERM, utimensat(AT_FDCWD, "alices", old, 0));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(on_every_type),
		cmocka_unit_test(by_descriptor),
		cmocka_unit_test(now),
		cmocka_unit_test(by_others),
	};

	return ZCT_RUN("", tests);
}
