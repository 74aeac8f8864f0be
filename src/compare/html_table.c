// SPDX-License-Identifier: MIT
// All figures of all cells, one table a route; and why some are missing.
// Must not know which of them matter.
#include "html.h"

#include <string.h>

struct row {
	FILE *out;
	const struct zc_result *result;
	const struct zc_cell *ways; /* of this method on this route */
	int way;
	const struct zc_cell *cell;
};

static const char *const verdicts[] = { [ZC_SAME] = "the same",
					[ZC_FASTER] = "faster",
					[ZC_SLOWER] = "slower",
					[ZC_CANNOT_TELL] = "cannot tell" };

static const char *const heads[] = {
	"Time, ms",
	"quartiles, ms",
	"against plain",
	"verdict",
	"copier user, ms",
	"copier system, ms",
	"clock(), ms",
	"daemon CPU, ms",
	"copier switches, own / forced",
	"daemon switches, own / forced",
	"page faults, copier / daemon",
	"in page cache before",
	"system calls",
	"copier's memory",
	"looked at (mmap)",
	"daemon's memory",
	"daemon's pipe",
	"requests",
};

static double ms(const struct row *row, size_t offset)
{
	return 1000 * zc_figure_of(row->cell, offset).median;
}

static double count(const struct row *row, size_t offset)
{
	return zc_figure_of_count(row->cell, offset).median;
}

#define MS(field)    ms(row, offsetof(struct zc_sample, field))
#define COUNT(field) count(row, offsetof(struct zc_sample, field))

static void print_ratio(const struct row *row)
{
	struct zc_figure ratio = zc_ratio(row->cell, &row->ways[0]);
	struct zc_figure control = zc_ratio(&row->ways[1], &row->ways[0]);

	if (!row->way || !ratio.count)
		fputs("<td>-</td><td>-</td>", row->out);
	else
		fprintf(row->out, "<td>%.2f</td><td>%s</td>", ratio.median,
			row->way == 1 ? "the control" : verdicts[zc_tell(ratio, control)]);
}

static void print_times(const struct row *row)
{
	struct zc_figure wall = zc_figure_of(row->cell, offsetof(struct zc_sample, wall));

	fprintf(row->out, "<td>%.3f</td><td>%.3f to %.3f</td>", 1000 * wall.median, 1000 * wall.low,
		1000 * wall.high);
	print_ratio(row);
	fprintf(row->out, "<td>%.3f</td><td>%.3f</td><td>%.3f</td>", MS(copier_user),
		MS(copier_system), MS(copier_clock));
}

static void print_switches(const struct row *row)
{
	bool daemon = row->result->way[row->way].daemon;

	if (daemon)
		fprintf(row->out, "<td>%.3f</td>", MS(daemon_cpu));
	else
		fputs("<td>-</td>", row->out);
	fprintf(row->out, "<td>%.0f / %.0f</td>", COUNT(copier_voluntary),
		COUNT(copier_involuntary));
	if (daemon)
		fprintf(row->out, "<td>%.0f / %.0f</td><td>%.0f / %.0f</td>",
			COUNT(daemon_voluntary), COUNT(daemon_involuntary), COUNT(copier_faults),
			COUNT(daemon_faults));
	else
		fprintf(row->out, "<td>-</td><td>%.0f / -</td>", COUNT(copier_faults));
	fprintf(row->out, "<td>%.0f %%</td>",
		100 * zc_figure_of(row->cell, offsetof(struct zc_sample, resident)).median);
}

static void print_bytes(const struct row *row, bool known, uint64_t bytes)
{
	char size[ZC_WORD_SIZE];

	if (!known)
		fputs("<td>-</td>", row->out);
	else
		fprintf(row->out, "<td>%.2f\u00d7, %s</td>",
			row->result->size ? (double)bytes / (double)row->result->size : 0,
			zc_words_size((double)bytes, size));
}

