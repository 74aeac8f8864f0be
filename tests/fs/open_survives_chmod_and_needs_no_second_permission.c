/* SPDX-License-Identifier: MIT */
/*
 * Permission is decided at open: a later chmod, chown or unlink leaves the open descriptor usable.
 * Must not know: whether the mirror opens the backing file once or again.
 */
#include "zct.h"

static long use(int fd)
{
	long n = pwrite(fd, "still", 5, 0) == 5 ? zct_pread(fd, 10, 0) : -1;

	if (n >= 0 && ftruncate(fd, 20) < 0)
		return -1;
	return n;
}

static void of_a_file_that_is_shut_afterwards(void **state)
{
	(void)state;
	const struct zct_who alice = { ALICE, ALICE, 022, 0, { 0 } };

	WORKS(mkdir("d", 0777));
	WORKS(chmod("d", 0777));
	AS (&alice) {
		int fd[2];

		WORKS(zct_put("d/f", "text", 0600));
		zct_open_pair(fd, "d/f", O_RDWR, 0);
		WORKS(chmod("d/f", 0));
		GIVES(5, use(fd[zct.side]));
		FAILS(EACCES, open("d/f", O_RDWR));
		WORKS(unlink("d/f"));
		WORKS(use(fd[zct.side]));
		zct_close_pair(fd);
	}
}

static void of_a_directory_that_is_shut_afterwards(void **state)
{
	(void)state;
	int fd[2];

	WORKS(mkdir("shut", 0755));
	WORKS(zct_put("shut/f", "text", 0666));
	zct_open_pair(fd, "shut/f", O_RDWR, 0);
	WORKS(chmod("shut", 0));
	AS_USER (ALICE) {
		FAILS(EACCES, zct_stat("shut/f"));
		GIVES(5, use(fd[zct.side]));
	}
	zct_close_pair(fd);
}

static void of_a_file_that_was_given_away(void **state)
{
	(void)state;
	int fd[2];

	WORKS(zct_put("gift", "text", 0600));
	zct_open_pair(fd, "gift", O_RDWR, 0);
	WORKS(chown("gift", BOB, BOB));
	AS_USER (ALICE)
		GIVES(5, use(fd[zct.side]));
	zct_close_pair(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_a_file_that_is_shut_afterwards),
		cmocka_unit_test(of_a_directory_that_is_shut_afterwards),
		cmocka_unit_test(of_a_file_that_was_given_away),
	};

	return ZCT_RUN("", tests);
}
