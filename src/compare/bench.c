// SPDX-License-Identifier: MIT
// The directory of the experiment and the file that is copied.
// Must not know mounts, methods.
#include "bench.h"

#include "move.h"
#include "verify.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define BLOCK 65536

const char *zc_bench_path(const char *dir, const char *below, char *buf)
{
	if (snprintf(buf, PATH_MAX, "%s/%s", dir, below) >= PATH_MAX)
		buf[0] = '\0'; /* such a file is not found */
	return buf;
}

static int find_backing(struct zc_bench *bench, const char *backing, struct zc_failure *failure)
{
	struct stat st;

	if (!realpath(backing, bench->backing) || stat(bench->backing, &st)) {
		int err = -errno;

		zc_failure_of(failure, ZC_STEP_OPEN, backing, err);
		return err;
	}
	if (S_ISDIR(st.st_mode))
		return 0;
	zc_failure_set(failure, ZC_EXIT_USAGE, -ENOTDIR, backing, "not a directory",
		       "give the directory that is mirrored");
	return -ENOTDIR;
}

static int make_directory(struct zc_bench *bench, struct zc_failure *failure)
{
	char path[PATH_MAX];

	zc_bench_path(bench->backing, ".zcfs-compare.XXXXXX", path);
	if (!mkdtemp(path)) {
		int err = -errno;

		zc_failure_of(failure, ZC_STEP_CREATE, bench->backing, err);
		return err;
	}
	snprintf(bench->name, sizeof(bench->name), "%s", strrchr(path, '/') + 1);
	return 0;
}

/* The source and a copy, and some for the file system itself. */
static int look_for_room(const struct zc_bench *bench, uint64_t files, struct zc_failure *failure)
{
	struct statvfs st;
	uint64_t needed = files * bench->size + (4u << 20), there;

	if (statvfs(bench->backing, &st))
		return 0;
	there = (uint64_t)st.f_bavail * st.f_frsize;
	if (there >= needed)
		return 0;
	zc_failure_set(failure, ZC_EXIT_NO_SPACE, -ENOSPC, bench->backing, "too little room",
		       "%llu MiB are needed for the source and a copy, %llu are there: free some, "
		       "or take a smaller --size",
		       (unsigned long long)(needed >> 20), (unsigned long long)(there >> 20));
	return -ENOSPC;
}

/* Bytes in which no page is like another, so that nothing can be compressed, shared or left out. */
static void fill(uint64_t *state, uint64_t *block, size_t words)
{
	uint64_t x = *state;

	for (size_t i = 0; i < words; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		block[i] = x;
	}
	*state = x;
}

static int write_pattern(int fd, uint64_t size)
{
	static uint64_t block[BLOCK / sizeof(uint64_t)];
	uint64_t state = 0x9e3779b97f4a7c15u;

	while (size > 0) {
		size_t part = size < BLOCK ? (size_t)size : BLOCK;
		ssize_t put;

		fill(&state, block, BLOCK / sizeof(uint64_t));
		put = write(fd, block, part);
		if (put < 0 && errno != EINTR)
			return -errno;
		if (put >= 0 && (size_t)put < part && lseek(fd, 0, SEEK_CUR) < 0)
			return -errno;
		size -= put > 0 ? (uint64_t)put : 0;
	}
	return fsync(fd) ? -errno : 0;
}

