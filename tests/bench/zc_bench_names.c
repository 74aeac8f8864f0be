/* SPDX-License-Identifier: MIT */
/* Loops over names in one directory: open, stat, make, remove. The directory is the working directory, */
/* so that a name costs one step. It must not know what the files hold. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "zc_bench.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAMES = 64, NAME_SIZE = 32, SMALL = 1024, READ_SIZE = 1 << 16 };

static char names[NAMES][NAME_SIZE];

static int enter(const char *dir)
{
	return chdir(dir) < 0 ? zc_bench_fail(dir) : 0;
}

/* Enters the directory and learns its first names. */
static int learn(const char *dir, int *ret_count)
{
	int err = enter(dir), count = 0;
	struct dirent *entry;
	DIR *stream;

	if (err)
		return err;
	stream = opendir(".");
	if (!stream)
		return zc_bench_fail(dir);
	while (count < NAMES && (entry = readdir(stream)))
		if (entry->d_name[0] != '.' && strlen(entry->d_name) < NAME_SIZE)
			strcpy(names[count++], entry->d_name);
	closedir(stream);
	if (count == 0) {
		errno = ENOENT;
		return zc_bench_fail(dir);
	}
	*ret_count = count;
	return 0;
}

/* Does one step per count, on each known name in turn. */
static int each(const char *dir, long count, int (*step)(const char *name))
{
	int known = 0, err = learn(dir, &known);
	long long start = zc_bench_now();

	for (long i = 0; !err && i < count; i++)
		err = step(names[i % known]);
	return err ? err : zc_bench_print_since(start);
}

static int open_close(const char *name)
{
	int fd = open(name, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return zc_bench_fail(name);
	close(fd);
	return 0;
}

static int open_read_close(const char *name)
{
	static char buffer[READ_SIZE];
	int fd = open(name, O_RDONLY | O_CLOEXEC);
	struct stat st;
	int err = 0;

	if (fd < 0)
		return zc_bench_fail(name);
	if (read(fd, buffer, sizeof(buffer)) < 0 || fstat(fd, &st) < 0)
		err = zc_bench_fail(name);
	close(fd);
	return err;
}

static int stat_known(const char *name)
{
	struct stat st;

	return stat(name, &st) < 0 ? zc_bench_fail(name) : 0;
}

static int stat_missing(const char *name)
{
	struct stat st;

	if (stat(name, &st) == 0 || errno != ENOENT)
		return zc_bench_fail(name);
	return 0;
}

int zc_bench_opens(const char *dir, long count)
{
	return each(dir, count, open_close);
}

int zc_bench_reads(const char *dir, long count)
{
	return each(dir, count, open_read_close);
}

int zc_bench_stats(const char *dir, long count)
{
	return each(dir, count, stat_known);
}

int zc_bench_misses(const char *dir, long count)
{
	int err = enter(dir);
	long long start;

	for (int i = 0; i < NAMES; i++)
		snprintf(names[i], sizeof(names[i]), "no-such-name-%d", i);
	start = zc_bench_now();
	for (long i = 0; !err && i < count; i++)
		err = stat_missing(names[i % NAMES]);
	return err ? err : zc_bench_print_since(start);
}

static int create_one(const char *name)
{
	static const char content[SMALL];
	int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	int err = 0;

	if (fd < 0)
		return zc_bench_fail(name);
	if (write(fd, content, sizeof(content)) != sizeof(content))
		err = zc_bench_fail(name);
	close(fd);
	return err;
}

static int unlink_one(const char *name)
{
	return unlink(name) < 0 ? zc_bench_fail(name) : 0;
}

static int numbered(const char *dir, long count, int (*step)(const char *name))
{
	int err = enter(dir);
	long long start = zc_bench_now();

	for (long i = 0; !err && i < count; i++) {
		char name[NAME_SIZE];

		snprintf(name, sizeof(name), "small-%ld", i);
		err = step(name);
	}
	return err ? err : zc_bench_print_since(start);
}

int zc_bench_creates(const char *dir, long count)
{
	return numbered(dir, count, create_one);
}

int zc_bench_unlinks(const char *dir, long count)
{
	return numbered(dir, count, unlink_one);
}
