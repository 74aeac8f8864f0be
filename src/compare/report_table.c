// SPDX-License-Identifier: MIT
// A result for a terminal: what it took against the plain path, what it cost, what that means.
// Must not know how the result came about.
#include "report.h"

#include "figures.h"

#include <errno.h>
#include <string.h>

#define NAME 22 /* columns of a method's name */

struct table {
	const struct zc_result *result;
	FILE *out;
	int columns;
};

static const char *const route_titles[ZC_ROUTES] = {
	[ZC_FILE_TO_FILE] = "From file to file",
	[ZC_FILE_TO_TCP] = "From file to a TCP connection",
	[ZC_FILE_TO_UNIX] = "From file to a UNIX socket",
	[ZC_SOCKET_TO_FILE] = "From a TCP connection to file",
};

static bool is_made(const struct zc_result *result, const struct zc_cell *cell)
{
	for (int way = 0; way < result->ways; way++)
		if (cell[way].made && cell[way].samples)
			return true;
	return false;
}

static bool has_route(const struct zc_result *result, int route)
{
	for (int i = 0; i < result->methods; i++)
		if (is_made(result, result->method[i].cell[route]))
			return true;
	return false;
}

static void print_size(FILE *out, uint64_t bytes)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB" };
	double value = (double)bytes;
	int unit = 0;

	while (value >= 1024 && unit < 4)
		value /= 1024, unit++;
	fprintf(out, value == (double)(long)value ? "%.0f %s" : "%.1f %s", value, units[unit]);
}

static int column_width(const struct table *table)
{
	int width = (table->columns - 2 - NAME - 8) / (table->result->ways - 1);

	return width > 14 ? 14 : width;
}

/* "=": the same; ">" slower, "<" faster, "?" the machine is too noisy to tell. */
static char mark(const struct zc_cell *ways, int way)
{
	static const char marks[] = {
		[ZC_SAME] = '=', [ZC_FASTER] = '<', [ZC_SLOWER] = '>', [ZC_CANNOT_TELL] = '?'
	};

	return marks[zc_tell(zc_ratio(&ways[way], &ways[0]), zc_ratio(&ways[1], &ways[0]))];
}

static void print_ratio(const struct table *table, const struct zc_cell *ways, int way)
{
	int width = column_width(table);

	if (!ways[way].samples)
		fprintf(table->out, "%*s", width, "-");
	else if (!ways[0].samples)
		fprintf(table->out, "%*s", width, "alone");
	else
		fprintf(table->out, "%*.2f%c", width - 1, zc_ratio(&ways[way], &ways[0]).median,
			way == 1 ? ' ' : mark(ways, way));
}

static void print_heads(const struct table *table, const char *first)
{
	fprintf(table->out, "  %-*s%8s", NAME, "", first);
	for (int way = 1; way < table->result->ways; way++)
		fprintf(table->out, "%*.*s", column_width(table), column_width(table) - 1,
			table->result->way[way].name);
	fputc('\n', table->out);
}

static void print_route(const struct table *table, int route)
{
	const struct zc_result *result = table->result;

	fprintf(table->out, "\n%s: time, as a multiple of the plain path\n", route_titles[route]);
	print_heads(table, "plain ms");
	for (int i = 0; i < result->methods; i++) {
		const struct zc_cell *cell = result->method[i].cell[route];

		if (!is_made(result, cell))
			continue;
		fprintf(table->out, "  %-*.*s%8.1f", NAME, NAME, result->method[i].name,
			1000 * zc_figure_of(&cell[0], offsetof(struct zc_sample, wall)).median);
		for (int way = 1; way < result->ways; way++)
			print_ratio(table, cell, way);
		fputc('\n', table->out);
	}
}

static double cpu_of(const struct zc_cell *cell)
{
	return zc_figure_of(cell, offsetof(struct zc_sample, copier_user)).median +
	       zc_figure_of(cell, offsetof(struct zc_sample, copier_system)).median;
}

static uint64_t requests_of(const struct zc_counts *counts)
{
	uint64_t sum = 0;

	for (int i = 0; i < counts->requests; i++)
		sum += counts->request[i].count;
	return sum;
}

static void print_multiple(FILE *out, bool known, uint64_t bytes, uint64_t size)
{
	if (!known || !size)
		fprintf(out, "%8s", "-");
	else
		fprintf(out, "%7.2fx", (double)bytes / (double)size);
}

