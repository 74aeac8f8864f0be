/* SPDX-License-Identifier: MIT */
/*
 * The place of the experiment: a directory of its own in BACKING, the file that is copied, and where
 * copies go. Everything in it is made and removed by the plain path. Must not know mounts, methods.
 */
#ifndef ZC_COMPARE_BENCH_H
#define ZC_COMPARE_BENCH_H

#include "failure.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

struct zc_bench {
	char backing[PATH_MAX]; /* absolute, no symbolic links */
	char name[32];		/* of the directory in it: "" before it is made */
	char source[PATH_MAX];	/* below backing */
	uint64_t size;
	struct stat before;   /* of the source: it must stay so */
	char given[PATH_MAX]; /* the file that the source is, or is a copy of; "": made */
	long targets;	      /* directories for copies made so far */
};

/*
 * Makes the directory and the source: size bytes without pattern or hole if file is NULL; file itself
 * where it lies below backing, else a copy of it, compared. file is never opened for writing. 0 or
 * -errno and *ret_failure; *bench can be removed in both cases.
 */
int zc_bench_create(struct zc_bench *bench, const char *backing, const char *file, uint64_t size,
		    struct zc_failure *ret_failure);

/* Removes the directory with all that is in it. Undoing a zeroed one is legal. */
void zc_bench_remove(struct zc_bench *bench);

/* A new empty directory for one copy. ret_below: path of the copy, below backing. 0 or -errno. */
int zc_bench_target(struct zc_bench *bench, char ret_below[PATH_MAX],
		    struct zc_failure *ret_failure);

/* Takes that directory and the copy in it away. */
void zc_bench_clear(const struct zc_bench *bench, const char *below);

/* dir/below, cut if it is too long. Returns buf, of PATH_MAX bytes. */
const char *zc_bench_path(const char *dir, const char *below, char *buf);

/* Opens source, or a copy, by the plain path to read. fd or -errno. */
int zc_bench_open(const struct zc_bench *bench, const char *below);

/* Lets go of the source in the page cache, as far as the kernel will. */
void zc_bench_cool(const struct zc_bench *bench);

/* Reads it once. */
void zc_bench_warm(const struct zc_bench *bench);

/* The part of the source that is in the page cache, 0 to 1. */
double zc_bench_resident(const struct zc_bench *bench);

/* The source is as it was: false and a failure (ZC_EXIT_CHANGED) if not. */
bool zc_bench_unchanged(const struct zc_bench *bench, struct zc_failure *ret_failure);

#endif
