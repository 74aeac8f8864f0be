/* SPDX-License-Identifier: MIT */
/* The benchmark's hands: the few things that no ordinary program does, each timed without its start. */
/* It must not know what is mounted where: a path is a path. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "zc_bench.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

int zc_bench_fail(const char *what)
{
	int err = -errno;

	fprintf(stderr, "zc_bench_helper: %s (%s)\n", what, strerror(-err));
	return err;
}

long long zc_bench_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

int zc_bench_print_since(long long start)
{
	return printf("%lld\n", zc_bench_now() - start) < 0 ? -EIO : 0;
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
		return zc_bench_fail("fstat");
	pages = (st.st_size + page - 1) / page;
	if (pages == 0)
		return printf("0 0\n") < 0;
	map = mmap(NULL, st.st_size, PROT_READ, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		return zc_bench_fail("mmap");
	seen = malloc(pages);
	if (!seen || mincore(map, st.st_size, seen) < 0) {
		int err = zc_bench_fail("mincore");

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
	return errno ? zc_bench_fail("fadvise") : 0;
}

static int sendfile_all(int fd, long count)
{
	int out = open("/dev/null", O_WRONLY | O_CLOEXEC);
	long long start = zc_bench_now();
	ssize_t n;

	(void)count;
	if (out < 0)
		return zc_bench_fail("/dev/null");
	do
		n = sendfile(out, fd, NULL, ZC_BENCH_STEP);
	while (n > 0);
	close(out);
	if (n < 0)
		return zc_bench_fail("sendfile");
	return zc_bench_print_since(start);
}

static int open_close(const char *path, long count)
{
	long long start = zc_bench_now();

	for (long i = 0; i < count; i++) {
		int fd = open(path, O_RDONLY | O_CLOEXEC);

		if (fd < 0)
			return zc_bench_fail(path);
		close(fd);
	}
	return zc_bench_print_since(start);
}

/* Uses so many MiB of memory and gives them back: a virtual machine's host may have to find each page
 * at its first use, and whoever comes next would pay for that. */
static int touch(long mib)
{
	size_t size = (size_t)mib << 20;
	char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return zc_bench_fail("mmap");
	for (size_t at = 0; at < size; at += ZC_BENCH_BLOCK)
		((volatile char *)memory)[at] = 1;
	munmap(memory, size);
	return 0;
}

/* Copies one whole file to a new one without a detour through us. */
static int copy_range(const char *from, const char *to)
{
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = in < 0 ? -1 : open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	long long start = zc_bench_now();
	int err = out < 0 ? zc_bench_fail(in < 0 ? from : to) : 0;
	ssize_t n = 1;

	while (!err && n > 0) {
		n = copy_file_range(in, NULL, out, NULL, SSIZE_MAX, 0);
		if (n < 0)
			err = zc_bench_fail("copy_file_range");
	}
	if (!err)
		err = zc_bench_print_since(start);
	if (out >= 0)
		close(out);
	if (in >= 0)
		close(in);
	return err;
}

static const struct file_verb {
	const char *name;
	int flags;
	int (*run)(int fd, long count);
} file_verbs[] = {
	{ "resident", O_RDONLY, resident },
	{ "drop", O_RDONLY, drop },
	{ "sendfile", O_RDONLY, sendfile_all },
	{ "seqread", O_RDONLY, zc_bench_seqread },
	{ "randread", O_RDONLY, zc_bench_randread },
	{ "directread", O_RDONLY | O_DIRECT, zc_bench_randread },
	{ "mapread", O_RDONLY, zc_bench_mapread },
	{ "socket", O_RDONLY, zc_bench_socket },
	{ "overwrite", O_WRONLY, zc_bench_overwrite },
	{ "overwrite1m", O_WRONLY, zc_bench_overwrite_1m },
};

static const struct path_verb {
	const char *name;
	int (*run)(const char *path, long count);
} path_verbs[] = {
	{ "openclose", open_close },	 { "opens", zc_bench_opens },
	{ "reads", zc_bench_reads },	 { "stats", zc_bench_stats },
	{ "misses", zc_bench_misses },	 { "creates", zc_bench_creates },
	{ "unlinks", zc_bench_unlinks },
};

static int run_file_verb(const struct file_verb *verb, const char *path, long count)
{
	int fd = open(path, verb->flags | O_CLOEXEC);
	int err;

	if (fd < 0)
		return zc_bench_fail(path);
	err = verb->run(fd, count);
	close(fd);
	return err;
}

static int usage(void)
{
	fprintf(stderr,
		"usage: zc_bench_helper resident|drop|sendfile FILE\n"
		"       zc_bench_helper seqread|randread|directread|mapread|socket FILE COUNT\n"
		"       zc_bench_helper overwrite|overwrite1m|openclose FILE COUNT\n"
		"       zc_bench_helper opens|reads|stats|misses|creates|unlinks DIR COUNT\n"
		"       zc_bench_helper copyrange FILE NEW\n"
		"       zc_bench_helper touch MIB\n");
	return 2;
}

int main(int argc, char **argv)
{
	long count = argc > 3 ? atol(argv[3]) : 0;

	if (argc == 3 && strcmp(argv[1], "touch") == 0)
		return touch(atol(argv[2])) ? 1 : 0;
	if (argc == 4 && strcmp(argv[1], "copyrange") == 0)
		return copy_range(argv[2], argv[3]) ? 1 : 0;
	if (argc < 3)
		return usage();
	for (size_t i = 0; i < sizeof(file_verbs) / sizeof(file_verbs[0]); i++)
		if (strcmp(argv[1], file_verbs[i].name) == 0)
			return run_file_verb(&file_verbs[i], argv[2], count) ? 1 : 0;
	for (size_t i = 0; i < sizeof(path_verbs) / sizeof(path_verbs[0]); i++)
		if (strcmp(argv[1], path_verbs[i].name) == 0)
			return path_verbs[i].run(argv[2], count) ? 1 : 0;
	return usage();
}
