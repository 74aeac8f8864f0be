/* SPDX-License-Identifier: MIT */
/*
 * mmap: shared writes are seen by read at once and, after msync, in the backing directory; writes
 * are seen in mappings; private ones stay private. Must not know: planes.
 */
#include "zct.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

enum { LEN = 300000 };

static char *map(int fd, int prot, int flags)
{
	void *p = mmap(NULL, LEN, prot, flags, fd, 0);

	return p == MAP_FAILED ? NULL : p;
}

static void fresh(int fd[2], const char *name)
{
	static char bytes[LEN];

	zct_open_pair(fd, name, O_RDWR | O_CREAT, 0644);
	zct_fill(bytes, LEN, 7);
	GIVES(LEN, write(fd[zct.side], bytes, LEN));
}

static void a_shared_mapping_is_the_file(void **state)
{
	(void)state;
	char *p[2], byte[8] = "";
	int fd[2], back;

	fresh(fd, "f");
	for (int side = MNT; side <= TWIN; side++)
		CHECK((p[side] = map(fd[side], PROT_READ | PROT_WRITE, MAP_SHARED)));
	BOTH(memcpy(p[zct.side] + 4090, "across a page", 13));
	GIVES(20, zct_pread(fd[zct.side], 20, 4088));
	GIVES(0, msync(p[zct.side], LEN, MS_SYNC));
	back = (int)MUST(openat(zct.fd[BACK], "f", O_RDONLY | O_CLOEXEC));
	CHECK_EQ(pread(back, byte, 8, 4090), 8);
	CHECK(!memcmp(byte, "across a", 8));
	GIVES(5, pwrite(fd[zct.side], "later", 5, 200000));
	GIVES(0, memcmp(p[zct.side] + 200000, "later", 5));
	BOTH(memcpy(p[zct.side] + LEN - 3, "end", 3));
	GIVES(0, munmap(p[zct.side], LEN));
	zct_close_pair(fd);
	GIVES(LEN, zct_cat("f"));
	CHECK_EQ(pread(back, byte, 8, LEN - 3), 3);
	CHECK(!memcmp(byte, "end", 3));
	close(back);
}

static void a_private_mapping_stays_private(void **state)
{
	(void)state;
	char *p[2];
	int fd[2];

	fresh(fd, "g");
	for (int side = MNT; side <= TWIN; side++)
		CHECK((p[side] = map(fd[side], PROT_READ | PROT_WRITE, MAP_PRIVATE)));
	BOTH(memset(p[zct.side], 0, LEN));
	GIVES(LEN, zct_cat("g"));
	GIVES(0, munmap(p[zct.side], LEN));
	zct_close_pair(fd);
}

static void the_refusals(void **state)
{
	(void)state;
	int fd[2];

	WORKS(zct_put("h", "text", 0644));
	zct_open_pair(fd, "h", O_RDONLY, 0);
	FAILS(EACCES, map(fd[zct.side], PROT_WRITE, MAP_SHARED) ? 0 : -1);
	GIVES(0, map(fd[zct.side], PROT_READ, MAP_SHARED) ? 0 : -1);
	zct_close_pair(fd);
	zct_open_pair(fd, "h", O_WRONLY, 0);
	FAILS(EACCES, map(fd[zct.side], PROT_READ, MAP_SHARED) ? 0 : -1);
	zct_close_pair(fd);
}

static long touch_beyond(int fd)
{
	int status;
	pid_t pid = (pid_t)MUST(fork());

	if (pid == 0) {
		signal(SIGBUS, SIG_DFL);
		_exit(map(fd, PROT_READ, MAP_SHARED)[LEN - 1]);
	}
	waitpid(pid, &status, 0);
	return WIFSIGNALED(status) ? WTERMSIG(status) : -1;
}

static void beyond_the_end_is_a_bus_error(void **state)
{
	(void)state;
	int fd[2];

	WORKS(zct_put("short", "short", 0644));
	zct_open_pair(fd, "short", O_RDONLY, 0);
	GIVES(SIGBUS, touch_beyond(fd[zct.side]));
	zct_close_pair(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_shared_mapping_is_the_file),
		cmocka_unit_test(a_private_mapping_stays_private),
		cmocka_unit_test(the_refusals),
		cmocka_unit_test(beyond_the_end_is_a_bus_error),
	};

	return ZCT_RUN("", tests);
}
