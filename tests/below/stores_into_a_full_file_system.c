/* SPDX-License-Identifier: MIT */
/*
 * A store into a hole of a mapped file where no room is left: SIGBUS in passthrough as in a plain
 * directory; on the other planes the page belongs to the mount's own cache, and msync says ENOSPC.
 * Must not know: how much room there is.
 */
#include "zct.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

enum { LENGTH = 1 << 20 };

static void take_all_space(void)
{
	static char piece[1 << 16];
	char path[600];
	int fd;

	snprintf(path, sizeof(path), "%s/filler", zct.top);
	fd = (int)MUST(open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
	while (write(fd, piece, sizeof(piece)) > 0)
		;
	CHECK_EQ(errno, ENOSPC);
	while (write(fd, piece, 1) > 0)
		;
	close(fd);
}

/* In a child that may die: 0, the signal, or -errno of msync as 1000 + errno. */
static int store(int fd, off_t at)
{
	char *map = mmap(NULL, LENGTH, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (map == MAP_FAILED)
		return 1;
	map[at] = 'x';
	return msync(map, LENGTH, MS_SYNC) < 0 ? errno : 0;
}

static long store_in_child(const char *path, off_t at)
{
	int fd = (int)MUST(open(path, O_RDWR | O_CLOEXEC));
	pid_t pid;
	int status;

	fflush(NULL);
	pid = (pid_t)MUST(fork());
	if (pid == 0) {
		signal(SIGBUS, SIG_DFL);
		_exit(store(fd, at));
	}
	MUST(waitpid(pid, &status, 0));
	close(fd);
	if (WIFSIGNALED(status))
		return 1000 + WTERMSIG(status);
	return WEXITSTATUS(status);
}

static void into_a_hole(void **state)
{
	(void)state;
	long signalled = 1000 + SIGBUS;

	WORKS(zct_put("f", "some text", 0644));
	WORKS(truncate("f", LENGTH));
	take_all_space();
	GIVES(0, store_in_child("f", 5));
	zct_enter(TWIN);
	CHECK_EQ(store_in_child("f", LENGTH / 2), signalled);
	zct_leave(NULL);
	zct_enter(MNT);
	if (!strcmp(zct.plane, "passthrough"))
		CHECK_EQ(store_in_child("f", LENGTH / 2), signalled);
	else
		CHECK_EQ(store_in_child("f", LENGTH / 2), ENOSPC);
	zct_leave(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(into_a_hole),
	};

	return ZCT_RUN("", tests);
}