/* Below the directory of the experiment. */
static int create_source(struct zc_bench *bench, const char *name, struct zc_failure *failure)
{
	char path[PATH_MAX];
	int fd, err;

	snprintf(bench->source, sizeof(bench->source), "%s/from", bench->name);
	zc_bench_path(bench->backing, bench->source, path);
	if (mkdir(path, 0700)) {
		err = -errno;
		zc_failure_of(failure, ZC_STEP_CREATE, path, err);
		return err;
	}
	snprintf(bench->source, sizeof(bench->source), "%s/from/%.255s", bench->name, name);
	fd = open(zc_bench_path(bench->backing, bench->source, path),
		  O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	err = -errno;
	if (fd < 0)
		zc_failure_of(failure, ZC_STEP_CREATE, path, err);
	return fd < 0 ? err : fd;
}

static int make_source(struct zc_bench *bench, struct zc_failure *failure)
{
	int err = look_for_room(bench, 2, failure), fd;

	if (err)
		return err;
	fd = create_source(bench, "source", failure);
	if (fd < 0)
		return fd;
	err = write_pattern(fd, bench->size);
	if (err)
		zc_failure_of(failure, ZC_STEP_WRITE, bench->backing, err);
	close(fd);
	return err;
}

static int compare_import(int from, int to, const char *file, struct zc_failure *failure)
{
	struct zc_difference difference;
	int err = zc_verify(from, to, &difference);

	if (err) {
		zc_failure_of(failure, ZC_STEP_READ, file, err);
	} else if (difference.first >= 0) {
		err = -EIO;
		zc_failure_set(failure, ZC_EXIT_CHANGED, err, file,
			       "changed while it was copied into the backing directory",
			       "wait until nobody writes to it");
	}
	return err;
}

/* A file from elsewhere: its bytes have to lie in the backing directory to be seen by the mount. */
static int import(struct zc_bench *bench, int from, const char *file, struct zc_failure *failure)
{
	const char *slash = strrchr(file, '/');
	int err = look_for_room(bench, 2, failure), to;
	struct zc_copy copy = { .from = from, .size = bench->size };

	if (err)
		return err;
	to = create_source(bench, slash ? slash + 1 : file, failure);
	if (to < 0)
		return to;
	copy.to = to;
	err = zc_move_1m(&copy);
	if (!err && fsync(to))
		err = -errno;
	if (err)
		zc_failure_of(failure, ZC_STEP_COPY, file, err);
	else
		err = compare_import(from, to, file, failure);
	close(to);
	return err;
}

/* Its path from the backing directory on; NULL: it lies elsewhere. */
static const char *below_backing(const struct zc_bench *bench, const char *real)
{
	size_t size = strlen(bench->backing);

	if (size == 1) /* "/" */
		return real + 1;
	return !strncmp(real, bench->backing, size) && real[size] == '/' ? real + size + 1 : NULL;
}

static int take_file(struct zc_bench *bench, const char *file, struct zc_failure *failure)
{
	const char *below;
	struct stat st;
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK), err;

	if (fd < 0 || fstat(fd, &st) || !realpath(file, bench->given)) {
		err = -errno;
		zc_failure_of(failure, ZC_STEP_OPEN, file, err);
	} else if (!S_ISREG(st.st_mode) || !st.st_size) {
		err = S_ISDIR(st.st_mode) ? -EISDIR : -EINVAL;
		zc_failure_set(failure, ZC_EXIT_NOT_A_FILE, 0, file,
			       S_ISREG(st.st_mode) ? "empty" : "not a regular file",
			       "give a file with bytes to copy");
	} else {
		bench->size = (uint64_t)st.st_size;
		below = below_backing(bench, bench->given);
		if (below)
			snprintf(bench->source, sizeof(bench->source), "%s", below);
		err = below ? look_for_room(bench, 1, failure) : import(bench, fd, file, failure);
	}
	if (fd >= 0)
		close(fd);
	return err;
}

int zc_bench_create(struct zc_bench *bench, const char *backing, const char *file, uint64_t size,
		    struct zc_failure *ret_failure)
{
	char path[PATH_MAX];
	int err;

	*bench = (struct zc_bench){ .size = size };
	err = find_backing(bench, backing, ret_failure);
	if (!err)
		err = make_directory(bench, ret_failure);
	if (!err)
		err = file ? take_file(bench, file, ret_failure) : make_source(bench, ret_failure);
	if (!err && stat(zc_bench_path(bench->backing, bench->source, path), &bench->before)) {
		err = -errno;
		zc_failure_of(ret_failure, ZC_STEP_OPEN, path, err);
	}
	return err;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	remove(path);
	return 0;
}

