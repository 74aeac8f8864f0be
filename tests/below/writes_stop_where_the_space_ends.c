/* SPDX-License-Identifier: MIT */
/*
 * A full file system takes as much as it has room for, then says ENOSPC: to write, to pwrite far behind,
 * to appends, to O_DIRECT and O_SYNC; and once there is room again everything goes on, with the right
 * bytes. Must not know: how much room there is.
 */
#include "zct.h"

#include <linux/magic.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>

enum { PIECE = 1 << 20 };

static char *piece;

static unsigned long free_blocks(void)
{
	struct statvfs st;

	MUST(statvfs(zct.dir[TWIN], &st));
	return st.f_bfree;
}

/* A closed and deleted file gives its blocks back once the daemon has heard of it. */
static void remove_and_wait(const char *path, unsigned long wanted)
{
	MUST(unlink(path));
	for (int ms = 0; free_blocks() < wanted; ms += 10) {
		if (ms > 10000)
			zct_fail(ZCT_HERE, "%s: only %lu of %lu blocks are free again", path,
				 free_blocks(), wanted);
		sync();
		usleep(10000);
	}
}

/* What xfs has reserved for data that is not written yet it gives back once it is: until nothing more
 * fits in. */
static void fill_the_rest(int fd)
{
	for (int rounds = 0; rounds < 100; rounds++) {
		fsync(fd);
		if (write(fd, piece, 4096) < 0)
			return;
		while (write(fd, piece, 4096) > 0)
			;
	}
	zct_fail(ZCT_HERE, "there is always room for more");
}

/* Writes until it is refused: the errno, and how much the file then has, in whole MiB: file systems keep
 * some blocks to themselves. */
static void fill(const char *path, int flags)
{
	int fd = (int)MUST(open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | flags, 0644));
	long total = 0, n;
	struct stat st;

	while ((n = write(fd, piece, PIECE)) > 0)
		total += n;
	zct_notef("end %s, MiB %ld", n < 0 ? strerrorname_np(errno) : "0",
		  (total + PIECE / 2) / PIECE);
	MUST(fstat(fd, &st));
	CHECK_EQ(st.st_size, total);
	fill_the_rest(fd);
	zct_notef("again %ld %d", (long)write(fd, piece, 65536), errno);
	zct_notef("behind %ld %d", (long)pwrite(fd, piece, PIECE, total + (64 << 20)), errno);
	zct_notef("inside %ld", (long)pwrite(fd, "inside", 6, 1000));
	close(fd);
}

static long fill_and_free(const char *path, int flags)
{
	unsigned long before = free_blocks();
	char *back = calloc(1, PIECE);
	int fd;

	CHECK(back);
	zct_fill(piece, PIECE, 7);
	fill(path, flags);
	fd = (int)MUST(open(path, O_RDONLY | O_CLOEXEC));
	CHECK_EQ(pread(fd, back, PIECE, PIECE), PIECE);
	CHECK_EQ(memcmp(back, piece, PIECE), 0);
	close(fd);
	free(back);
	remove_and_wait(path, before - before / 50);
	return 0;
}

static void by_write(void **state)
{
	(void)state;
	GIVES(0, fill_and_free("write", 0));
}

static void by_appending(void **state)
{
	(void)state;
	GIVES(0, fill_and_free("append", O_APPEND));
}

static void by_synchronous_writes(void **state)
{
	(void)state;
	GIVES(0, fill_and_free("sync", O_SYNC));
}

/* Bytes of a request that failed half way must not turn up in the next one. */
static long go_on_after_failure(void)
{
	unsigned long before = free_blocks();
	char back[8192], wanted[8192];
	int big, small;

	big = (int)MUST(open("big", O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
	small = (int)MUST(open("small", O_RDWR | O_CREAT | O_CLOEXEC, 0644));
	zct_fill(wanted, sizeof(wanted), 9);
	MUST(pwrite(small, "room that is there already, for the test", sizeof("room"), 0));
	MUST(posix_fallocate(small, 0, sizeof(wanted)));
	memset(piece, 'b', PIECE);
	while (write(big, piece, PIECE) > 0)
		;
	zct_notef("big %d", errno);
	for (int i = 0; i < 20; i++) {
		CHECK_EQ(write(big, piece, PIECE), -1);
		CHECK_EQ(pwrite(small, wanted, sizeof(wanted), 0), (long)sizeof(wanted));
	}
	CHECK_EQ(pread(small, back, sizeof(back), 0), (long)sizeof(back));
	CHECK_EQ(memcmp(back, wanted, sizeof(back)), 0);
	MUST(ftruncate(big, 0));
	for (int ms = 0; free_blocks() < before - before / 20 && ms < 10000; ms += 10) {
		sync();
		usleep(10000);
	}
	CHECK_EQ(write(big, piece, PIECE), PIECE);
	close(big);
	close(small);
	remove_and_wait("big", before - before / 20);
	return 0;
}

static void later_writes_are_whole(void **state)
{
	(void)state;
	struct statfs st;

	MUST(statfs(zct.dir[TWIN], &st));
	if (st.f_type == BTRFS_SUPER_MAGIC)
		return; /* needs room for what is overwritten too */
	GIVES(0, go_on_after_failure());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_write),
		cmocka_unit_test(by_appending),
		cmocka_unit_test(by_synchronous_writes),
		cmocka_unit_test(later_writes_are_whole),
	};

	piece = malloc(PIECE);
	return piece ? ZCT_RUN("", tests) : 1;
}
