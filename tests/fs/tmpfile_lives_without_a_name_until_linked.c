/* SPDX-License-Identifier: MIT */
/*
 * O_TMPFILE: a file without a name takes data, can be given a name, and else leaves nothing
 * behind. Must not know: libfuse's version; a kernel before 6.2 has no TMPFILE request.
 */
#include "zct.h"

static void takes_data_and_a_name(void **state)
{
	(void)state;
	int fd[2];

	zct_open_pair(fd, ".", O_TMPFILE | O_RDWR, 0640);
	GIVES(0, zct_fstat(fd[zct.side]));
	GIVES(7, write(fd[zct.side], "nowhere", 7));
	WORKS(ftruncate(fd[zct.side], 10));
	WORKS(fchmod(fd[zct.side], 0604));
	GIVES(0, zct_fstat(fd[zct.side]));
	WORKS(zct_give_name(fd[zct.side], "named"));
	GIVES(0, zct_fstat(fd[zct.side]));
	WORKS(zct_stat("named"));
	GIVES(10, zct_cat("named"));
	GIVES(1, pwrite(fd[zct.side], "N", 1, 0));
	WORKS(zct_give_name(fd[zct.side], "twice"));
	FAILS(EEXIST, zct_give_name(fd[zct.side], "twice"));
	zct_close_pair(fd);
	GIVES(10, zct_cat("twice"));
}

static int reopen(int fd, int flags)
{
	char proc[64];

	snprintf(proc, sizeof(proc), "/proc/self/fd/%d", fd);
	return open(proc, flags | O_CLOEXEC);
}

static void lives_while_a_path_fd_holds_it(void **state)
{
	(void)state;
	int fd[2], path[2];

	zct_open_pair(fd, ".", O_TMPFILE | O_RDWR, 0640);
	GIVES(7, write(fd[zct.side], "nowhere", 7));
	BOTH(path[zct.side] = (int)MUST(reopen(fd[zct.side], O_PATH)));
	zct_close_pair(fd);
	GIVES(0, zct_fstat(path[zct.side]));
	BOTH(fd[zct.side] = (int)MUST(reopen(path[zct.side], O_RDWR)));
	GIVES(7, zct_pread(fd[zct.side], 10, 0));
	GIVES(1, pwrite(fd[zct.side], "N", 1, 0));
	zct_close_pair(fd);
	WORKS(zct_give_name(path[zct.side], "late"));
	zct_close_pair(path);
	GIVES(7, zct_cat("late"));
}

enum { ROUNDS = 3000 };

static void write_anew(void *arg)
{
	int fd = *(int *)arg;

	for (int i = 0; i < ROUNDS; i++) {
		int again = (int)MUST(reopen(fd, O_WRONLY));

		CHECK_EQ(write(again, "again", 5), 5);
		close(again);
	}
}

/* Each close is the last one at times, just while the other opens. */
static void opens_side_by_side_share_it(void **state)
{
	(void)state;
	pid_t pid[2];
	int fd[2], path[2];

	zct_open_pair(fd, ".", O_TMPFILE | O_RDWR, 0640);
	BOTH(path[zct.side] = (int)MUST(reopen(fd[zct.side], O_PATH)));
	zct_close_pair(fd);
	for (int i = 0; i < 2; i++)
		pid[i] = zct_spawn(write_anew, &path[MNT]);
	for (int i = 0; i < 2; i++)
		zct_join(pid[i]);
	zct_close_pair(path);
}

static void leaves_nothing_behind(void **state)
{
	(void)state;
	int fd[2];

	WORKS(mkdir("d", 0755));
	zct_open_pair(fd, "d", O_TMPFILE | O_WRONLY, 0600);
	GIVES(4, write(fd[zct.side], "gone", 4));
	zct_close_pair(fd);
	WORKS(zct_stat("d"));
	WORKS(rmdir("d"));
}

static void exclusive_means_never_a_name(void **state)
{
	(void)state;
	int fd[2];

	zct_open_pair(fd, ".", O_TMPFILE | O_RDWR | O_EXCL, 0600);
	GIVES(4, write(fd[zct.side], "mine", 4));
	FAILS(ENOENT, zct_give_name(fd[zct.side], "never"));
	GIVES(4, zct_pread(fd[zct.side], 10, 0));
	zct_close_pair(fd);
}

static void of_a_user(void **state)
{
	(void)state;
	const struct zct_who alice = { ALICE, ALICE, 027, 0, { 0 } };

	WORKS(mkdir("open", 0777));
	WORKS(chmod("open", 0777));
	AS (&alice) {
		int fd[2];

		zct_open_pair(fd, "open", O_TMPFILE | O_RDWR, 0666);
		GIVES(0, zct_fstat(fd[zct.side]));
		GIVES(5, write(fd[zct.side], "alice", 5));
		WORKS(zct_give_name(fd[zct.side], "open/alices"));
		WORKS(zct_stat("open/alices"));
		zct_close_pair(fd);
		zct_open_pair(fd, "open", O_TMPFILE | O_RDWR, 0);
		GIVES(5, write(fd[zct.side], "alice", 5));
		GIVES(5, zct_pread(fd[zct.side], 10, 0));
		zct_close_pair(fd);
		FAILS(EACCES, open(".", O_TMPFILE | O_RDWR, 0600));
	}
}

static void the_refusals(void **state)
{
	(void)state;
	WORKS(zct_put("f", "", 0644));
	FAILS(ENOTDIR, open("f", O_TMPFILE | O_RDWR, 0600));
	FAILS(ENOENT, open("missing", O_TMPFILE | O_RDWR, 0600));
	FAILS(EINVAL, open(".", O_TMPFILE | O_RDONLY, 0600));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_data_and_a_name),
		cmocka_unit_test(lives_while_a_path_fd_holds_it),
		cmocka_unit_test(opens_side_by_side_share_it),
		cmocka_unit_test(leaves_nothing_behind),
		cmocka_unit_test(exclusive_means_never_a_name),
		cmocka_unit_test(of_a_user),
		cmocka_unit_test(the_refusals),
	};

	return ZCT_RUN("", tests);
}
