/* SPDX-License-Identifier: MIT */
/*
 * fallocate of more than there is says ENOSPC, takes nothing, and space that was allocated is there for
 * the write that comes. Must not know: how much room there is.
 */
#include "zct.h"

#include <sys/statvfs.h>

static char piece[1 << 20];

static off_t room(void)
{
	struct statvfs st;

	MUST(statvfs(zct.dir[TWIN], &st));
	return (off_t)(st.f_bavail * st.f_frsize);
}

static void wait_for_room(off_t wanted)
{
	for (int ms = 0; room() < wanted && ms < 10000; ms += 10) {
		sync();
		usleep(10000);
	}
	CHECK(room() >= wanted);
}

/* What part of it some file systems take before they give up is noted too. */
static long too_much(int mode)
{
	int fd = (int)MUST(open("f", O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
	off_t before = room();
	long result = fallocate(fd, mode, 0, before * 2);
	int err = errno;

	zct_fstat(fd);
	close(fd);
	MUST(unlink("f"));
	wait_for_room(before - before / 50);
	errno = err;
	return result;
}

static void more_than_there_is(void **state)
{
	(void)state;
	static const int modes[] = { 0, FALLOC_FL_KEEP_SIZE, FALLOC_FL_ZERO_RANGE };

	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		long result = SAME(too_much(modes[i]));

		CHECK(result == -ENOSPC || result == -EOPNOTSUPP);
	}
}

/* Allocated first, then all the rest filled: writes into the allocated range still work. */
static long use_what_was_allocated(void)
{
	off_t before = room();
	int keep = (int)MUST(open("keep", O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
	int rest = (int)MUST(open("rest", O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644));

	MUST(fallocate(keep, 0, 0, 2 << 20));
	while (write(rest, piece, sizeof(piece)) > 0)
		;
	zct_notef("rest: %d", errno);
	CHECK_EQ(pwrite(keep, piece, 1 << 20, 0), 1 << 20);
	CHECK_EQ(pwrite(keep, piece, 1 << 20, 1 << 20), 1 << 20);
	MUST(fsync(keep));
	close(keep);
	close(rest);
	MUST(unlink("rest"));
	MUST(unlink("keep"));
	wait_for_room(before - before / 50);
	return 0;
}

static void allocated_space_is_kept(void **state)
{
	(void)state;
	GIVES(0, use_what_was_allocated());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(more_than_there_is),
		cmocka_unit_test(allocated_space_is_kept),
	};

	return ZCT_RUN("", tests);
}
