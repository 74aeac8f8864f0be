/* SPDX-License-Identifier: MIT */
/*
 * fsync, fdatasync, syncfs and sync_file_range on files, directories and other things. Must not
 * know: whether data really reached a disk.
 */
#include "zct.h"

static int sync_range(int fd)
{
	return sync_file_range(fd, 0, 4096, SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER);
}

static void every_kind_of_descriptor(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		int flags, err;
	} cases[] = {
		{ "f", O_RDWR, 0 },   { "f", O_RDONLY, 0 },    { "f", O_WRONLY | O_APPEND, 0 },
		{ "d", O_RDONLY, 0 }, { "p", O_RDWR, EINVAL }, { "f", O_PATH, EBADF },
	};
	int fd[2];

	WORKS(zct_put("f", "text", 0644));
	WORKS(mkdir("d", 0755));
	WORKS(mkfifo("p", 0600));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		zct_open_pair(fd, cases[i].name, cases[i].flags, 0);
		if ((cases[i].flags & O_ACCMODE) != O_RDONLY && !cases[i].err)
			GIVES(4, write(fd[zct.side], "more", 4));
		GIVES(-cases[i].err, fsync(fd[zct.side]));
		GIVES(-cases[i].err, fdatasync(fd[zct.side]));
		SAME(syncfs(fd[zct.side]));
		SAME(sync_range(fd[zct.side]));
		zct_close_pair(fd);
	}
}

static void of_a_file_without_a_name(void **state)
{
	(void)state;
	int fd[2], dir[2];

	WORKS(zct_put("u", "", 0644));
	zct_open_pair(fd, "u", O_WRONLY, 0);
	WORKS(unlink("u"));
	GIVES(4, write(fd[zct.side], "text", 4));
	GIVES(0, fsync(fd[zct.side]));
	zct_close_pair(fd);
	WORKS(mkdir("gone", 0755));
	zct_open_pair(dir, "gone", O_RDONLY, 0);
	WORKS(rmdir("gone"));
	GIVES(0, fsync(dir[zct.side]));
	zct_close_pair(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_of_descriptor),
		cmocka_unit_test(of_a_file_without_a_name),
	};

	return ZCT_RUN("", tests);
}
