// SPDX-License-Identifier: MIT
// A result for a terminal: for each route the time against the plain path and what it costs,
// then what that means. Must not know how the result came about.
#include "report.h"

#include "summary.h"
#include "table.h"
#include "words.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#define NAME	 23 /* columns of a method's name, with a blank before it */
#define PLAIN	 8
#define LEAST	 80
#define MOST	 110
#define WIDEST	 14 /* a way's column */
#define FINDINGS 24

static bool is_measured(const struct zc_result *result, const struct zc_cell *ways)
{
	for (int way = 0; way < result->ways; way++)
		if (ways[way].samples)
			return true;
	return false;
}

static bool has_route(const struct zc_result *result, int route)
{
	for (int i = 0; i < result->methods; i++)
		if (is_measured(result, result->method[i].cell[route]))
			return true;
	return false;
}

/* ---- time ------------------------------------------------------------------------------------ */

static int column_width(const struct zc_table *table)
{
	int others = table->result->ways > 1 ? table->result->ways - 1 : 1;
	int width = (table->columns - 1 - NAME - PLAIN) / others;

	return width > WIDEST ? WIDEST : width;
}

/* How much of a head stands in the first line: all, up to a blank, or "pass" of "passthrough". */
static int first_part(const char *name, int room)
{
	int length = (int)strlen(name), blank = (int)strcspn(name, " ");

	if (length <= room)
		return length;
	if (blank <= room)
		return blank;
	return length - 4 <= room && room > 4 ? 4 : room - 1;
}

static void print_head_line(const struct zc_table *table, bool second)
{
	int room = column_width(table) - 1;

	fprintf(table->out, "%*s%*s", NAME, "", PLAIN, second ? "" : "plain ms");
	for (int way = 1; way < table->result->ways; way++) {
		const char *name = zc_words_way(&table->result->way[way]);
		int first = first_part(name, room);
		bool broken = name[first] && name[first] != ' ';
		char text[sizeof(table->result->way[way].name) + 2];

		if (second)
			snprintf(text, sizeof(text), "%s", name + first + (name[first] == ' '));
		else
			snprintf(text, sizeof(text), "%.*s%s", first, name, broken ? "-" : "");
		fputc(' ', table->out);
		zc_table_cell(table, -room, text);
	}
	fputc('\n', table->out);
}

static void print_heads(const struct zc_table *table)
{
	print_head_line(table, false);
	for (int way = 1; way < table->result->ways; way++) {
		const char *name = zc_words_way(&table->result->way[way]);

		if (!name[first_part(name, column_width(table) - 1)])
			continue;
		print_head_line(table, true);
		break;
	}
}

static void print_time(const struct zc_table *table, int width, const struct zc_cell *cell)
{
	double wall = zc_figure_of(cell, offsetof(struct zc_sample, wall)).median;

	if (!cell->samples)
		fprintf(table->out, "%*s", width, "-");
	else if (wall >= 36000)
		fprintf(table->out, "%*.1fh", width - 1, wall / 3600);
	else if (wall >= 100)
		fprintf(table->out, "%*.1fs", width - 1, wall);
	else
		fprintf(table->out, "%*.1f", width, 1000 * wall);
}

static char mark(const struct zc_cell *ways, int way)
{
	static const char marks[] = {
		[ZC_SAME] = '=', [ZC_FASTER] = '<', [ZC_SLOWER] = '>', [ZC_CANNOT_TELL] = '?'
	};

	return marks[zc_tell(zc_ratio(&ways[way], &ways[0]), zc_ratio(&ways[1], &ways[0]))];
}

static void print_ratio(const struct zc_table *table, const struct zc_cell *ways, int way)
{
	struct zc_figure ratio = zc_ratio(&ways[way], &ways[0]);
	int width = column_width(table);

	if (!ratio.count)
		fprintf(table->out, "%*s ", width - 1, "-");
	else
		fprintf(table->out, "%*.*f%c", width - 1, ratio.median < 100 ? 2 : 0, ratio.median,
			way == 1 ? ' ' : mark(ways, way));
}

static void print_times(const struct zc_table *table, int route)
{
	const struct zc_result *result = table->result;

	print_heads(table);
	for (int i = 0; i < result->methods; i++) {
		const struct zc_cell *ways = result->method[i].cell[route];

		if (!is_measured(result, ways))
			continue;
		fputc(' ', table->out);
		zc_table_cell(table, NAME - 1, result->method[i].name);
		print_time(table, PLAIN, &ways[0]);
		for (int way = 1; way < result->ways; way++)
			print_ratio(table, ways, way);
		fputc('\n', table->out);
	}
}

/* ---- what is missing ------------------------------------------------------------------------- */

/* Of a cell without samples, or of one that was timed but not watched. "": nothing to tell. */
static const char *reason_of(const struct zc_cell *cell)
{
	const char *reason = cell->samples ? cell->counts.why_not : cell->why_not;

	return strcmp(reason, "not asked for") != 0 ? reason : "";
}

