// SPDX-License-Identifier: MIT
// --help has a line for every row of the table and every exit code, and fits a page.
// Knows the table itself: it is compiled in here, because nobody else needs to see it.
#include "../../../src/compare/command.c"

#include "unit.h"

#include <unistd.h>

static const char *help_text(void)
{
	unit_catch_begin(STDOUT_FILENO);
	zc_command_print_help(stdout);
	return unit_catch_end();
}

static void every_row_has_its_line(void **state)
{
	const char *text = help_text();

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char start[64];

		snprintf(start, sizeof(start), "\n  %s%s%s ", rows[i].name,
			 *rows[i].value && *rows[i].value != '[' ? " " : "", rows[i].value);
		if (!rows[i].help != !strstr(text, start))
			fail_msg("%s", rows[i].name);
		if (rows[i].help && !strstr(text, rows[i].help))
			fail_msg("%s: not followed by its text", rows[i].name);
	}
}

/* Where there is no text of its own, the next row does the same. */
static void rows_without_text_are_synonyms(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		if (!rows[i].help)
			assert_true(i + 1 < COUNT(rows) && rows[i].set == rows[i + 1].set &&
				    rows[i].mode == rows[i + 1].mode);
	}
}

static void every_exit_code_is_told(void **state)
{
	const char *text = strstr(help_text(), "\nExit codes:\n");

	(void)state;
	assert_non_null(text);
	for (int code = 0; code < 256; code++) {
		char start[16];

		snprintf(start, sizeof(start), "\n  %3d  ", code);
		assert_int_equal(!zc_exit_meaning(code), !strstr(text, start));
	}
}

static void lines_fit_a_terminal(void **state)
{
	const char *text = help_text();

	(void)state;
	assert_int_equal(strncmp(text, "Usage: zcfs-compare ", 20), 0);
	for (size_t size; *text; text += size + 1) {
		size = strcspn(text, "\n");
		if (size > 100)
			fail_msg("%.*s", (int)size, text);
	}
}

static void version_is_one_line(void **state)
{
	(void)state;
	unit_catch_begin(STDOUT_FILENO);
	zc_command_print_version(stdout);
	assert_string_equal(unit_catch_end(), "zcfs-compare " ZCFS_VERSION "\n");
}

static void list_names_all(void **state)
{
	const char *text;

	(void)state;
	unit_catch_begin(STDOUT_FILENO);
	zc_catalogue_print(stdout);
	text = unit_catch_end();
	for (int n = 0; zc_catalogue_method(n); n++)
		assert_non_null(strstr(text, zc_catalogue_method(n)));
	for (int n = 0; zc_catalogue_route(n); n++)
		assert_non_null(strstr(text, zc_catalogue_route(n)));
	for (int n = 0; zc_catalogue_plane(n); n++)
		assert_non_null(strstr(text, zc_catalogue_plane(n)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_has_its_line),
		cmocka_unit_test(rows_without_text_are_synonyms),
		cmocka_unit_test(every_exit_code_is_told),
		cmocka_unit_test(lines_fit_a_terminal),
		cmocka_unit_test(version_is_one_line),
		cmocka_unit_test(list_names_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