static void print_cost(const struct table *table, const struct zc_method_result *method, int route,
		       int way)
{
	const struct zc_cell *cell = &method->cell[route][way];
	const struct zc_counts *counts = &cell->counts;
	bool daemon = table->result->way[way].daemon;

	fprintf(table->out, "  %-*.*s %-11.11s", NAME, NAME, method->name,
		table->result->way[way].name);
	fprintf(table->out, "%7.1f", 1000 * cpu_of(cell));
	if (daemon)
		fprintf(table->out, "%7.1f",
			1000 * zc_figure_of(cell, offsetof(struct zc_sample, daemon_cpu)).median);
	else
		fprintf(table->out, "%7s", "-");
	if (counts->known)
		fprintf(table->out, "%7ld", counts->system_calls);
	else
		fprintf(table->out, "%7s", "-");
	print_multiple(table->out, counts->known, counts->copier_bytes, table->result->size);
	print_multiple(table->out, counts->daemon_known, counts->daemon_copied,
		       table->result->size);
	if (counts->daemon_known)
		fprintf(table->out, "%7llu\n", (unsigned long long)requests_of(counts));
	else
		fprintf(table->out, "%7s\n", "-");
}

/* Of the two programs of the article and of cp: what a table of all would drown. */
static bool is_telling(const struct zc_method_result *method)
{
	return !strcmp(method->name, "read+write, whole file") ||
	       !strcmp(method->name, "sendfile") || !strcmp(method->name, "cp");
}

static void print_costs(const struct table *table, int route)
{
	fprintf(table->out,
		"\n%s: what it cost (all of it: --json, --html)\n"
		"  %-*s%-12s%7s%7s%7s%8s%8s%7s\n"
		"  %-*s%-12s%7s%7s%7s%8s%8s%7s\n",
		route_titles[route], NAME, "", "", "CPU ms", "CPU ms", "system", "copier", "daemon",
		"re-", NAME, "method", "way", "copier", "daemon", "calls", "memory", "memory",
		"quests");
	for (int i = 0; i < table->result->methods; i++)
		for (int way = 0; way < table->result->ways; way++)
			if (way != 1 && is_telling(&table->result->method[i]) &&
			    table->result->method[i].cell[route][way].samples)
				print_cost(table, &table->result->method[i], route, way);
}

/* Each reason once, with the methods that it keeps from there. */
static void print_left_out(const struct table *table, int route)
{
	const struct zc_result *result = table->result;

	for (int i = 0; i < result->methods; i++) {
		const struct zc_cell *cell = result->method[i].cell[route];

		if (!is_made(result, cell) && strcmp(cell[0].why_not, "not asked for") != 0)
			fprintf(table->out, "  %-*.*s%s\n", NAME, NAME - 1, result->method[i].name,
				cell[0].why_not);
	}
}

static void print_head(const struct table *table)
{
	const struct zc_result *result = table->result;

	fprintf(table->out, "%s: ", result->source[0] ? result->source : "a file of random bytes");
	print_size(table->out, result->size);
	fprintf(table->out, ", %s page cache, %d times each, in turns\n",
		result->cold ? "cold" : "warm", result->repeats);
	fprintf(table->out,
		"%ld copies, each the same as its source byte by byte (SHA-256 %.16s...)\n",
		result->compared, result->sha256);
	for (int way = 0; way < result->ways; way++)
		if (result->way[way].note[0])
			fprintf(table->out, "%s: %s\n", result->way[way].name,
				result->way[way].note);
}

static void print_findings(const struct table *table)
{
	char finding[16][ZC_FINDING_SIZE];
	int count = zc_findings(table->result, finding, 16);

	fprintf(table->out, "\nWhat this says\n");
	for (int i = 0; i < count; i++)
		fprintf(table->out, "- %s\n", finding[i]);
	fprintf(
	    table->out,
	    "\n= the same as plain   < faster   > slower   ? this machine is too noisy to tell\n"
	    "memory: bytes that went through it, as a multiple of the file's size\n");
}

int zc_report_table(const struct zc_result *result, FILE *out, int columns)
{
	struct table table = { result, out, columns < 80 ? 80 : columns > 110 ? 110 : columns };

	print_head(&table);
	for (int route = 0; route < ZC_ROUTES; route++) {
		if (!has_route(result, route))
			continue;
		print_route(&table, route);
		print_left_out(&table, route);
	}
	for (int route = 0; route < ZC_ROUTES; route++)
		if (has_route(result, route)) {
			print_costs(&table, route);
			break;
		}
	print_findings(&table);
	return fflush(out) ? -errno : 0;
}
