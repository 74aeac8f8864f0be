/* SPDX-License-Identifier: MIT */
/*
 * How far we are: a bar with the time left on a terminal, a line for each method elsewhere; always on
 * standard error. Must not know what the steps are.
 */
#ifndef ZC_COMPARE_PROGRESS_H
#define ZC_COMPARE_PROGRESS_H

#include <stdbool.h>

struct zc_progress {
	long total, done;
	double start; /* seconds, monotonic */
	bool terminal;
	char last[120]; /* what was shown last */
};

void zc_progress_begin(struct zc_progress *progress, long total);

/* done more steps; doing: what comes now. */
void zc_progress_step(struct zc_progress *progress, long done, const char *doing);

/* Takes the bar away. */
void zc_progress_end(struct zc_progress *progress);

#endif
