/* SPDX-License-Identifier: MIT */
/*
 * flock, fcntl and open-file-description locks between two processes on the mount: refusal,
 * waiting, ranges, F_GETLK, release by close and by exit, deadlock. Must not know: whether locks
 * are local to the mount or passed on.
 */
#include "zct.h"

#include <sys/file.h>
#include <sys/wait.h>

enum kind { FLOCK, POSIX, OFD };

static int lock(int fd, enum kind kind, bool wait, short type, off_t at, off_t len)
{
	struct flock fl = { .l_type = type, .l_whence = SEEK_SET, .l_start = at, .l_len = len };

	if (kind == FLOCK)
		return flock(fd, (type == F_RDLCK   ? LOCK_SH
				  : type == F_WRLCK ? LOCK_EX
						    : LOCK_UN) |
				     (wait ? 0 : LOCK_NB));
	if (kind == POSIX)
		return fcntl(fd, wait ? F_SETLKW : F_SETLK, &fl);
	return fcntl(fd, wait ? F_OFD_SETLKW : F_OFD_SETLK, &fl);
}

/* What another process gets that tries the same without waiting. */
static long other_tries(const char *path, enum kind kind, short type, off_t at, off_t len)
{
	pid_t pid = (pid_t)MUST(fork());
	int status;

	if (pid == 0) {
		int fd = open(path, O_RDWR | O_CLOEXEC);

		_exit(lock(fd, kind, false, type, at, len) < 0 ? errno : 0);
	}
	MUST(waitpid(pid, &status, 0));
	errno = WEXITSTATUS(status);
	return errno ? -1 : 0;
}

static void refuse_and_release(const char *path, enum kind kind)
{
	int fd[2];

	WORKS(zct_put(path, "0123456789", 0644));
	zct_open_pair(fd, path, O_RDWR, 0);
	GIVES(0, lock(fd[zct.side], kind, false, F_RDLCK, 0, 5));
	GIVES(0, other_tries(path, kind, F_RDLCK, 0, 5));
	FAILS(EAGAIN, other_tries(path, kind, F_WRLCK, 0, 5));
	GIVES(0, lock(fd[zct.side], kind, false, F_WRLCK, 0, 5));
	FAILS(EAGAIN, other_tries(path, kind, F_RDLCK, 0, 5));
	FAILS(EAGAIN, other_tries(path, kind, F_RDLCK, 4, 1));
	SAME(other_tries(path, kind, F_WRLCK, 5, 5));
	GIVES(0, lock(fd[zct.side], kind, false, F_UNLCK, 0, 5));
	GIVES(0, other_tries(path, kind, F_WRLCK, 0, 0));
	GIVES(0, lock(fd[zct.side], kind, false, F_WRLCK, 0, 0));
	FAILS(EAGAIN, other_tries(path, kind, F_RDLCK, 1000000, 1));
	zct_close_pair(fd);
	GIVES(0, other_tries(path, kind, F_WRLCK, 0, 0));
}

static void flock_locks(void **state)
{
	(void)state;
	refuse_and_release("flock", FLOCK);
}

static void posix_locks(void **state)
{
	(void)state;
	refuse_and_release("posix", POSIX);
}

static void ofd_locks(void **state)
{
	(void)state;
	refuse_and_release("ofd", OFD);
}

/* The pipe tells the order: U (about to unlock) has to come before L (the waiting one has it). */
static long wait_for_lock(const char *path, enum kind kind)
{
	int p[2], fd = (int)MUST(open(path, O_RDWR | O_CLOEXEC));
	char order[3] = "";
	pid_t pid;

	MUST(pipe2(p, O_CLOEXEC));
	MUST(lock(fd, kind, false, F_WRLCK, 0, 0));
	pid = (pid_t)MUST(fork());
	if (pid == 0) {
		int mine = open(path, O_RDWR | O_CLOEXEC);

		if (lock(mine, kind, false, F_WRLCK, 0, 0) == 0 || write(p[1], "R", 1) != 1)
			_exit(1);
		_exit(lock(mine, kind, true, F_WRLCK, 0, 0) < 0 || write(p[1], "L", 1) != 1);
	}
	MUST(read(p[0], order, 1));
	MUST(write(p[1], "U", 1));
	MUST(lock(fd, kind, false, F_UNLCK, 0, 0));
	zct_join(pid);
	MUST(read(p[0], order + 1, 2));
	zct_note(order, 3);
	close(p[0]);
	close(p[1]);
	close(fd);
	return !memcmp(order, "RUL", 3);
}

static void a_waiting_lock_comes_after_the_unlock(void **state)
{
	(void)state;
	WORKS(zct_put("w", "x", 0644));
	for (int kind = FLOCK; kind <= OFD; kind++)
		GIVES(1, wait_for_lock("w", (enum kind)kind));
}

static long who_holds(const char *path, pid_t me)
{
	pid_t pid = (pid_t)MUST(fork());
	int status;

	if (pid == 0) {
		struct flock fl = {
			.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = 3, .l_len = 100
		};
		int fd = open(path, O_RDWR | O_CLOEXEC);

		if (fcntl(fd, F_GETLK, &fl) < 0)
			_exit(99);
		_exit(fl.l_type == F_WRLCK && fl.l_start == 2 && fl.l_len == 6 && fl.l_pid == me);
	}
	MUST(waitpid(pid, &status, 0));
	return WEXITSTATUS(status);
}

static void getlk_names_the_holder_and_the_range(void **state)
{
	(void)state;
	int fd[2];

	WORKS(zct_put("g", "0123456789", 0644));
	zct_open_pair(fd, "g", O_RDWR, 0);
	GIVES(0, lock(fd[zct.side], POSIX, false, F_WRLCK, 2, 6));
	GIVES(1, who_holds("g", getpid()));
	zct_close_pair(fd);
}

static long hold_and_exit(const char *path)
{
	pid_t pid = (pid_t)MUST(fork());
	int status;

	if (pid == 0)
		_exit(lock(open(path, O_RDWR), POSIX, false, F_WRLCK, 0, 0) < 0 ||
		      lock(open(path, O_RDWR), FLOCK, false, F_WRLCK, 0, 0) < 0);
	MUST(waitpid(pid, &status, 0));
	return WEXITSTATUS(status);
}

static void exit_releases_and_the_access_mode_counts(void **state)
{
	(void)state;
	int fd[2];

	WORKS(zct_put("e", "x", 0644));
	GIVES(0, hold_and_exit("e"));
	GIVES(0, other_tries("e", POSIX, F_WRLCK, 0, 0));
	GIVES(0, other_tries("e", FLOCK, F_WRLCK, 0, 0));
	zct_open_pair(fd, "e", O_RDONLY, 0);
	FAILS(EBADF, lock(fd[zct.side], POSIX, false, F_WRLCK, 0, 0));
	GIVES(0, lock(fd[zct.side], FLOCK, false, F_WRLCK, 0, 0));
	zct_close_pair(fd);
	zct_open_pair(fd, ".", O_RDONLY, 0);
	GIVES(0, lock(fd[zct.side], FLOCK, false, F_WRLCK, 0, 0));
	zct_close_pair(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(flock_locks),
		cmocka_unit_test(posix_locks),
		cmocka_unit_test(ofd_locks),
		cmocka_unit_test(a_waiting_lock_comes_after_the_unlock),
		cmocka_unit_test(getlk_names_the_holder_and_the_range),
		cmocka_unit_test(exit_releases_and_the_access_mode_counts),
	};

	return ZCT_RUN("", tests);
}
