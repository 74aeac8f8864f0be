/* SPDX-License-Identifier: MIT */
/*
 * A file whose last name is gone still reads, writes and changes through its descriptor, by every
 * call. Must not know: planes.
 */
#include "zct.h"

#include <sys/xattr.h>

static long reopen(int fd)
{
	char proc[64];

	snprintf(proc, sizeof(proc), "/proc/self/fd/%d", fd);
	return zct_cat(proc);
}

static void use(int fd[2])
{
	static const struct timespec times[2] = { { 1000, 5 }, { 2000, 7 } };

	GIVES(0, zct_fstat(fd[zct.side]));
	GIVES(4, zct_pread(fd[zct.side], 10, 0));
	GIVES(6, pwrite(fd[zct.side], "longer", 6, 4));
	GIVES(10, zct_pread(fd[zct.side], 20, 0));
	GIVES(0, ftruncate(fd[zct.side], 7));
	GIVES(0, fallocate(fd[zct.side], 0, 0, 5000));
	GIVES(0, fchmod(fd[zct.side], 0604));
	GIVES(0, fchown(fd[zct.side], ALICE, TEAM));
	GIVES(0, futimens(fd[zct.side], times));
	GIVES(0, fsetxattr(fd[zct.side], "user.x", "y", 1, 0));
	GIVES(1, fgetxattr(fd[zct.side], "user.x", NULL, 0));
	GIVES(7, flistxattr(fd[zct.side], NULL, 0));
	GIVES(0, fremovexattr(fd[zct.side], "user.x"));
	GIVES(0, fsync(fd[zct.side]));
	GIVES(0, zct_fstat(fd[zct.side]));
	GIVES(5000, reopen(fd[zct.side]));
	FAILS(ENOENT, zct_give_name(fd[zct.side], "back-again"));
	SAME(lseek(fd[zct.side], 0, SEEK_HOLE));
}

static void removed_by_unlink(void **state)
{
	(void)state;
	int fd[2];

	WORKS(zct_put("f", "text", 0644));
	zct_open_pair(fd, "f", O_RDWR, 0);
	WORKS(unlink("f"));
	use(fd);
	zct_close_pair(fd);
	FAILS(ENOENT, zct_stat("f"));
}

static void removed_by_rename_over_it(void **state)
{
	(void)state;
	int fd[2];

	WORKS(zct_put("g", "text", 0644));
	WORKS(zct_put("other", "other", 0600));
	zct_open_pair(fd, "g", O_RDWR, 0);
	WORKS(rename("other", "g"));
	use(fd);
	zct_close_pair(fd);
	GIVES(5, zct_cat("g"));
}

static void made_and_removed_before_any_use(void **state)
{
	(void)state;
	int fd[2], second[2];

	zct_open_pair(fd, "h", O_RDWR | O_CREAT | O_EXCL, 0600);
	zct_open_pair(second, "h", O_RDONLY, 0);
	WORKS(unlink("h"));
	GIVES(4, write(fd[zct.side], "text", 4));
	GIVES(4, zct_pread(second[zct.side], 10, 0));
	use(fd);
	zct_close_pair(fd);
	GIVES(7, zct_pread(second[zct.side], 7, 0));
	zct_close_pair(second);
}

static void a_new_file_of_the_same_name_is_another(void **state)
{
	(void)state;
	int fd[2];

	WORKS(zct_put("n", "text", 0644));
	zct_open_pair(fd, "n", O_RDWR, 0);
	WORKS(unlink("n"));
	WORKS(zct_put("n", "new one", 0600));
	GIVES(4, zct_pread(fd[zct.side], 10, 0));
	GIVES(7, zct_cat("n"));
	use(fd);
	GIVES(7, zct_cat("n"));
	zct_close_pair(fd);
}

static void only_a_path_descriptor_is_left(void **state)
{
	(void)state;
	int fd[2];

	WORKS(zct_put("p", "text", 0644));
	zct_open_pair(fd, "p", O_PATH, 0);
	WORKS(unlink("p"));
	GIVES(0, zct_fstat(fd[zct.side]));
	GIVES(4, reopen(fd[zct.side]));
	zct_close_pair(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(removed_by_unlink),
		cmocka_unit_test(removed_by_rename_over_it),
		cmocka_unit_test(made_and_removed_before_any_use),
		cmocka_unit_test(a_new_file_of_the_same_name_is_another),
		cmocka_unit_test(only_a_path_descriptor_is_left),
	};

	return ZCT_RUN("", tests);
}
