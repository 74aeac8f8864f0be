/* SPDX-License-Identifier: MIT */
/*
 * What the files of the benchmark's helper share. All functions return 0 or a negative errno, and have
 * then said on standard error what failed. Must not know what is mounted where: a path is a path.
 */
#ifndef ZC_BENCH_H
#define ZC_BENCH_H

enum { ZC_BENCH_BLOCK = 4096, ZC_BENCH_STEP = 1 << 20 };

/* Says what failed, from errno. */
int zc_bench_fail(const char *what);

/* Nanoseconds on the clock that only goes forward. */
long long zc_bench_now(void);

/* Prints the nanoseconds since start, the one line of output. */
int zc_bench_print_since(long long start);

/* Loops over one open file; the offset of the file plays no part. */
int zc_bench_seqread(int fd, long count);
int zc_bench_randread(int fd, long count); /* fits O_DIRECT */
int zc_bench_mapread(int fd, long count);
int zc_bench_socket(int fd, long count);
int zc_bench_overwrite(int fd, long count);
int zc_bench_overwrite_1m(int fd, long count);

/* Loops over the names in one directory, count steps in all. */
int zc_bench_opens(const char *dir, long count);
int zc_bench_reads(const char *dir, long count);
int zc_bench_stats(const char *dir, long count);
int zc_bench_misses(const char *dir, long count);
/* These make, and remove, count files of their own there. */
int zc_bench_creates(const char *dir, long count);
int zc_bench_unlinks(const char *dir, long count);

#endif
