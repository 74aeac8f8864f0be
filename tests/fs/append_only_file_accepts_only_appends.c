/* SPDX-License-Identifier: MIT */
/*
 * chattr +a through the mount: writing needs O_APPEND, and neither truncation nor removal works.
 * Must not know: fcntl(F_SETFL), where the kernel looks at an inode flag that FUSE does not carry.
 */
#include "zct.h"

#include <linux/fs.h>

static void mark(const char *path)
{
	long err = SAME(zct_chattr(path, FS_APPEND_FL, 0));

	if (err == -ENOTTY || err == -EOPNOTSUPP || err == -EINVAL)
		zct_skip("no chattr +a on this file system");
	CHECK_EQ(err, 0);
}

static void a_file(void **state)
{
	(void)state;
	int fd[2];

	WORKS(zct_put("log", "one", 0644));
	mark("log");
	FAILS(EPERM, open("log", O_WRONLY));
	FAILS(EPERM, open("log", O_RDWR));
	FAILS(EPERM, open("log", O_WRONLY | O_APPEND | O_TRUNC));
	FAILS(EPERM, truncate("log", 0));
	FAILS(EPERM, truncate("log", 100));
	FAILS(EPERM, unlink("log"));
	FAILS(EPERM, rename("log", "gone"));
	FAILS(EPERM, link("log", "second"));
	zct_open_pair(fd, "log", O_WRONLY | O_APPEND, 0);
	GIVES(3, write(fd[zct.side], "two", 3));
	SAME(fallocate(fd[zct.side], 0, 0, 1));
	SAME(fallocate(fd[zct.side], FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 1));
	FAILS(EPERM, ftruncate(fd[zct.side], 0));
	zct_close_pair(fd);
	zct_open_pair(fd, "log", O_RDWR | O_APPEND, 0);
	GIVES(5, write(fd[zct.side], "three", 5));
	GIVES(11, zct_pread(fd[zct.side], 20, 0));
	zct_close_pair(fd);
	WORKS(zct_chattr("log", 0, FS_APPEND_FL));
	WORKS(unlink("log"));
}

static void a_directory_takes_new_names_and_gives_none_back(void **state)
{
	(void)state;
	WORKS(mkdir("d", 0755));
	mark("d");
	WORKS(zct_put("d/f", "f", 0644));
	WORKS(mkdir("d/e", 0755));
	FAILS(EPERM, unlink("d/f"));
	FAILS(EPERM, rmdir("d/e"));
	FAILS(EPERM, rename("d/f", "d/g"));
	WORKS(zct_chattr("d", 0, FS_APPEND_FL));
	WORKS(unlink("d/f"));
}

static void what_is_open_works_on_when_the_file_is_marked(void **state)
{
	(void)state;
	int fd[2];

	zct_open_pair(fd, "later", O_RDWR | O_CREAT | O_APPEND, 0644);
	mark("later");
	GIVES(3, write(fd[zct.side], "one", 3));
	zct_close_pair(fd);
	zct_open_pair(fd, "later", O_RDWR | O_APPEND, 0644);
	WORKS(zct_chattr("later", 0, FS_APPEND_FL));
	WORKS(zct_chattr("later", FS_IMMUTABLE_FL, 0));
	/* ext4 refuses, xfs does not */
	SAME(write(fd[zct.side], "two", 3));
	WORKS(zct_chattr("later", 0, FS_IMMUTABLE_FL));
	SAME(zct_pread(fd[zct.side], 20, 0));
	zct_close_pair(fd);
	WORKS(unlink("later"));
}

/* Its setuid bit cannot go, so what would clear it is refused. */
static void a_setuid_file(void **state)
{
	(void)state;
	int fd[2];

	WORKS(zct_put("set", "x", 0644));
	WORKS(chown("set", ALICE, ALICE));
	zct_open_pair(fd, "set", O_RDWR, 0);
	WORKS(chmod("set", 04777));
	mark("set");
	AS_USER (ALICE) {
		SAME(fallocate(fd[zct.side], 0, 0, 10));
		SAME(chown("set", -1, -1));
	}
	SAME(zct_pread(fd[zct.side], 20, 0));
	WORKS(zct_chattr("set", 0, FS_APPEND_FL));
	zct_close_pair(fd);
	WORKS(unlink("set"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file),
		cmocka_unit_test(a_directory_takes_new_names_and_gives_none_back),
		cmocka_unit_test(a_setuid_file),
		cmocka_unit_test(what_is_open_works_on_when_the_file_is_marked),
	};

	return ZCT_RUN("", tests);
}
