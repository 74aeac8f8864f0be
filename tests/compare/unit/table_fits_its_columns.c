// SPDX-License-Identifier: MIT
// The table on a terminal: no line longer than it, whatever is in the result; nothing that was
// measured or left out is passed over; no name moves the cursor. Must not know how the table is laid out.
#include "made_up.h"
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "utf8.h"

static char *shown;

static void show(const struct zc_result *result, int columns)
{
	size_t size;
	FILE *out;

	free(shown);
	shown = NULL;
	out = open_memstream(&shown, &size);
	assert_non_null(out);
	assert_int_equal(zc_report_table(result, out, columns), 0);
	fclose(out);
}

/* Every byte is text; returns the columns of the longest line. */
static int widest(void)
{
	int columns = 0, most = 0;

	for (const char *at = shown; *at; at += zc_utf8_length(at)) {
		if (!zc_utf8_length(at) || (*at != '\n' && zc_utf8_is_control(at)))
			fail_msg("no text: %.20s", at);
		columns = *at == '\n' ? 0 : columns + 1;
		most = columns > most ? columns : most;
	}
	return most;
}

static int times_said(const char *part)
{
	int count = 0;

	for (const char *at = shown; (at = strstr(at, part)); at++)
		count++;
	return count;
}

/* The line that begins with this, nth from 0. */
static const char *line_of(const char *begin, int nth)
{
	static char line[512];
	const char *at = shown;

	while (at && (strncmp(at, begin, strlen(begin)) != 0 || nth--)) {
		at = strchr(at, '\n');
		at = at ? at + 1 : NULL;
	}
	if (!at)
		fail_msg("no line %s in\n%s", begin, shown);
	snprintf(line, sizeof(line), "%.*s", at ? (int)strcspn(at, "\n") : 0, at ? at : "");
	return line;
}

static void end(struct zc_result *result)
{
	zc_result_fini(result);
	free(result);
	free(shown);
	shown = NULL;
}

static void fits_as_it_is_measured(void **state)
{
	struct zc_result *result = made_up();

	(void)state;
	for (int columns = 0; columns <= 200; columns += 20) {
		show(result, columns);
		assert_true(widest() <= (columns < 80 ? 80 : columns));
	}
	show(result, 80);
	assert_non_null(strstr(shown, "/srv/data/<b>R&D \"plan\"??.iso: 16 MiB"));
	assert_non_null(strstr(shown, "plain again passthrough      splice        copy\n"));
	end(result);
}

/* Long names, all ways that there can be, numbers of a large disk. */
static void stretch(struct zc_result *result)
{
	memset(result->source, 'x', sizeof(result->source) - 1);
	memcpy(result->source, "/srv/\xc3\xa4\xff\x1b[2J\xc2\x9b", 12);
	result->size = 1ull << 50;
	result->ways = ZC_MAX_WAYS;
	for (int way = 0; way < ZC_MAX_WAYS; way++) {
		struct zc_way_result *to = &result->way[way];

		if (way > 4)
			snprintf(to->name, sizeof(to->name), "a very very long one %d", way);
		memset(to->note, way % 2 ? 'n' : ' ', sizeof(to->note) - 1);
		to->daemon = true;
	}
	memset(result->method[0].name, 'm', sizeof(result->method[0].name) - 1);
	for (int way = 0; way < ZC_MAX_WAYS; way++) {
		struct zc_cell *cell = &result->method[4].cell[0][way];

		*cell = result->method[4].cell[0][4];
		for (int i = 0; i < cell->samples; i++) {
			cell->sample[i].wall = way == 2 ? 123456 : 3e7;
			cell->sample[i].copier_system = cell->sample[i].daemon_cpu = 123456;
			cell->sample[i].copier_voluntary = cell->sample[i].daemon_voluntary =
			    1234567890;
		}
		cell->counts.system_calls = 1234567890;
		cell->counts.request[0].count = 12345678901;
	}
	memset(result->method[5].cell[0][3].counts.why_not, 'w', 159);
}

static void fits_whatever_there_is(void **state)
{
	struct zc_result *result = made_up();

	(void)state;
	stretch(result);
	for (int ways = 1; ways <= ZC_MAX_WAYS; ways++) {
		result->ways = ways;
		show(result, 80);
		if (widest() > 80)
			fail_msg("%d ways: %d columns in\n%s", ways, widest(), shown);
	}
	assert_null(strchr(shown, '\x1b'));
	end(result);
}

