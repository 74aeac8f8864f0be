// SPDX-License-Identifier: MIT
// Many cells as one: what a way costs over all methods and routes.
// Must not know how it is told.
#include "summary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LEAST_DIFFERENCE 0.03

/* Medians of cells, gathered; room for one a method and route each. */
struct gathered {
	double *ratio, *control, *share;
	int ratios, controls, shares;
};

double zc_sample_copier(const struct zc_sample *sample)
{
	return sample->copier_user + sample->copier_system;
}

double zc_sample_total(const struct zc_sample *sample)
{
	return zc_sample_copier(sample) + sample->daemon_cpu;
}

static struct zc_figure share_of(const struct zc_cell *cell)
{
	double values[ZC_MAX_REPEATS];
	int count = 0;

	for (int i = 0; i < cell->samples; i++) {
		double total = zc_sample_total(&cell->sample[i]);

		if (total > 0)
			values[count++] = cell->sample[i].daemon_cpu / total;
	}
	return zc_figure_of_values(values, count);
}

static void gather(struct gathered *all, const struct zc_cell *ways, int way)
{
	struct zc_figure ratio = zc_ratio(&ways[way], &ways[0]);
	struct zc_figure control = zc_ratio(&ways[1], &ways[0]);
	struct zc_figure share = share_of(&ways[way]);

	if (ratio.count)
		all->ratio[all->ratios++] = ratio.median;
	if (control.count)
		all->control[all->controls++] = control.median;
	if (share.count)
		all->share[all->shares++] = share.median;
}

static void gather_all(struct gathered *all, const struct zc_result *result, int way,
		       struct zc_summary *sum)
{
	for (int i = 0; i < result->methods; i++)
		for (int route = 0; route < ZC_ROUTES; route++) {
			const struct zc_cell *ways = result->method[i].cell[route];
			const struct zc_counts *counts = &ways[way].counts;

			if (!ways[way].samples || !ways[0].samples)
				continue;
			gather(all, ways, way);
			sum->copied += counts->daemon_copied;
			sum->spliced += counts->daemon_spliced;
			sum->counted &= counts->daemon_known;
		}
}

struct zc_summary zc_summarize(const struct zc_result *result, int way)
{
	struct zc_summary sum = { .counted = true };
	size_t room = (size_t)result->methods * ZC_ROUTES;
	double *values = way < result->ways ? calloc(3 * room + 1, sizeof(*values)) : NULL;
	struct gathered all = { values, values + room, values + 2 * room, 0, 0, 0 };

	if (!values)
		return (struct zc_summary){ 0 };
	gather_all(&all, result, way, &sum);
	sum.cells = all.ratios;
	sum.ratio = zc_figure_of_values(all.ratio, all.ratios);
	sum.control = zc_figure_of_values(all.control, all.controls);
	sum.share = zc_figure_of_values(all.share, all.shares);
	free(values);
	return sum;
}

bool zc_summary_differs(const struct zc_result *result, const struct zc_summary *sum)
{
	double same = sum->control.count ? sum->control.median : 1;

	return fabs(sum->ratio.median - same) >= fmax(LEAST_DIFFERENCE, zc_noise(result));
}

int zc_best_way(const struct zc_result *result)
{
	double least = 0;
	int best = -1;

	for (int way = 2; way < result->ways; way++) {
		struct zc_summary sum = zc_summarize(result, way);

		if (sum.cells && (best < 0 || sum.ratio.median < least)) {
			best = way;
			least = sum.ratio.median;
		}
	}
	return best;
}

int zc_main_route(const struct zc_result *result)
{
	for (int route = 0; route < ZC_ROUTES; route++)
		for (int i = 0; i < result->methods; i++)
			if (result->method[i].cell[route][0].samples)
				return route;
	return 0;
}

const struct zc_method_result *zc_method_find(const struct zc_result *result, const char *name)
{
	for (int i = 0; i < result->methods; i++)
		if (!strcmp(result->method[i].name, name))
			return &result->method[i];
	return NULL;
}
