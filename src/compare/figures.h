/* SPDX-License-Identifier: MIT */
/*
 * From samples to figures: medians, spreads, ratios to the plain path, and whether two can be told
 * apart. Pure: no system call. Must not know what was measured.
 */
#ifndef ZC_COMPARE_FIGURES_H
#define ZC_COMPARE_FIGURES_H

#include "result.h"

#include <stddef.h>

/* low and high: the quartiles. */
struct zc_figure {
	double median, low, high;
	int count;
};

/* Sorts values. None: all 0. */
struct zc_figure zc_figure_of_values(double *values, int count);

/* Of any field of struct zc_sample that is a double: offset is offsetof(struct zc_sample, wall). */
struct zc_figure zc_figure_of(const struct zc_cell *cell, size_t offset);

/* Of a long field. */
struct zc_figure zc_figure_of_count(const struct zc_cell *cell, size_t offset);

/* Sample by sample (they were made in turns), the wall time of cell over that of plain. */
struct zc_figure zc_ratio(const struct zc_cell *cell, const struct zc_cell *plain);

enum zc_verdict { ZC_SAME, ZC_FASTER, ZC_SLOWER, ZC_CANNOT_TELL };

/*
 * Is this ratio another than 1, given the ratio of the control (the plain path against itself)?
 * FASTER and SLOWER: its quartiles lie outside those of the control and the median is at least 3 %
 * away from the control's. SAME: within 3 % and the control's quartiles within 10 %. CANNOT_TELL:
 * all else, and fewer than 3 samples.
 */
enum zc_verdict zc_tell(struct zc_figure ratio, struct zc_figure control);

/* The control's spread (high - low) as a part of 1: what this machine cannot tell apart. */
double zc_noise(const struct zc_result *result);

#endif
