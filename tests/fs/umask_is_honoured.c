/* SPDX-License-Identifier: MIT */
/*
 * The caller's umask takes its bits from whatever is made, and chmod does not care for it. Must
 * not know: FUSE_DONT_MASK.
 */
#include "zct.h"

static const mode_t masks[] = { 0, 022, 027, 077, 0777, 0133, 01000 };

static long make_all(mode_t mask, int i)
{
	const mode_t old = umask(mask);
	char name[16];
	int fd;

#define NAME(c) (snprintf(name, sizeof(name), "%c%d", c, i), name)
	fd = (int)MUST(open(NAME('o'), O_RDWR | O_CREAT | O_CLOEXEC, 07777));
	close(fd);
	MUST(mkdir(NAME('d'), 0777));
	MUST(mkdir(NAME('s'), 01777));
	MUST(mkfifo(NAME('p'), 0666));
	MUST(mknod(NAME('n'), S_IFREG | 06777, 0));
	MUST(mknod(NAME('c'), S_IFCHR | 0666, 0x103));
	MUST(symlink("x", NAME('l')));
	umask(old);
	for (const char *c = "odspncl"; *c; c++)
		MUST(zct_stat(NAME(*c)));
#undef NAME
	return 0;
}

static void by_everything_that_makes_a_file(void **state)
{
	(void)state;
	for (int i = 0; i < (int)(sizeof(masks) / sizeof(masks[0])); i++)
		WORKS(make_all(masks[i], i));
}

static long mode_of_tmpfile(mode_t mask)
{
	const mode_t old = umask(mask);
	long err = zct_try_open(".", O_TMPFILE | O_RDWR, 0777);

	umask(old);
	return err;
}

static void by_tmpfile(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(masks) / sizeof(masks[0]); i++)
		WORKS(mode_of_tmpfile(masks[i]));
}

static void each_request_has_its_own(void **state)
{
	(void)state;
	const struct zct_who strict = { ALICE, ALICE, 077, 0, { 0 } },
			     lax = { BOB, BOB, 0, 0, { 0 } };

	WORKS(mkdir("open", 0777));
	WORKS(chmod("open", 0777));
	AS (&strict)
		WORKS(mkdir("open/strict", 0777));
	AS (&lax)
		WORKS(mkdir("open/lax", 0777));
	WORKS(zct_stat("open/strict"));
	WORKS(zct_stat("open/lax"));
	AS (&strict)
		WORKS(chmod("open/strict", 0777));
	WORKS(zct_stat("open/strict"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_everything_that_makes_a_file),
		cmocka_unit_test(by_tmpfile),
		cmocka_unit_test(each_request_has_its_own),
	};

	return ZCT_RUN("", tests);
}
