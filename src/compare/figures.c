// SPDX-License-Identifier: MIT
// Medians, quartiles, ratios, verdicts.
// Must not know what was measured.
#include "figures.h"

#include <math.h>
#include <stdlib.h>

static int by_value(const void *one, const void *other)
{
	double a = *(const double *)one, b = *(const double *)other;

	return (a > b) - (a < b);
}

/* Between the two neighbours, as R and numpy do by default. values are sorted. */
static double quantile(const double *values, int count, double part)
{
	double at = part * (count - 1);
	int below = (int)at;

	if (below + 1 >= count)
		return values[count - 1];
	return values[below] + (at - below) * (values[below + 1] - values[below]);
}

struct zc_figure zc_figure_of_values(double *values, int count)
{
	if (!count)
		return (struct zc_figure){ 0 };
	qsort(values, (size_t)count, sizeof(values[0]), by_value);
	return (struct zc_figure){ .median = quantile(values, count, 0.5),
				   .low = quantile(values, count, 0.25),
				   .high = quantile(values, count, 0.75),
				   .count = count };
}

static const void *field(const struct zc_cell *cell, int sample, size_t offset)
{
	return (const char *)&cell->sample[sample] + offset;
}

struct zc_figure zc_figure_of(const struct zc_cell *cell, size_t offset)
{
	double values[ZC_MAX_REPEATS];

	for (int i = 0; i < cell->samples; i++)
		values[i] = *(const double *)field(cell, i, offset);
	return zc_figure_of_values(values, cell->samples);
}

struct zc_figure zc_figure_of_count(const struct zc_cell *cell, size_t offset)
{
	double values[ZC_MAX_REPEATS];

	for (int i = 0; i < cell->samples; i++)
		values[i] = (double)*(const long *)field(cell, i, offset);
	return zc_figure_of_values(values, cell->samples);
}

struct zc_figure zc_ratio(const struct zc_cell *cell, const struct zc_cell *plain)
{
	int count = cell->samples < plain->samples ? cell->samples : plain->samples;
	double values[ZC_MAX_REPEATS];

	for (int i = 0; i < count; i++) {
		if (plain->sample[i].wall <= 0)
			return (struct zc_figure){ 0 };
		values[i] = cell->sample[i].wall / plain->sample[i].wall;
	}
	return zc_figure_of_values(values, count);
}

#define NOTICEABLE 0.03
#define QUIET	   0.10
#define LEAST	   3

enum zc_verdict zc_tell(struct zc_figure ratio, struct zc_figure control)
{
	double away = ratio.median - control.median;

	if (ratio.count < LEAST || control.count < LEAST)
		return ZC_CANNOT_TELL;
	if (ratio.low > control.high && away >= NOTICEABLE)
		return ZC_SLOWER;
	if (ratio.high < control.low && away <= -NOTICEABLE)
		return ZC_FASTER;
	if (fabs(away) < NOTICEABLE && control.high - control.low <= QUIET)
		return ZC_SAME;
	return ZC_CANNOT_TELL;
}

/* The median of all rows: one that a disk has disturbed is not what the machine is like. */
double zc_noise(const struct zc_result *result)
{
	double *values = calloc((size_t)result->methods * ZC_ROUTES + 1, sizeof(*values));
	struct zc_figure control, noise = { 0 };
	int count = 0;

	for (int i = 0; values && i < result->methods; i++)
		for (int route = 0; route < ZC_ROUTES; route++) {
			const struct zc_cell *cell = result->method[i].cell[route];

			control = zc_ratio(&cell[1], &cell[0]);
			if (cell[0].made && control.count)
				values[count++] = control.high - control.low;
		}
	if (values)
		noise = zc_figure_of_values(values, count);
	free(values);
	return noise.median;
}
