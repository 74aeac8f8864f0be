/* SPDX-License-Identifier: MIT */
/*
 * All cells of a way taken together, and which of the parts of a result people ask for first.
 * Pure: no system call. Must not know how it is told.
 */
#ifndef ZC_COMPARE_SUMMARY_H
#define ZC_COMPARE_SUMMARY_H

#include "figures.h"

/* Figures over cells: each cell gives its median, the quartiles say how cells differ. */
struct zc_summary {
	int cells; /* made by this way and by the plain path; 0: the rest means nothing */
	struct zc_figure ratio, control; /* wall time over that of the plain path */
	struct zc_figure share;		 /* of the processor time that is the daemon's, 0 to 1 */
	uint64_t copied, spliced;	 /* bytes through the daemon's memory, and past it */
	bool counted;			 /* copied and spliced are known for every cell */
};

struct zc_summary zc_summarize(const struct zc_result *result, int way);

/* False: it is within what the plain path differs from itself here. */
bool zc_summary_differs(const struct zc_result *result, const struct zc_summary *sum);

/* The mount's way with the least ratio; -1: there is none. */
int zc_best_way(const struct zc_result *result);

/* The first route on which the plain path copied anything, else 0. */
int zc_main_route(const struct zc_result *result);

/* NULL: it was not measured. */
const struct zc_method_result *zc_method_find(const struct zc_result *result, const char *name);

/* The two programs of the article, as the measuring calls them. */
#define ZC_ARTICLE_READ_WRITE "read+write, whole file"
#define ZC_ARTICLE_SENDFILE   "sendfile"

/* Seconds of processor time of one sample: the copier's alone, and with the daemon's. */
double zc_sample_copier(const struct zc_sample *sample);
double zc_sample_total(const struct zc_sample *sample);

#endif
