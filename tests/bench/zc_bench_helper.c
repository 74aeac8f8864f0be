/* SPDX-License-Identifier: MIT */
/* The benchmark's hands: the few things that no ordinary program does, each timed without its start. */
/* It must not know what is mounted where: a path is a path. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { BLOCK = 4096, SEND_STEP = 1 << 20 };

static int fail(const char *what)
{
	int err = -errno;

	fprintf(stderr, "zc_bench_helper: %s (%s)\n", what, strerror(-err));
	return err;
}

static long long now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

/* Prints how many of the file's pages are in the page cache, and how many there are. */
static int resident(int fd, long count)
{
	long page = sysconf(_SC_PAGESIZE), pages, found = 0;
	unsigned char *seen;
	struct stat st;
	void *map;

	(void)count;
	if (fstat(fd, &st) < 0)
		return fail("fstat");
	pages = (st.st_size + page - 1) / page;
	if (pages == 0)
		return printf("0 0\n") < 0;
	map = mmap(NULL, st.st_size, PROT_READ, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		return fail("mmap");
	seen = malloc(pages);
	if (!seen || mincore(map, st.st_size, seen) < 0) {
		int err = fail("mincore");

		free(seen);
		munmap(map, st.st_size);
		return err;
	}
	for (long i = 0; i < pages; i++)
		found += seen[i] & 1;
	free(seen);
	munmap(map, st.st_size);
	return printf("%ld %ld\n", found, pages) < 0;
}

/* Drops the clean pages that this path's own inode holds; those of a file beneath it stay. */
static int drop(int fd, long count)
{
	(void)count;
	errno = posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	return errno ? fail("fadvise") : 0;
}

static int sendfile_all(int fd, long count)
{
	int out = open("/dev/null", O_WRONLY | O_CLOEXEC);
	long long start = now_ns();
	ssize_t n;

	(void)count;
	if (out < 0)
		return fail("/dev/null");
	do
		n = sendfile(out, fd, NULL, SEND_STEP);
	while (n > 0);
	close(out);
	if (n < 0)
		return fail("sendfile");
	return printf("%lld\n", now_ns() - start) < 0;
}

/* Writes count blocks over what is there, one after the other, again from the start at the end. */
static int overwrite(int fd, long count)
{
	static char block[BLOCK];
	long long start;
	struct stat st;
	long blocks;

	if (fstat(fd, &st) < 0)
		return fail("fstat");
	blocks = st.st_size / BLOCK;
	if (blocks == 0) {
		errno = EINVAL;
		return fail("file smaller than one block");
	}
	memset(block, 'z', sizeof(block));
	start = now_ns();
	for (long i = 0; i < count; i++)
		if (pwrite(fd, block, BLOCK, (off_t)(i % blocks) * BLOCK) != BLOCK)
			return fail("pwrite");
	return printf("%lld\n", now_ns() - start) < 0;
}

static int open_close(const char *path, long count)
{
	long long start = now_ns();

	for (long i = 0; i < count; i++) {
		int fd = open(path, O_RDONLY | O_CLOEXEC);

		if (fd < 0)
			return fail(path);
		close(fd);
	}
	return printf("%lld\n", now_ns() - start) < 0;
}

/* Uses so many MiB of memory and gives them back: a virtual machine's host may have to find each page
 * at its first use, and whoever comes next would pay for that. */
static int touch(long mib)
{
	size_t size = (size_t)mib << 20;
	char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return fail("mmap");
	for (size_t at = 0; at < size; at += BLOCK)
		((volatile char *)memory)[at] = 1;
	munmap(memory, size);
	return 0;
}

static const struct verb {
	const char *name;
	int flags;
	int (*run)(int fd, long count);
} verbs[] = {
	{ "resident", O_RDONLY, resident },
	{ "drop", O_RDONLY, drop },
	{ "sendfile", O_RDONLY, sendfile_all },
	{ "overwrite", O_WRONLY, overwrite },
};

static int run_verb(const struct verb *verb, const char *path, long count)
{
	int fd = open(path, verb->flags | O_CLOEXEC);
	int err;

	if (fd < 0)
		return fail(path);
	err = verb->run(fd, count);
	close(fd);
	return err;
}

int main(int argc, char **argv)
{
	long count = argc > 3 ? atol(argv[3]) : 0;

	if (argc >= 3 && strcmp(argv[1], "openclose") == 0)
		return open_close(argv[2], count) ? 1 : 0;
	if (argc == 3 && strcmp(argv[1], "touch") == 0)
		return touch(atol(argv[2])) ? 1 : 0;
	for (size_t i = 0; argc >= 3 && i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (strcmp(argv[1], verbs[i].name) == 0)
			return run_verb(&verbs[i], argv[2], count) ? 1 : 0;
	fprintf(stderr, "usage: zc_bench_helper resident|drop|sendfile FILE\n"
			"       zc_bench_helper overwrite|openclose FILE COUNT\n"
			"       zc_bench_helper touch MIB\n");
	return 2;
}
