/* SPDX-License-Identifier: MIT */
/*
 * A directory that was removed while it is open or the current one: empty, and nothing can be made
 * in it. Must not know: planes.
 */
#include "zct.h"

#include <dirent.h>
#include <sys/syscall.h>

static long entries(int fd)
{
	char buf[4096];
	long n, total = 0;

	while ((n = syscall(SYS_getdents64, fd, buf, sizeof(buf))) > 0)
		total += n;
	return n < 0 ? n : total;
}

static void use(int dir[2])
{
	GIVES(0, zct_fstat(dir[zct.side]));
	SAME(entries(dir[zct.side]));
	FAILS(ENOENT, openat(dir[zct.side], "f", O_RDWR | O_CREAT, 0644));
	FAILS(ENOENT, openat(dir[zct.side], "f", O_RDONLY));
	FAILS(ENOENT, mkdirat(dir[zct.side], "d", 0755));
	FAILS(ENOENT, symlinkat("x", dir[zct.side], "l"));
	FAILS(ENOENT, mkfifoat(dir[zct.side], "p", 0600));
	FAILS(ENOENT, faccessat(dir[zct.side], "x", F_OK, 0));
	FAILS(ENOENT, unlinkat(dir[zct.side], "x", 0));
	GIVES(0, faccessat(dir[zct.side], "..", F_OK, 0));
}

static void while_it_is_open(void **state)
{
	(void)state;
	int dir[2];

	WORKS(mkdir("d", 0755));
	zct_open_pair(dir, "d", O_RDONLY | O_DIRECTORY, 0);
	WORKS(rmdir("d"));
	use(dir);
	GIVES(0, fchmod(dir[zct.side], 0700));
	zct_close_pair(dir);
}

static void open_and_made_again(void **state)
{
	(void)state;
	int dir[2];

	WORKS(mkdir("again", 0755));
	zct_open_pair(dir, "again", O_RDONLY | O_DIRECTORY, 0);
	WORKS(rmdir("again"));
	WORKS(mkdir("again", 0700));
	WORKS(zct_put("again/f", "x", 0644));
	use(dir);
	WORKS(zct_stat("again"));
	zct_close_pair(dir);
}

static long in_removed_cwd(const char *path)
{
	char buf[PATH_MAX];
	DIR *dir;

	MUST(chdir(path));
	MUST(rmdir(path[0] == 'c' ? "../cwd" : "."));
	zct_notef("getcwd %d", getcwd(buf, sizeof(buf)) ? 0 : errno);
	zct_notef("mkdir %d", mkdir("x", 0755) ? errno : 0);
	zct_notef("open %d", open("f", O_RDWR | O_CREAT, 0644) < 0 ? errno : 0);
	zct_notef("stat %d", zct_stat("."));
	zct_notef("..: %d", zct_stat(".."));
	dir = opendir(".");
	zct_notef("list %d", dir ? 0 : errno);
	if (dir)
		closedir(dir);
	return 0;
}

static void the_current_directory(void **state)
{
	(void)state;
	WORKS(mkdir("cwd", 0755));
	GIVES(0, in_removed_cwd("cwd"));
}

static void read_half_and_removed_in_between(void **state)
{
	(void)state;
	int dir[2];

	WORKS(mkdir("half", 0755));
	WORKS(zct_put("half/f", "x", 0644));
	zct_open_pair(dir, "half", O_RDONLY | O_DIRECTORY, 0);
	WORKS(entries(dir[zct.side]));
	WORKS(unlink("half/f"));
	WORKS(rmdir("half"));
	SAME(entries(dir[zct.side]));
	WORKS(lseek(dir[zct.side], 0, SEEK_SET));
	SAME(entries(dir[zct.side]));
	zct_close_pair(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(while_it_is_open),
		cmocka_unit_test(open_and_made_again),
		cmocka_unit_test(the_current_directory),
		cmocka_unit_test(read_half_and_removed_in_between),
	};

	return ZCT_RUN("", tests);
}
