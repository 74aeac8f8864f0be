// SPDX-License-Identifier: MIT
// The second table of a route: what the article's programs and the fastest method cost, by each way.
// Must not know how it was measured.
#include "table.h"

#include "summary.h"
#include "words.h"

#include <string.h>

#define WAY   13
#define SHOWN 3

/* Columns of each number. */
enum { CPU = 8, CALLS = 8, SWITCHES = 9, MEMORY = 8, REQUESTS = 9 };
#define COPIER (CPU - 1 + CALLS + SWITCHES + MEMORY)
#define DAEMON (CPU + REQUESTS + SWITCHES + MEMORY)

struct cost {
	const struct zc_table *table;
	const struct zc_way_result *way;
	const struct zc_cell *cell;
};

static void print_unknown(const struct cost *cost, int width)
{
	fprintf(cost->table->out, "%*s", width, "-");
}

static void print_count(const struct cost *cost, int width, bool known, double count)
{
	if (!known)
		print_unknown(cost, width);
	else if (count >= 1e6)
		fprintf(cost->table->out, "%*.1fM", width - 1, count / 1e6);
	else
		fprintf(cost->table->out, "%*.0f", width, count);
}

static void print_cpu(const struct cost *cost, int width, bool known, double seconds)
{
	if (!known)
		print_unknown(cost, width);
	else if (seconds >= 36000)
		fprintf(cost->table->out, "%*.1fh", width - 1, seconds / 3600);
	else if (seconds >= 10)
		fprintf(cost->table->out, "%*.1fs", width - 1, seconds);
	else
		fprintf(cost->table->out, "%*.1f", width, 1000 * seconds);
}

/* In times the file. */
static void print_memory(const struct cost *cost, bool known, uint64_t bytes)
{
	uint64_t size = cost->table->result->size;

	if (!known || !size)
		print_unknown(cost, MEMORY);
	else
		fprintf(cost->table->out, "%*.2fx", MEMORY - 1, (double)bytes / (double)size);
}

static double switches(const struct cost *cost, size_t own, size_t forced)
{
	return zc_figure_of_count(cost->cell, own).median +
	       zc_figure_of_count(cost->cell, forced).median;
}

static double copier_cpu(const struct zc_cell *cell)
{
	double values[ZC_MAX_REPEATS];

	for (int i = 0; i < cell->samples; i++)
		values[i] = zc_sample_copier(&cell->sample[i]);
	return zc_figure_of_values(values, cell->samples).median;
}

static void print_copier(const struct cost *cost)
{
	const struct zc_counts *counts = &cost->cell->counts;

	print_cpu(cost, CPU - 1, true, copier_cpu(cost->cell));
	print_count(cost, CALLS, counts->known, (double)counts->system_calls);
	print_count(cost, SWITCHES, true,
		    switches(cost, offsetof(struct zc_sample, copier_voluntary),
			     offsetof(struct zc_sample, copier_involuntary)));
	print_memory(cost, counts->known, counts->copier_bytes);
}

static void print_daemon(const struct cost *cost)
{
	const struct zc_counts *counts = &cost->cell->counts;
	bool known = cost->way->daemon;
	uint64_t requests = 0;

	for (int i = 0; i < counts->requests; i++)
		requests += counts->request[i].count;
	print_cpu(cost, CPU, known,
		  zc_figure_of(cost->cell, offsetof(struct zc_sample, daemon_cpu)).median);
	print_count(cost, REQUESTS, counts->daemon_known, (double)requests);
	print_count(cost, SWITCHES, known,
		    switches(cost, offsetof(struct zc_sample, daemon_voluntary),
			     offsetof(struct zc_sample, daemon_involuntary)));
	print_memory(cost, counts->daemon_known, counts->daemon_copied);
}

static void print_method(const struct zc_table *table, const struct zc_method_result *method,
			 int route)
{
	fputc(' ', table->out);
	zc_table_text(table, 1, "%s", method->name);
	for (int way = 0; way < table->result->ways; way++) {
		struct cost cost = { table, &table->result->way[way], &method->cell[route][way] };

		if (way == 1 || !cost.cell->samples)
			continue;
		fputs("  ", table->out);
		zc_table_cell(table, WAY - 2, zc_words_way(cost.way));
		print_copier(&cost);
		print_daemon(&cost);
		fputc('\n', table->out);
	}
}

static double plain_time(const struct zc_method_result *method, int route)
{
	return zc_figure_of(&method->cell[route][0], offsetof(struct zc_sample, wall)).median;
}

static const struct zc_method_result *fastest(const struct zc_result *result, int route)
{
	const struct zc_method_result *best = NULL;

	for (int i = 0; i < result->methods; i++) {
		const struct zc_method_result *method = &result->method[i];

		if (method->cell[route][0].samples &&
		    (!best || plain_time(method, route) < plain_time(best, route)))
			best = method;
	}
	return best;
}

/* The article's two, the fastest; ret_shown ends with NULL where there are fewer. */
static void choose(const struct zc_result *result, int route,
		   const struct zc_method_result *ret_shown[SHOWN])
{
	const struct zc_method_result *wanted[SHOWN] = {
		zc_method_find(result, ZC_ARTICLE_READ_WRITE),
		zc_method_find(result, ZC_ARTICLE_SENDFILE),
		fastest(result, route),
	};
	int count = 0;

	for (int i = 0; i < SHOWN; i++)
		if (wanted[i] && wanted[i]->cell[route][0].samples &&
		    !(count && ret_shown[count - 1] == wanted[i]) &&
		    !(count && ret_shown[0] == wanted[i]))
			ret_shown[count++] = wanted[i];
	while (count < SHOWN)
		ret_shown[count++] = NULL;
}

void zc_table_costs(const struct zc_table *table, int route)
{
	const struct zc_method_result *shown[SHOWN];
	FILE *out = table->out;

	choose(table->result, route, shown);
	if (!shown[0])
		return;
	fprintf(out, "\n%-*s%*s%*s\n", WAY, " What it cost", COPIER,
		"----------- copier -----------", DAEMON, "------------ daemon -------------");
	fprintf(out, "%*s%*s%*s%*s%*s%*s%*s%*s%*s\n", WAY, "", CPU - 1, "CPU ms", CALLS, "calls",
		SWITCHES, "switches", MEMORY, "memory", CPU, "CPU ms", REQUESTS, "requests",
		SWITCHES, "switches", MEMORY, "memory");
	for (int i = 0; i < SHOWN && shown[i]; i++)
		print_method(table, shown[i], route);
}