static void remove_tree(const char *path)
{
	nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

void zc_bench_remove(struct zc_bench *bench)
{
	char path[PATH_MAX];

	if (bench->name[0])
		remove_tree(zc_bench_path(bench->backing, bench->name, path));
	bench->name[0] = '\0';
}

int zc_bench_target(struct zc_bench *bench, char ret_below[PATH_MAX],
		    struct zc_failure *ret_failure)
{
	const char *slash = strrchr(bench->source, '/');
	char dir[64], path[PATH_MAX];

	snprintf(dir, sizeof(dir), "%s/to-%ld", bench->name, ++bench->targets);
	if (mkdir(zc_bench_path(bench->backing, dir, path), 0700)) {
		int err = -errno;

		zc_failure_of(ret_failure, ZC_STEP_CREATE, path, err);
		return err;
	}
	snprintf(ret_below, PATH_MAX, "%s/%.255s", dir, slash ? slash + 1 : bench->source);
	return 0;
}

void zc_bench_clear(const struct zc_bench *bench, const char *below)
{
	char path[PATH_MAX];

	zc_bench_path(bench->backing, below, path);
	unlink(path);
	*strrchr(path, '/') = '\0';
	rmdir(path);
}

int zc_bench_open(const struct zc_bench *bench, const char *below)
{
	char path[PATH_MAX];
	int fd = open(zc_bench_path(bench->backing, below, path), O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

void zc_bench_cool(const struct zc_bench *bench)
{
	int fd = zc_bench_open(bench, bench->source);

	if (fd < 0)
		return;
	posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	close(fd);
}

void zc_bench_warm(const struct zc_bench *bench)
{
	int fd = zc_bench_open(bench, bench->source);
	char *buffer = malloc(BLOCK);

	while (fd >= 0 && buffer && read(fd, buffer, BLOCK) > 0)
		;
	free(buffer);
	if (fd >= 0)
		close(fd);
}

static double count_pages(void *map, uint64_t size)
{
	size_t pages = (size_t)((size + 4095) / 4096), there = 0;
	unsigned char *page = malloc(pages);

	if (page && !mincore(map, size, page))
		for (size_t i = 0; i < pages; i++)
			there += page[i] & 1;
	free(page);
	return (double)there / (double)pages;
}

double zc_bench_resident(const struct zc_bench *bench)
{
	int fd = zc_bench_open(bench, bench->source);
	double part = 0;
	void *map;

	if (fd < 0 || !bench->size) {
		if (fd >= 0)
			close(fd);
		return 0;
	}
	map = mmap(NULL, bench->size, PROT_READ, MAP_SHARED, fd, 0);
	if (map != MAP_FAILED) {
		part = count_pages(map, bench->size);
		munmap(map, bench->size);
	}
	close(fd);
	return part;
}

static bool same_time(const struct timespec *one, const struct timespec *other)
{
	return one->tv_sec == other->tv_sec && one->tv_nsec == other->tv_nsec;
}

bool zc_bench_unchanged(const struct zc_bench *bench, struct zc_failure *ret_failure)
{
	const struct stat *before = &bench->before;
	char path[PATH_MAX];
	struct stat st;

	zc_bench_path(bench->backing, bench->source, path);
	if (stat(path, &st)) {
		zc_failure_of(ret_failure, ZC_STEP_OPEN, path, -errno);
		return false;
	}
	if (st.st_ino == before->st_ino && st.st_size == before->st_size &&
	    same_time(&st.st_mtim, &before->st_mtim) && same_time(&st.st_ctim, &before->st_ctim))
		return true;
	zc_failure_set(ret_failure, ZC_EXIT_CHANGED, 0, path, "changed while it was copied",
		       "measure with a file that nobody writes to");
	return false;
}
