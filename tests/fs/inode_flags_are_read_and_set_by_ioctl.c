/* SPDX-License-Identifier: MIT */
/*
 * FS_IOC_GETFLAGS, SETFLAGS, FSGETXATTR, FSSETXATTR on files and directories, and who may. Must
 * not know: which flags a file system has.
 */
#include "zct.h"

#include <linux/fs.h>
#include <sys/ioctl.h>

static long get_flags(int fd)
{
	int flags = 0;

	return ioctl(fd, FS_IOC_GETFLAGS, &flags) < 0 ? -1 : flags;
}

static long set_flags(int fd, int flags)
{
	return ioctl(fd, FS_IOC_SETFLAGS, &flags);
}

static long get_xattr(int fd)
{
	struct fsxattr fsx = { 0 };

	if (ioctl(fd, FS_IOC_FSGETXATTR, &fsx) < 0)
		return -1;
	zct_notef("xflags %x extsize %u projid %u", fsx.fsx_xflags, fsx.fsx_extsize,
		  fsx.fsx_projid);
	return fsx.fsx_xflags;
}

static long set_xattr(int fd, unsigned int set, unsigned int projid)
{
	struct fsxattr fsx = { 0 };

	if (ioctl(fd, FS_IOC_FSGETXATTR, &fsx) < 0)
		return -1;
	fsx.fsx_xflags |= set;
	fsx.fsx_projid = projid;
	return ioctl(fd, FS_IOC_FSSETXATTR, &fsx);
}

static void try_all(const int fd[2])
{
	long old = SAME(get_flags(fd[zct.side]));

	SAME(set_flags(fd[zct.side], (int)old | FS_NODUMP_FL));
	SAME(get_flags(fd[zct.side]));
	SAME(get_xattr(fd[zct.side]));
	SAME(set_flags(fd[zct.side], (int)old | FS_SYNC_FL | FS_NOATIME_FL));
	SAME(get_flags(fd[zct.side]));
	SAME(get_xattr(fd[zct.side]));
	SAME(set_xattr(fd[zct.side], FS_XFLAG_NODUMP, 0));
	SAME(get_xattr(fd[zct.side]));
	SAME(get_flags(fd[zct.side]));
	SAME(set_xattr(fd[zct.side], 0, 77));
	SAME(get_xattr(fd[zct.side]));
	SAME(set_flags(fd[zct.side], 1 << 30));
	SAME(set_flags(fd[zct.side], (int)old));
}

static void on_a_file(void **state)
{
	(void)state;
	int fd[2];

	WORKS(zct_put("f", "x", 0644));
	zct_open_pair(fd, "f", O_RDONLY, 0);
	try_all(fd);
	zct_close_pair(fd);
}

static void on_a_directory(void **state)
{
	(void)state;
	int fd[2];

	WORKS(mkdir("d", 0755));
	zct_open_pair(fd, "d", O_RDONLY, 0);
	try_all(fd);
	zct_close_pair(fd);
	zct_open_pair(fd, ".", O_RDONLY, 0);
	SAME(get_flags(fd[zct.side]));
	zct_close_pair(fd);
}

static void by_users(void **state)
{
	(void)state;
	int fd[2];
	long old;

	WORKS(zct_put("g", "x", 0644));
	WORKS(chown("g", ALICE, ALICE));
	zct_open_pair(fd, "g", O_RDONLY, 0);
	old = SAME(get_flags(fd[zct.side]));
	AS_USER (ALICE) {
		SAME(set_flags(fd[zct.side], (int)old | FS_NODUMP_FL));
		SAME(get_flags(fd[zct.side]));
		SAME(set_flags(fd[zct.side], (int)old | FS_IMMUTABLE_FL));
		SAME(set_flags(fd[zct.side], (int)old | FS_APPEND_FL));
		SAME(get_flags(fd[zct.side]));
	}
	AS_USER (BOB) {
		SAME(set_flags(fd[zct.side], (int)old | FS_NOATIME_FL));
		SAME(get_flags(fd[zct.side]));
	}
	zct_close_pair(fd);
}

static void an_open_for_writing_is_not_disturbed(void **state)
{
	(void)state;
	int fd[2];

	zct_open_pair(fd, "w", O_WRONLY | O_CREAT, 0644);
	SAME(get_flags(fd[zct.side]));
	GIVES(1, write(fd[zct.side], "x", 1));
	zct_close_pair(fd);
}

/* The clock of a file system moves in steps: a file that is touched anew tells when. */
static void wait_for_a_later_time(const struct timespec *than)
{
	struct stat st = { 0 };

	for (int ms = 0; ms < 10000; ms++) {
		MUST(close((int)MUST(open("clock", O_WRONLY | O_CREAT | O_TRUNC, 0600))));
		MUST(stat("clock", &st));
		if (st.st_ctim.tv_sec != than->tv_sec || st.st_ctim.tv_nsec > than->tv_nsec)
			return;
		usleep(1000);
		MUST(unlink("clock"));
	}
	zct_fail(ZCT_HERE, "the clock of the file system stands still");
}

/* 1: the change time is later than before */
static long marks_the_change(int fd, const char *path)
{
	struct stat before, after;

	MUST(stat(path, &before));
	wait_for_a_later_time(&before.st_ctim);
	MUST(set_flags(fd, (int)MUST(get_flags(fd)) ^ FS_NODUMP_FL));
	MUST(stat(path, &after));
	return after.st_ctim.tv_sec != before.st_ctim.tv_sec ||
	       after.st_ctim.tv_nsec != before.st_ctim.tv_nsec;
}

static void the_change_time_shows_at_once(void **state)
{
	(void)state;
	int fd[2];

	WORKS(zct_put("t", "x", 0644));
	zct_open_pair(fd, "t", O_RDONLY, 0);
	GIVES(1, marks_the_change(fd[zct.side], "t"));
	zct_close_pair(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(on_a_file),
		cmocka_unit_test(on_a_directory),
		cmocka_unit_test(by_users),
		cmocka_unit_test(an_open_for_writing_is_not_disturbed),
		cmocka_unit_test(the_change_time_shows_at_once),
	};

	return ZCT_RUN("", tests);
}