static void mark_is_the_verdict(void **state)
{
	struct zc_result *result = made_up();
	struct zc_cell *ways = result->method[0].cell[ZC_FILE_TO_FILE];

	(void)state;
	for (int way = 0; way < 5; way++)
		made_up_walls(&ways[way], 3,
			      way == 2	 ? (double[]){ 0.5, 0.5, 0.5 }
			      : way == 3 ? (double[]){ 1, 1.01, 1.01 }
			      : way == 4 ? (double[]){ 2, 2, 2 }
					 : (double[]){ 1, 1, 1 });
	show(result, 80);
	assert_string_equal(
	    line_of(" read+write, whole file", 0),
	    " read+write, whole file  1000.0       1.00        0.50<       1.01=       2.00>");
	made_up_walls(&ways[1], 3, (double[]){ 0.5, 1, 1.5 });
	made_up_walls(&ways[2], 3, (double[]){ 0.9, 0.9, 0.9 });
	made_up_walls(&ways[3], 2, (double[]){ 1, 1 });
	ways[4].samples = 0;
	show(result, 80);
	assert_string_equal(
	    line_of(" read+write, whole file", 0),
	    " read+write, whole file  1000.0       1.00        0.90?       1.00?          - ");
	end(result);
}

static void what_is_missing_has_its_reason_once(void **state)
{
	struct zc_result *result = made_up();

	(void)state;
	for (int way = 3; way < 5; way++) {
		struct zc_cell *cell = &result->method[8].cell[ZC_FILE_TO_FILE][way];

		*cell = (struct zc_cell){ .why_not = "no O_DIRECT on this mount" };
	}
	for (int i = 0; i < 2; i++)
		snprintf(result->method[i].cell[ZC_FILE_TO_TCP][0].counts.why_not, 160, "%s",
			 "not permitted to trace");
	for (int way = 0; way < 5; way++)
		for (int i = 10; i < 12; i++)
			result->method[i].cell[ZC_FILE_TO_FILE][way] =
			    (struct zc_cell){ .why_not = "not asked for" };
	show(result, 80);
	assert_int_equal(times_said(" - O_DIRECT (splice, copy): no O_DIRECT on this mount\n"), 1);
	assert_int_equal(times_said(" - read+write, whole file (plain), read+write, 4 KiB (plain): "
				    "not permitted to\n   trace\n"),
			 1);
	assert_int_equal(times_said("cp copies files only\n"), 3);
	assert_int_equal(times_said("not asked for"), 0);
	end(result);
}

static void every_method_has_its_line_on_every_route(void **state)
{
	struct zc_result *result = made_up();

	(void)state;
	show(result, 80);
	for (int i = 0; i < result->methods; i++) {
		char begin[64];
		int routes = 0;

		for (int route = 0; route < ZC_ROUTES; route++)
			routes += result->method[i].cell[route][0].made;
		snprintf(begin, sizeof(begin), "\n %-22s ", result->method[i].name);
		assert_int_equal(times_said(begin), routes);
	}
	end(result);
}

static void interrupted_at_once_is_a_table_too(void **state)
{
	struct zc_result *result = made_up();

	(void)state;
	result->methods = 0;
	result->interrupted = true;
	result->compared = 0;
	show(result, 80);
	assert_non_null(strstr(shown, "NOT ALL WERE COMPARED"));
	assert_non_null(strstr(shown, "interrupted"));
	end(result);
}

static void full_disk_is_told(void **state)
{
	struct zc_result *result = made_up();
	FILE *out = fopen("/dev/full", "we");

	(void)state;
	assert_non_null(out);
	assert_int_equal(zc_report_table(result, out, 80), -ENOSPC);
	fclose(out);
	end(result);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fits_as_it_is_measured),
		cmocka_unit_test(fits_whatever_there_is),
		cmocka_unit_test(mark_is_the_verdict),
		cmocka_unit_test(what_is_missing_has_its_reason_once),
		cmocka_unit_test(every_method_has_its_line_on_every_route),
		cmocka_unit_test(interrupted_at_once_is_a_table_too),
		cmocka_unit_test(full_disk_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