/* "" : none has this reason; "(splice, copy)" for some; all of them need no word. */
static void name_ways(const struct zc_result *result, const struct zc_cell *ways,
		      const char *reason, char *text, size_t size)
{
	size_t used = 0;
	int count = 0;

	for (int way = 0; way < result->ways; way++)
		count += !strcmp(reason_of(&ways[way]), reason);
	text[0] = '\0';
	for (int way = 0; way < result->ways && count && count < result->ways; way++)
		if (!strcmp(reason_of(&ways[way]), reason) && used < size)
			used +=
			    (size_t)snprintf(text + used, size - used, "%s%s", used ? ", " : " (",
					     zc_words_way(&result->way[way]));
	if (used && used < size)
		snprintf(text + used, size - used, ")");
}

static bool has_reason(const struct zc_result *result, const struct zc_cell *ways,
		       const char *reason)
{
	for (int way = 0; way < result->ways; way++)
		if (!strcmp(reason_of(&ways[way]), reason))
			return true;
	return false;
}

/* Is this the first method that has it? */
static bool is_news(const struct zc_result *result, int route, int method, const char *reason)
{
	for (int i = 0; i < method; i++)
		if (has_reason(result, result->method[i].cell[route], reason))
			return false;
	return true;
}

static void print_reason(const struct zc_table *table, int route, const char *reason)
{
	const struct zc_result *result = table->result;
	char names[1024] = "", ways[200];
	size_t used = 0;

	for (int i = 0; i < result->methods && used < sizeof(names); i++) {
		const struct zc_cell *cells = result->method[i].cell[route];

		if (!has_reason(result, cells, reason))
			continue;
		name_ways(result, cells, reason, ways, sizeof(ways));
		used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s%s",
					 used ? ", " : "", result->method[i].name, ways);
	}
	fputs(" - ", table->out);
	zc_table_text(&(struct zc_table){ result, table->out, table->columns - 3 }, 3, "%s: %s",
		      names, reason);
}

/* Each reason once, with the methods, or the ways of a method, that it keeps from here. */
static void print_missing(const struct zc_table *table, int route)
{
	const struct zc_result *result = table->result;

	for (int i = 0; i < result->methods; i++) {
		const struct zc_cell *ways = result->method[i].cell[route];
		const char *last = "";

		for (int way = 0; way < result->ways; way++) {
			const char *reason = reason_of(&ways[way]);

			if (reason[0] && strcmp(reason, last) != 0 &&
			    is_news(result, route, i, reason))
				print_reason(table, route, reason);
			last = reason[0] ? reason : last;
		}
	}
}

/* ---- around it ------------------------------------------------------------------------------- */

static void print_route(const struct zc_table *table, int route)
{
	const char *words = zc_words_route(route);

	fprintf(table->out, "\n%c%s: time, as a multiple of the plain path's\n", toupper(words[0]),
		words + 1);
	print_times(table, route);
	print_missing(table, route);
	zc_table_costs(table, route);
}

static void print_head(const struct zc_table *table)
{
	const struct zc_result *result = table->result;
	const struct zc_machine *machine = &result->machine;
	char size[ZC_WORD_SIZE], memory[ZC_WORD_SIZE];

	zc_table_text(table, 0, "%s: %s, %s page cache, %d times each, in turns",
		      result->source[0] ? result->source : "a file of random bytes",
		      zc_words_size((double)result->size, size), result->cold ? "cold" : "warm",
		      result->repeats);
	zc_table_text(table, 0, "%ld copies, %s", result->compared,
		      result->copies == result->compared
			  ? "each the same as its source byte by byte and by SHA-256"
			  : "each of which was the same as its source; NOT ALL WERE COMPARED");
	zc_table_text(table, 0, "%s, %s, %d processors, %s, %s", machine->kernel,
		      machine->processor, machine->processors,
		      zc_words_size((double)machine->memory, memory), machine->file_system);
	for (int way = 0; way < result->ways; way++)
		if (result->way[way].note[0])
			zc_table_text(table, 2, "%s: %s", zc_words_way(&result->way[way]),
				      result->way[way].note);
}

static void print_findings(const struct zc_table *table)
{
	char finding[FINDINGS][ZC_FINDING_SIZE];
	int count = zc_findings(table->result, finding, FINDINGS);

	fputs("\nWhat this says\n", table->out);
	for (int i = 0; i < count; i++)
		zc_table_text(table, 2, "- %s", finding[i]);
}

static void print_legend(FILE *out)
{
	fputs("\n= the same as plain, < faster, > slower, ? too noisy here to tell;\n"
	      "plain again: the control. memory: file data that went through it, in and out,\n"
	      "in times the file. switches: to another process. All figures: --json, --html.\n",
	      out);
}

int zc_report_table(const struct zc_result *result, FILE *out, int columns)
{
	struct zc_table table = { result, out,
				  columns < LEAST  ? LEAST
				  : columns > MOST ? MOST
						   : columns };

	errno = 0;
	print_head(&table);
	for (int route = 0; route < ZC_ROUTES; route++)
		if (has_route(result, route))
			print_route(&table, route);
	print_legend(out);
	print_findings(&table);
	if (fflush(out) || ferror(out))
		return errno ? -errno : -EIO;
	return 0;
}
