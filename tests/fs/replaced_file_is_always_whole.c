/* SPDX-License-Identifier: MIT */
/*
 * A file is replaced hundreds of times directly in the backing directory, as editors do (write beside,
 * rename over), while others open and read it through the mount: each time they get one whole version,
 * never an error, and in the end the last. Must not know: how long the mount believes a name.
 */
#include "zct.h"

#include <sys/mman.h>
#include <time.h>

enum { VERSIONS = 600, READERS = 4, LARGEST = 70000 };

static volatile bool *over; /* shared with the readers */

/* A version is its number in each of its words, and its number says how many there are. */
static size_t words_of(uint32_t version)
{
	return 1 + version * 97 % (LARGEST / 4);
}

static void write_version(int dir, uint32_t version)
{
	static uint32_t words[LARGEST];
	size_t count = words_of(version);
	int fd = (int)MUST(openat(dir, "new", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));

	for (size_t i = 0; i < count; i++)
		words[i] = version;
	CHECK_EQ(write(fd, words, count * 4), count * 4);
	close(fd);
	MUST(renameat(dir, "new", dir, "f"));
}

/* The version that is there. */
static uint32_t read_version(const char *path)
{
	static uint32_t words[LARGEST];
	int fd = (int)MUST(open(path, O_RDONLY | O_CLOEXEC));
	ssize_t size = MUST(read(fd, words, sizeof(words)));
	struct stat st;

	MUST(fstat(fd, &st));
	close(fd);
	CHECK(size >= 4);
	CHECK_EQ(size, words_of(words[0]) * 4);
	for (size_t i = 0; i < words_of(words[0]); i++)
		CHECK_EQ(words[i], words[0]);
	return words[0];
}

static void read_until_over(void *arg)
{
	struct stat st;

	(void)arg;
	MUST(fchdir(zct.fd[MNT]));
	while (!*over) {
		read_version("f");
		MUST(stat("f", &st));
		CHECK(S_ISREG(st.st_mode));
	}
}

static void nobody_sees_a_mix_or_an_error(void **state)
{
	(void)state;
	const struct timespec moment = { 0, 2000000 };
	pid_t pid[READERS];
	uint32_t seen = 0;

	over = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	CHECK(over != MAP_FAILED);
	write_version(zct.fd[BACK], 0);
	write_version(zct.fd[TWIN], 0);
	for (int i = 0; i < READERS; i++)
		pid[i] = zct_spawn(read_until_over, NULL);
	for (uint32_t version = 1; version <= VERSIONS; version++) {
		write_version(zct.fd[BACK], version);
		nanosleep(&moment, NULL);
	}
	*over = true;
	for (int i = 0; i < READERS; i++)
		zct_join(pid[i]);
	write_version(zct.fd[TWIN], VERSIONS);
	zct_enter(MNT);
	for (int i = 0; i < 1000 && seen != VERSIONS; i++) {
		seen = read_version("f");
		nanosleep(&moment, NULL);
	}
	zct_leave(NULL);
	CHECK_EQ(seen, VERSIONS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nobody_sees_a_mix_or_an_error),
	};

	return ZCT_RUN("", tests);
}
