/* SPDX-License-Identifier: MIT */
/*
 * Of blocks that are reserved for root, a user gets none, and root gets them, whoever of them had the file
 * open first. Must not know: how many there are.
 */
#include "zct.h"

#include <sys/statvfs.h>

enum { PIECE = 256 << 10 };

static char piece[PIECE];

static void fill_all_but_the_reserve(void)
{
	char path[600];
	int fd;

	snprintf(path, sizeof(path), "%s/filler", zct.top);
	fd = (int)MUST(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666));
	MUST(fchmod(fd, 0666));
	close(fd);
	AS_USER(ALICE)
	{
		fd = (int)MUST(open(path, O_WRONLY | O_CLOEXEC));
		while (write(fd, piece, 4096) > 0)
			;
		CHECK_EQ(errno, ENOSPC);
		MUST(fsync(fd));
	}
}

static long write_some(const char *path, size_t size)
{
	int fd = (int)MUST(open(path, O_WRONLY | O_CLOEXEC));
	long n = write(fd, piece, size);
	int err = errno;

	if (n > 0 && fsync(fd) < 0)
		n = -1, err = errno;
	close(fd);
	errno = err;
	return n;
}

static long allocate_some(const char *path, off_t size)
{
	int fd = (int)MUST(open(path, O_WRONLY | O_CLOEXEC));
	long n = fallocate(fd, 0, 0, size);
	int err = errno;

	close(fd);
	errno = err;
	return n;
}

static void user_and_root(void **state)
{
	(void)state;

	for (const char *name = "abcd"; *name; name++) {
		char path[2] = { *name, 0 };

		WORKS(zct_put(path, "", 0666));
	}
	fill_all_but_the_reserve();
	AS_USER(ALICE)
	{
		FAILS(ENOSPC, write_some("a", PIECE));
		FAILS(ENOSPC, allocate_some("a", PIECE));
	}
	GIVES(PIECE, write_some("b", PIECE));
	GIVES(PIECE, write_some("a", PIECE));
	GIVES(0, allocate_some("c", PIECE));
	AS_USER(BOB)
	{
		FAILS(ENOSPC, write_some("d", PIECE));
	}
	GIVES(PIECE, write_some("d", PIECE));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(user_and_root),
	};

	return ZCT_RUN("", tests);
}