static void print_requests(const struct row *row)
{
	const struct zc_counts *counts = &row->cell->counts;

	fputs("<td class=\"word\">", row->out);
	if (!counts->daemon_known)
		fputs("-", row->out);
	for (int i = 0; counts->daemon_known && i < counts->requests; i++)
		zc_html_print(row->out, "%s%s %llu", i ? ", " : "", counts->request[i].name,
			      (unsigned long long)counts->request[i].count);
	fputs("</td>", row->out);
}

static void print_counts(const struct row *row)
{
	const struct zc_counts *counts = &row->cell->counts;

	if (counts->known)
		fprintf(row->out, "<td>%ld</td>", counts->system_calls);
	else
		fputs("<td>-</td>", row->out);
	print_bytes(row, counts->known, counts->copier_bytes);
	print_bytes(row, counts->known, counts->mapped_bytes);
	print_bytes(row, counts->daemon_known, counts->daemon_copied);
	print_bytes(row, counts->daemon_known, counts->daemon_spliced);
	print_requests(row);
}

static void print_row(const struct row *row, const struct zc_method_result *method)
{
	fprintf(row->out, "<tr%s><th scope=\"row\">", row->way ? "" : " class=\"first\"");
	zc_html_text(row->out, method->name);
	fputs("</th><td class=\"word\">", row->out);
	zc_html_text(row->out, row->result->way[row->way].name);
	fputs("</td>", row->out);
	print_times(row);
	print_switches(row);
	print_counts(row);
	fputs("</tr>\n", row->out);
}

static void print_methods(FILE *out, const struct zc_result *result, int route)
{
	for (int i = 0; i < result->methods; i++)
		for (int way = 0; way < result->ways; way++) {
			const struct zc_cell *ways = result->method[i].cell[route];
			struct row row = { out, result, ways, way, &ways[way] };

			if (ways[way].samples)
				print_row(&row, &result->method[i]);
		}
}

/* The reasons that people did not ask for themselves. */
static void print_left_out(FILE *out, const struct zc_result *result, int route)
{
	bool begun = false;

	for (int i = 0; i < result->methods; i++)
		for (int way = 0; way < result->ways; way++) {
			const struct zc_cell *cell = &result->method[i].cell[route][way];

			if (cell->made || !strcmp(cell->why_not, "not asked for") ||
			    (way && !result->method[i].cell[route][0].made))
				continue;
			fputs(begun ? "; " : "<p class=\"small\">Left out: ", out);
			zc_html_print(out, way ? "%s (%s; %s)" : "%s (%s)", result->method[i].name,
				      cell->why_not, zc_words_way(&result->way[way]));
			begun = true;
		}
	fputs(begun ? ".</p>\n" : "", out);
}

static void print_table(FILE *out, const struct zc_result *result, int route)
{
	fprintf(out,
		"<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Figures %s\">"
		"<table><caption>Copies %s</caption>\n<thead><tr><th scope=\"col\">Method</th>"
		"<th scope=\"col\">way</th>",
		zc_words_route(route), zc_words_route(route));
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		fprintf(out, "<th scope=\"col\">%s</th>", heads[i]);
	fputs("</tr></thead>\n<tbody>\n", out);
	print_methods(out, result, route);
	fputs("</tbody></table></div>\n", out);
	print_left_out(out, result, route);
}

void zc_html_table(FILE *out, const struct zc_result *result)
{
	fputs("<h2>All figures</h2>\n<details><summary>Show the tables</summary>\n"
	      "<p>Times and switches are medians of the timed copies; system calls, bytes and "
	      "requests "
	      "were counted during one copy more that was watched instead of timed. Bytes are "
	      "given as "
	      "a multiple of the file, too.</p>\n",
	      out);
	for (int route = 0; route < ZC_ROUTES; route++)
		if (zc_html_has_route(result, route))
			print_table(out, result, route);
	fputs("</details>\n", out);
}
