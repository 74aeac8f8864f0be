/* SPDX-License-Identifier: MIT */
/*
 * Sizes and offsets around each power of two up to 2^63 - 1, by every call that takes one: the file system
 * decides what is too big, and says so (EFBIG, EINVAL) on the mount as in a plain directory.
 * Must not know: what any file system allows.
 */
#include "zct.h"

#include <sys/resource.h>
#include <signal.h>

static int fds[2];

static long offset_of(int power, int more)
{
	return (long)((power == 63 ? (unsigned long)INT64_MAX + 1 : 1UL << power) +
		      (unsigned long)more);
}

static long size_after(long result)
{
	int err = errno;
	struct stat st;

	MUST(fstat(fds[zct.side], &st));
	zct_notef("size %lld", (long long)st.st_size);
	errno = err;
	return result;
}

/* Where the file system ends before 2^63 - 1, the mount does not know it: lseek(2) asks nobody
 * (fuse_fill_super sets s_maxbytes). What is done there fails all the same. */
static bool may_seek_to(off_t at)
{
	off_t found;

	zct_enter(TWIN);
	found = lseek(fds[TWIN], at, SEEK_SET);
	zct_leave(NULL);
	return at < 0 || found >= 0;
}

/* Each call on a file that begins empty. */
static void calls_at(off_t at)
{
	int *fd = fds;
	char byte;

	WORKS(ftruncate(fd[zct.side], 0));
	SAME(size_after(ftruncate(fd[zct.side], at)));
	SAME(size_after(truncate("f", at)));
	SAME(lseek(fd[zct.side], 0, SEEK_END));
	SAME(lseek(fd[zct.side], 0, SEEK_DATA));
	SAME(lseek(fd[zct.side], 0, SEEK_HOLE));
	SAME(lseek(fd[zct.side], at, SEEK_HOLE));
	SAME(lseek(fd[zct.side], at, SEEK_DATA));
	SAME(pread(fd[zct.side], &byte, 1, at - 1));
	SAME(pread(fd[zct.side], &byte, 1, at));
	WORKS(ftruncate(fd[zct.side], 0));
	SAME(size_after(pwrite(fd[zct.side], "x", 1, at)));
	SAME(size_after(pwrite(fd[zct.side], "xyz", 3, at - 2)));
	SAME(lseek(fd[zct.side], 0, SEEK_DATA));
	WORKS(ftruncate(fd[zct.side], 0));
	SAME(size_after(fallocate(fd[zct.side], 0, at, 4096)));
	SAME(size_after(fallocate(fd[zct.side], 0, at - 4096, 4096)));
	WORKS(ftruncate(fd[zct.side], 0));
	SAME(size_after(fallocate(fd[zct.side], FALLOC_FL_KEEP_SIZE, at, 4096)));
	SAME(size_after(
	    fallocate(fd[zct.side], FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, at, 4096)));
	SAME(size_after(fallocate(fd[zct.side], FALLOC_FL_ZERO_RANGE, at, 4096)));
	if (!may_seek_to(at))
		return;
	SAME(lseek(fd[zct.side], at, SEEK_SET));
	SAME(size_after(write(fd[zct.side], "x", 1)));
	SAME(lseek(fd[zct.side], 0, SEEK_CUR));
	SAME(lseek(fd[zct.side], 1, SEEK_END));
	FAILS(EINVAL, lseek(fd[zct.side], INT64_MAX, SEEK_CUR));
}

static void at_every_power_of_two(void **state)
{
	(void)state;

	zct_open_pair(fds, "f", O_RDWR | O_CREAT, 0644);
	for (int power = 12; power < 64; power += power < 30 ? 6 : 1)
		for (int more = -1; more < 2; more++)
			if (power < 63 || more < 0)
				calls_at(offset_of(power, more));
	calls_at(INT64_MAX - 4095);
	calls_at(-1);
	WORKS(ftruncate(fds[zct.side], 0));
	zct_close_pair(fds);
}

/* The largest size that both take stays for the comparison of the trees: reading it is quick where it is
 * all hole up to its end; so only the end is read. */
static void largest(void **state)
{
	(void)state;
	off_t low = 0, size = INT64_MAX;

	zct_open_pair(fds, "f", O_RDWR | O_CREAT, 0644);
	while (size - low > 1) {
		off_t middle = low + (size - low) / 2;

		if (SAME(ftruncate(fds[zct.side], middle)) == 0)
			low = middle;
		else
			size = middle;
	}
	CHECK(low >= INT64_C(1) << 40);
	if (SAME(ftruncate(fds[zct.side], size)) == 0)
		low = size;
	WORKS(ftruncate(fds[zct.side], low));
	WORKS(zct_stat("f"));
	GIVES(1, pwrite(fds[zct.side], "z", 1, low - 1));
	GIVES(1, zct_pread(fds[zct.side], 1, low - 1));
	SAME(zct_pread(fds[zct.side], 1, low));
	WORKS(ftruncate(fds[zct.side], 0));
	zct_close_pair(fds);
}

/* Past the process's own limit: EFBIG and a signal, decided before any file system is asked. */
static void resource_limit(void **state)
{
	(void)state;
	struct rlimit old, small;

	MUST(getrlimit(RLIMIT_FSIZE, &old));
	signal(SIGXFSZ, SIG_IGN);
	zct_open_pair(fds, "limited", O_RDWR | O_CREAT, 0644);
	small = old;
	small.rlim_cur = 100000;
	MUST(setrlimit(RLIMIT_FSIZE, &small));
	FAILS(EFBIG, pwrite(fds[zct.side], "x", 1, 100000));
	FAILS(EFBIG, ftruncate(fds[zct.side], 100001));
	FAILS(EFBIG, fallocate(fds[zct.side], 0, 99000, 2000));
	GIVES(10, size_after(pwrite(fds[zct.side], "0123456789abcdef", 16, 99990)));
	MUST(setrlimit(RLIMIT_FSIZE, &old));
	WORKS(ftruncate(fds[zct.side], 100001));
	zct_close_pair(fds);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(at_every_power_of_two),
		cmocka_unit_test(largest),
		cmocka_unit_test(resource_limit),
	};

	return ZCT_RUN("", tests);
}
