// SPDX-License-Identifier: MIT
// --help has a line for every row of the table, and every row parses.
// Knows the table itself: it is compiled in here, because nobody else needs to see it.
#include "../../src/options.c"

#include "command_line.h"
#include "unit.h"

/* The line that begins with two spaces and `option`, or NULL. */
static const char *line_of(const char *text, const char *option)
{
	size_t size = strlen(option);

	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, "  ", 2) == 0 && strncmp(line + 2, option, size) == 0 &&
		    line[2 + size] == ' ')
			return line;
	}
	return NULL;
}

static void every_row_has_its_line(void **state)
{
	const char *text;
	char option[128];

	(void)state;
	unit_catch_begin(STDOUT_FILENO);
	zc_options_print_help();
	text = unit_catch_end();
	for (size_t i = 0; i < ROW_COUNT; i++) {
		const struct row *row = row_number(i);
		const char *line;

		snprintf(option, sizeof(option), "%s%s%s", *row->name == '-' ? "" : "-o ",
			 row->name, row->value);
		line = line_of(text, option);
		/* Rows without a help text are opposites and synonyms of others. */
		if (!row->help != !line)
			fail_msg("%s: %s", option, line ? "shown without a text" : "not shown");
		if (line && strncmp(line + 31, row->help, strlen(row->help)) != 0)
			fail_msg("%s: not followed by its text: %.80s", option, line);
	}
}

/* Only a synonym of a row that is shown. libfuse's own rows are shown by a choice. */
static void own_options_are_all_shown(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(command_rows) + COUNT(zcfs_rows); i++) {
		const struct row *row = row_number(i);
		bool shown = row->help;

		for (size_t k = 0; k < ROW_COUNT && !shown; k++)
			shown = row_number(k)->help && row_number(k)->set == row->set &&
				row_number(k)->offset == row->offset;
		if (!shown)
			fail_msg("%s: has no text", row->name);
	}
}

static void lines_fit_a_terminal(void **state)
{
	const char *text;

	(void)state;
	unit_catch_begin(STDOUT_FILENO);
	zc_options_print_help();
	text = unit_catch_end();
	assert_int_equal(strncmp(text, "Usage: zcfs ", 12), 0);
	for (size_t size; *text; text += size + 1) {
		size = strcspn(text, "\n");
		assert_true(size <= 120);
	}
}

static void every_exit_code_is_told(void **state)
{
	const char *text;
	char code[8];

	(void)state;
	unit_catch_begin(STDOUT_FILENO);
	zc_options_print_help();
	text = strstr(unit_catch_end(), "Exit codes:");
	assert_non_null(text);
	for (int i = 0; i <= 12; i++) {
		snprintf(code, sizeof(code), " %d ", i);
		if (i != 1 && !strstr(text, code))
			fail_msg("exit code %d is not told", i);
	}
}

/* A value that the option takes. */
static const char *sample_for(const struct row *row)
{
	if (row->set == set_plane || row->set == set_transport)
		return "auto";
	if (row->set == set_map)
		return "0:0:1";
	if (row->set == set_coherence)
		return "events";
	if (row->set == set_squash)
		return "1:2";
	return *row->value ? "2" : "";
}

static void every_row_parses(void **state)
{
	char words[128];

	(void)state;
	for (size_t i = 0; i < ROW_COUNT; i++) {
		const struct row *row = row_number(i);
		struct zc_options options;
		const char *said;

		snprintf(words, sizeof(words), "%s%s%s b m", *row->name == '-' ? "" : "-o ",
			 row->name, sample_for(row));
		if (command_line(&options, words, &said) != 0)
			fail_msg("zcfs %s: %s", words, said);
		zc_options_fini(&options);
	}
}

static void version_names_both(void **state)
{
	const char *text;

	(void)state;
	unit_catch_begin(STDOUT_FILENO);
	zc_options_print_version();
	text = unit_catch_end();
	assert_int_equal(unit_lines(text), 2);
	assert_int_equal(strncmp(text, "zcfs " ZCFS_VERSION "\n", strlen(ZCFS_VERSION) + 6), 0);
	assert_non_null(strstr(text, "\nlibfuse 3."));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_has_its_line),
		cmocka_unit_test(own_options_are_all_shown),
		cmocka_unit_test(lines_fit_a_terminal),
		cmocka_unit_test(every_exit_code_is_told),
		cmocka_unit_test(every_row_parses),
		cmocka_unit_test(version_names_both),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
