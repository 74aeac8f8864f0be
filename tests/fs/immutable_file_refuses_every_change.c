/* SPDX-License-Identifier: MIT */
/*
 * chattr +i through the mount: every way to change a file, or a directory's names, gives the same
 * errno. Must not know: access(2), which the kernel answers from the mode bits alone (see the
 * forced differences).
 */
#include "zct.h"

#include <linux/fs.h>
#include <sys/xattr.h>

static void need_marks(const char *path)
{
	long err = SAME(zct_chattr(path, FS_IMMUTABLE_FL, 0));

	if (err == -ENOTTY || err == -EOPNOTSUPP || err == -EINVAL)
		zct_skip("no chattr +i on this file system");
	CHECK_EQ(err, 0);
}

static void a_file(void **state)
{
	(void)state;
	int fd[2], reader[2];

	WORKS(zct_put("f", "fixed", 0666));
	zct_open_pair(fd, "f", O_RDWR, 0);
	need_marks("f");
	zct_open_pair(reader, "f", O_RDONLY, 0);
	FAILS(EPERM, open("f", O_WRONLY));
	FAILS(EPERM, open("f", O_RDWR));
	FAILS(EPERM, open("f", O_WRONLY | O_APPEND));
	FAILS(EPERM, open("f", O_WRONLY | O_TRUNC));
	FAILS(EPERM, open("f", O_RDWR | O_CREAT, 0644));
	FAILS(EPERM, truncate("f", 0));
	FAILS(EPERM, unlink("f"));
	FAILS(EPERM, rename("f", "g"));
	FAILS(EPERM, link("f", "g"));
	FAILS(EPERM, chmod("f", 0600));
	FAILS(EPERM, chown("f", ALICE, ALICE));
	FAILS(EPERM, utimensat(AT_FDCWD, "f", NULL, 0));
	FAILS(EPERM, setxattr("f", "user.x", "y", 1, 0));
	FAILS(EPERM, removexattr("f", "user.x"));
	FAILS(EPERM, fallocate(fd[zct.side], 0, 0, 100));
	/* Of a descriptor opened before, file systems think differently. */
	SAME(ftruncate(fd[zct.side], 2));
	SAME(pwrite(fd[zct.side], "x", 1, 0));
	WORKS(zct_pread(reader[zct.side], 10, 0));
	WORKS(zct_cat("f"));
	zct_close_pair(fd);
	zct_close_pair(reader);
	WORKS(zct_chattr("f", 0, FS_IMMUTABLE_FL));
	GIVES(0, zct_try_open("f", O_WRONLY, 0));
	WORKS(unlink("f"));
}

static void a_directory(void **state)
{
	(void)state;
	WORKS(mkdir("d", 0777));
	WORKS(zct_put("d/f", "f", 0644));
	need_marks("d");
	FAILS(EPERM, zct_put("d/new", "", 0644));
	FAILS(EPERM, mkdir("d/new", 0755));
	FAILS(EPERM, symlink("x", "d/new"));
	FAILS(EPERM, mkfifo("d/new", 0600));
	FAILS(EPERM, link("d/f", "d/new"));
	FAILS(EPERM, unlink("d/f"));
	FAILS(EPERM, rename("d/f", "out"));
	FAILS(EPERM, open("d", O_TMPFILE | O_RDWR, 0600));
	FAILS(EPERM, rmdir("d"));
	GIVES(0, zct_try_open("d/f", O_RDWR, 0));
	WORKS(zct_chattr("d", 0, FS_IMMUTABLE_FL));
	WORKS(rename("d/f", "d/g"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file),
		cmocka_unit_test(a_directory),
	};

	return ZCT_RUN("", tests);
}
