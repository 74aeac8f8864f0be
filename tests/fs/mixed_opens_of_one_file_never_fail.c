/* SPDX-License-Identifier: MIT */
/*
 * Many processes open one file at once in every way, read-only, writable, O_DIRECT, appending,
 * mapped, as different users, while others stat and rename it: no call fails, ever. Must not know:
 * planes; mixing them is what used to give EIO and EBUSY.
 */
#include "zct.h"

#include <sys/mman.h>

enum { WORKERS = 6, ROUNDS = 400, SIZE = 65536 };

static const int ways[] = { O_RDONLY,	       O_RDWR,
			    O_WRONLY,	       O_RDONLY | O_DIRECT,
			    O_RDWR | O_DIRECT, O_WRONLY | O_APPEND,
			    O_RDWR | O_SYNC };

static void use(int fd, int flags, char *block)
{
	void *p;

	if ((flags & O_ACCMODE) != O_WRONLY) {
		MUST(pread(fd, block, 4096, 4096));
		p = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
		CHECK(p != MAP_FAILED);
		munmap(p, 4096);
	}
	if ((flags & O_ACCMODE) != O_RDONLY && !(flags & O_APPEND))
		CHECK_EQ(pwrite(fd, block, 4096, 8192), 4096);
}

static void work(void *arg)
{
	const int number = *(const int *)arg;
	void *block = NULL;
	struct stat st;

	CHECK(posix_memalign(&block, 4096, 4096) == 0);
	memset(block, number, 4096);
	if (number % 2) {
		MUST(setresgid(ALICE, ALICE, ALICE));
		MUST(setresuid(ALICE, ALICE, ALICE));
	}
	for (int i = 0; i < ROUNDS; i++) {
		int flags = ways[(i + number) % (int)(sizeof(ways) / sizeof(ways[0]))];
		const char *name = (i + number) % 3 ? "d/one" : "d/other";
		int fd = openat(zct.fd[MNT], name, flags | O_CLOEXEC);

		if (fd < 0 && errno == EINVAL && (flags & O_DIRECT))
			continue; /* a file system without O_DIRECT */
		if (fd < 0)
			zct_fail(ZCT_HERE, "round %d: open %s flags %o: %m", i, name, flags);
		use(fd, flags, block);
		MUST(fstat(fd, &st));
		CHECK_EQ(st.st_size, SIZE);
		close(fd);
		if (i % 16 == 0) {
			char extra[32];

			snprintf(extra, sizeof(extra), "d/extra-%d", number);
			MUST(linkat(zct.fd[MNT], "d/one", zct.fd[MNT], extra, 0));
			MUST(unlinkat(zct.fd[MNT], extra, 0));
		}
	}
	free(block);
}

static void make_files(int side)
{
	static char bytes[SIZE];
	int fd;

	MUST(mkdirat(zct.fd[side], "d", 0777));
	MUST(fchmodat(zct.fd[side], "d", 0777, 0));
	fd = (int)MUST(openat(zct.fd[side], "d/one", O_WRONLY | O_CREAT | O_CLOEXEC, 0666));
	MUST(fchmod(fd, 0666));
	CHECK_EQ(write(fd, bytes, SIZE), SIZE);
	MUST(linkat(zct.fd[side], "d/one", zct.fd[side], "d/other", 0));
	close(fd);
}

static void by_many_processes_at_once(void **state)
{
	(void)state;
	int number[WORKERS];
	pid_t pid[WORKERS];

	make_files(MNT);
	for (int i = 0; i < WORKERS; i++) {
		number[i] = i;
		pid[i] = zct_spawn(work, &number[i]);
	}
	for (int i = 0; i < WORKERS; i++)
		zct_join(pid[i]);
	CHECK_EQ(zct_tree_diff(MNT, BACK, true), 0);
	zct.trees_differ_on_purpose = true; /* the twin was not worked on */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_many_processes_at_once),
	};

	return ZCT_RUN("", tests);
}
