// SPDX-License-Identifier: MIT
// A bar, or lines.
// Must not know what the steps are.
#include "progress.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define BAR 24

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* -1: nobody knows yet. */
static long seconds_left(const struct zc_progress *progress)
{
	double taken = now() - progress->start;

	if (progress->done < 5 && taken < 2)
		return -1;
	return (long)(taken / (double)(progress->done ? progress->done : 1) *
		      (double)(progress->total - progress->done)) +
	       1;
}

static void show_bar(const struct zc_progress *progress)
{
	int full = progress->total ? (int)(BAR * progress->done / progress->total) : 0;
	long left = seconds_left(progress);
	char when[32] = "";

	if (left >= 0)
		snprintf(when, sizeof(when), "%ld:%02ld left", left / 60, left % 60);
	fprintf(stderr, "\r[%.*s%*s] %-11s %-40.40s", full, "########################", BAR - full,
		"", when, progress->last);
}

static void show_line(const struct zc_progress *progress)
{
	long left = seconds_left(progress);

	fprintf(stderr, "%3ld %%  %s",
		100 * progress->done / (progress->total ? progress->total : 1), progress->last);
	if (left >= 0)
		fprintf(stderr, ", about %ld s left", left);
	fputc('\n', stderr);
}

void zc_progress_begin(struct zc_progress *progress, long total)
{
	*progress = (struct zc_progress){ .total = total,
					  .start = now(),
					  .terminal = isatty(STDERR_FILENO) };
}

void zc_progress_step(struct zc_progress *progress, long done, const char *doing)
{
	bool other = strcmp(doing, progress->last) != 0;

	progress->done += done;
	snprintf(progress->last, sizeof(progress->last), "%s", doing);
	if (progress->terminal)
		show_bar(progress);
	else if (other)
		show_line(progress);
}

void zc_progress_end(struct zc_progress *progress)
{
	if (progress->terminal)
		fprintf(stderr, "\r%*s\r", BAR + 56, "");
}
