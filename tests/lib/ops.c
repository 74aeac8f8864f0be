/* SPDX-License-Identifier: MIT */
/*
 * Small operations that many tests run inside SAME(): make, open, read, and note what was seen.
 * Must not know: which side they run on.
 */
#include "zct.h"

void zct_fill(void *buf, size_t len, unsigned int seed)
{
	unsigned char *b = buf;
	uint32_t x = seed * 2654435761u + 1;

	for (size_t i = 0; i < len; i++) {
		x ^= x << 13;
		x ^= x >> 17;
		x ^= x << 5;
		b[i] = (unsigned char)x;
	}
}

/* close() that leaves the errno of the failure before it. */
static int close_keep(int fd, int result)
{
	int err = errno;

	close(fd);
	errno = err;
	return result;
}

int zct_behind(void)
{
	return zct.fd[zct.side == MNT ? BACK : TWIN];
}

int zct_put(const char *path, const char *text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	size_t len = strlen(text);

	if (fd < 0)
		return -1;
	if (write(fd, text, len) != (ssize_t)len || fchmod(fd, mode) < 0)
		return close_keep(fd, -1);
	return close(fd);
}

int zct_try_open(const char *path, int flags, mode_t mode)
{
	int fd = open(path, flags | O_CLOEXEC, mode);

	if (fd < 0)
		return -1;
	if (zct_fstat(fd) < 0)
		return close_keep(fd, -1);
	return close(fd);
}

int zct_stat(const char *path)
{
	struct stat st;

	if (lstat(path, &st) < 0)
		return -1;
	zct_note_stat(&st);
	return 0;
}

int zct_fstat(int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -1;
	zct_note_stat(&st);
	return 0;
}

int zct_give_name(int fd, const char *name)
{
	char proc[64];

	snprintf(proc, sizeof(proc), "/proc/self/fd/%d", fd);
	return linkat(AT_FDCWD, proc, AT_FDCWD, name, AT_SYMLINK_FOLLOW);
}

ssize_t zct_pread(int fd, size_t len, off_t offset)
{
	char *buf = calloc(1, len ? len : 1);
	ssize_t n = buf ? pread(fd, buf, len, offset) : -1;
	int err = errno;

	if (n > 0)
		zct_note(buf, (size_t)n);
	free(buf);
	errno = err;
	return n;
}

ssize_t zct_cat(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n, total = 0;

	if (fd < 0)
		return -1;
	while ((n = zct_pread(fd, 65536, total)) > 0)
		total += n;
	return close_keep(fd, n < 0 ? -1 : (int)total);
}

void zct_open_pair(int pair[2], const char *path, int flags, mode_t mode)
{
	BOTH(pair[zct.side] = (int)MUST(open(path, flags | O_CLOEXEC, mode)));
}

void zct_close_pair(const int pair[2])
{
	MUST(close(pair[MNT]));
	MUST(close(pair[TWIN]));
}
