// SPDX-License-Identifier: MIT
// Copies by read and write, sendfile, splice, copy_file_range, mmap.
// Must not know who asks.
#include "move.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

/* One call of read, write and the like moves no more than that (man 2 read). */
#define MOST_AT_ONCE 0x7ffff000u
#define BLOCK	     4096u

static size_t at_most(uint64_t left, size_t size)
{
	return left < size ? (size_t)left : size;
}

/* Bytes got (less than size: the end was reached), or -errno. */
static ssize_t read_all(int fd, char *buffer, size_t size)
{
	size_t done = 0;

	while (done < size) {
		ssize_t got = read(fd, buffer + done, at_most(size - done, MOST_AT_ONCE));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			break;
		done += (size_t)got;
	}
	return (ssize_t)done;
}

static int write_all(int fd, const char *buffer, size_t size)
{
	while (size > 0) {
		ssize_t put = write(fd, buffer, at_most(size, MOST_AT_ONCE));

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -errno;
		buffer += put;
		size -= (size_t)put;
	}
	return 0;
}

/* What one read brings is written at once, as programs do. */
static int move_through(struct zc_copy *copy, char *buffer, size_t size)
{
	uint64_t left = copy->size;

	while (left > 0) {
		ssize_t got = read(copy->from, buffer, at_most(left, size));
		int err;

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got < 0 ? -errno : -ENODATA;
		err = write_all(copy->to, buffer, (size_t)got);
		if (err)
			return err;
		left -= (uint64_t)got;
	}
	return 0;
}

static int move_by(struct zc_copy *copy, size_t size)
{
	char *buffer = malloc(size);
	int err = buffer ? move_through(copy, buffer, size) : -ENOMEM;

	free(buffer);
	return err;
}

int zc_move_whole(struct zc_copy *copy)
{
	char *buffer = copy->size > SIZE_MAX / 2 ? NULL : malloc(copy->size ? copy->size : 1);
	ssize_t got;
	int err;

	if (!buffer)
		return -ENOMEM;
	got = read_all(copy->from, buffer, copy->size);
	if (got < 0)
		err = (int)got;
	else
		err = write_all(copy->to, buffer, (size_t)got);
	free(buffer);
	return err || (uint64_t)got == copy->size ? err : -ENODATA;
}

int zc_move_4k(struct zc_copy *copy)
{
	return move_by(copy, 4096);
}

int zc_move_64k(struct zc_copy *copy)
{
	return move_by(copy, (size_t)64 * 1024);
}

int zc_move_1m(struct zc_copy *copy)
{
	return move_by(copy, (size_t)1024 * 1024);
}

int zc_move_sendfile(struct zc_copy *copy)
{
	uint64_t left = copy->size;

	while (left > 0) {
		ssize_t sent = sendfile(copy->to, copy->from, NULL, at_most(left, MOST_AT_ONCE));

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent <= 0)
			return sent < 0 ? -errno : -ENODATA;
		left -= (uint64_t)sent;
	}
	return 0;
}

static int empty_pipe(int pipe, int to, size_t size)
{
	while (size > 0) {
		ssize_t put = splice(pipe, NULL, to, NULL, size, SPLICE_F_MOVE);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return put < 0 ? -errno : -EIO;
		size -= (size_t)put;
	}
	return 0;
}

static int splice_all(struct zc_copy *copy, const int *ends, size_t size)
{
	uint64_t left = copy->size;
	int err = 0;

	while (left > 0 && !err) {
		ssize_t got = splice(copy->from, NULL, ends[1], NULL, at_most(left, size),
				     SPLICE_F_MOVE | SPLICE_F_MORE);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got < 0 ? -errno : -ENODATA;
		err = empty_pipe(ends[0], copy->to, (size_t)got);
		left -= (uint64_t)got;
	}
	return err;
}

int zc_move_splice(struct zc_copy *copy)
{
	int ends[2], size, err;

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	/* a larger pipe where we may; what it has otherwise is fine too */
	size = fcntl(ends[1], F_SETPIPE_SZ, 1024 * 1024);
	if (size < 0)
		size = fcntl(ends[1], F_GETPIPE_SZ);
	err = splice_all(copy, ends, size > 0 ? (size_t)size : BLOCK);
	close(ends[0]);
	close(ends[1]);
	return err;
}

int zc_move_range(struct zc_copy *copy)
{
	uint64_t left = copy->size;

	while (left > 0) {
		ssize_t put = copy_file_range(copy->from, NULL, copy->to, NULL,
					      at_most(left, MOST_AT_ONCE), 0);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return put < 0 ? -errno : -ENODATA;
		left -= (uint64_t)put;
	}
	return 0;
}

int zc_move_mapped(struct zc_copy *copy)
{
	char *map;
	int err;

	if (copy->size == 0)
		return 0;
	if (copy->size > SIZE_MAX / 2)
		return -EFBIG;
	map = mmap(NULL, copy->size, PROT_READ, MAP_SHARED, copy->from, 0);
	if (map == MAP_FAILED)
		return -errno;
	err = write_all(copy->to, map, copy->size);
	munmap(map, copy->size);
	copy->mapped_bytes = err ? 0 : copy->size;
	return err;
}

/* What is no whole block at the end goes by the page cache: through a second open of the file, as
 * F_SETFL does not reach the file below a FUSE mount in passthrough. */
static int move_the_rest(struct zc_copy *copy, char *buffer, size_t size)
{
	off_t at = copy->to_socket ? 0 : lseek(copy->to, 0, SEEK_CUR);
	char path[64];
	int fd, err;

	if (copy->to_socket)
		return write_all(copy->to, buffer, size);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", copy->to);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || at < 0 || lseek(fd, at, SEEK_SET) < 0)
		err = -errno;
	else
		err = write_all(fd, buffer, size);
	if (fd >= 0)
		close(fd);
	return err;
}

static int move_blocks(struct zc_copy *copy, char *buffer, size_t size)
{
	uint64_t left = copy->size;
	int err = 0;

	while (left > 0 && !err) {
		ssize_t got = copy->from_socket ? read_all(copy->from, buffer, at_most(left, size))
						: read(copy->from, buffer, size);

		if (got < 0 && !copy->from_socket && errno == EINTR)
			continue;
		if (got <= 0)
			return got == 0 ? -ENODATA : copy->from_socket ? (int)got : -errno;
		got = (ssize_t)at_most(left, (size_t)got);
		err = got % BLOCK ? move_the_rest(copy, buffer, (size_t)got)
				  : write_all(copy->to, buffer, (size_t)got);
		left -= (uint64_t)got;
	}
	return err;
}

int zc_move_direct(struct zc_copy *copy)
{
	size_t size = (size_t)1024 * 1024;
	void *buffer;
	int err;

	if (posix_memalign(&buffer, BLOCK, size))
		return -ENOMEM;
	err = move_blocks(copy, buffer, size);
	free(buffer);
	return err;
}
