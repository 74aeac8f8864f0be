/* SPDX-License-Identifier: MIT */
/* Loops over the data of one open file: read, mapped, sent, overwritten. */
/* It must not know names: whoever opened the file chose how. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "zc_bench.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

/* Aligned, for O_DIRECT. */
static _Alignas(ZC_BENCH_BLOCK) char buffer[ZC_BENCH_STEP];

/* How many whole pieces the file has; an empty one is a mistake of the caller. */
static int pieces_of(int fd, long piece, long *ret_pieces)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return zc_bench_fail("fstat");
	if (st.st_size < piece) {
		errno = EINVAL;
		return zc_bench_fail("file smaller than one block");
	}
	*ret_pieces = st.st_size / piece;
	return 0;
}

static int read_blocks(int fd, long count, uint32_t (*next)(uint32_t))
{
	long blocks;
	int err = pieces_of(fd, ZC_BENCH_BLOCK, &blocks);
	long long start = zc_bench_now();
	uint32_t at = 0;

	for (long i = 0; !err && i < count; i++, at = next(at))
		if (pread(fd, buffer, ZC_BENCH_BLOCK, (off_t)(at % blocks) * ZC_BENCH_BLOCK) !=
		    ZC_BENCH_BLOCK)
			err = zc_bench_fail("pread");
	return err ? err : zc_bench_print_since(start);
}

static uint32_t following(uint32_t at)
{
	return at + 1;
}

/* xorshift over values that are never zero: the same places in every run. */
static uint32_t scattered(uint32_t at)
{
	at = at ? at : 2463534242u;
	at ^= at << 13;
	at ^= at >> 17;
	return at ^ at << 5;
}

int zc_bench_seqread(int fd, long count)
{
	return read_blocks(fd, count, following);
}

int zc_bench_randread(int fd, long count)
{
	return read_blocks(fd, count, scattered);
}

/* Reads every word of the file through a mapping, count times; each mapping is a new one. */
int zc_bench_mapread(int fd, long count)
{
	long pages, words;
	int err = pieces_of(fd, ZC_BENCH_BLOCK, &pages);
	long long start = zc_bench_now();
	size_t size;

	if (err)
		return err;
	size = (size_t)pages * ZC_BENCH_BLOCK;
	words = size / sizeof(uint64_t);
	for (long i = 0; i < count; i++) {
		volatile uint64_t sink;
		uint64_t sum = 0;
		const uint64_t *map = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);

		if (map == MAP_FAILED)
			return zc_bench_fail("mmap");
		for (long w = 0; w < words; w++)
			sum += map[w];
		sink = sum;
		(void)sink;
		munmap((void *)map, size);
	}
	return zc_bench_print_since(start);
}

/* The other end: takes what comes until the sender has gone. */
static void drain(int from)
{
	while (read(from, buffer, sizeof(buffer)) > 0)
		;
	_exit(0);
}

/* Sends the whole file into a UNIX socket, count times. */
int zc_bench_socket(int fd, long count)
{
	int ends[2], err = 0;
	long long start;
	struct stat st;
	pid_t reader;

	if (fstat(fd, &st) < 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return zc_bench_fail("socketpair");
	reader = fork();
	if (reader == 0) {
		close(ends[0]);
		drain(ends[1]);
	}
	close(ends[1]);
	if (reader < 0)
		err = zc_bench_fail("fork");
	start = zc_bench_now();
	for (long i = 0; !err && i < count; i++)
		for (off_t at = 0; !err && at < st.st_size;)
			if (sendfile(ends[0], fd, &at, ZC_BENCH_STEP) <= 0)
				err = zc_bench_fail("sendfile");
	if (!err)
		err = zc_bench_print_since(start);
	close(ends[0]);
	if (reader > 0)
		waitpid(reader, NULL, 0);
	return err;
}

/* Writes count pieces over what is there, one after the other, again from the start at the end. */
static int overwrite(int fd, long count, long piece)
{
	long pieces;
	int err = pieces_of(fd, piece, &pieces);
	long long start;

	memset(buffer, 'z', sizeof(buffer));
	start = zc_bench_now();
	for (long i = 0; !err && i < count; i++)
		if (pwrite(fd, buffer, piece, (off_t)(i % pieces) * piece) != piece)
			err = zc_bench_fail("pwrite");
	return err ? err : zc_bench_print_since(start);
}

int zc_bench_overwrite(int fd, long count)
{
	return overwrite(fd, count, ZC_BENCH_BLOCK);
}

int zc_bench_overwrite_1m(int fd, long count)
{
	return overwrite(fd, count, ZC_BENCH_STEP);
}
