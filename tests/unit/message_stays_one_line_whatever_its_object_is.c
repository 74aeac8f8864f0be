// SPDX-License-Identifier: MIT
// The object of a message is often a path, and a path is up to 4095 bytes of anything but zero.
// Must not know what messages say.
#include "unit.h"

#include <string.h>
#include <unistd.h>

#include "zcfs/log.h"

/* Whoever makes a directory with a line end in its name must not be able to write log lines. */
static void line_end_in_a_name_makes_no_line(void **state)
{
	const char *text;

	(void)state;
	unit_catch_begin(STDERR_FILENO);
	zc_log(ZC_LOG_ERR, "%s: no such directory (ENOENT): create it",
	       "/tmp/x\nzcfs: /: all is well");
	text = unit_catch_end();
	assert_int_equal(unit_lines(text), 1);
	assert_int_equal(strncmp(text, "zcfs: /tmp/x", 12), 0);
	assert_non_null(strstr(text, "(ENOENT): create it\n"));
}

static void long_name_does_not_hide_what_failed(void **state)
{
	static char path[4096];
	const char *text;

	(void)state;
	memset(path, 'x', sizeof(path) - 1);
	unit_catch_begin(STDERR_FILENO);
	zc_log(ZC_LOG_ERR, "%s: no such directory (ENOENT): create it", path);
	text = unit_catch_end();
	assert_int_equal(unit_lines(text), 1);
	assert_non_null(strstr(text, ": no such directory (ENOENT): create it\n"));
	assert_true(strlen(text) < 2100); /* nor fill a log */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(line_end_in_a_name_makes_no_line),
		cmocka_unit_test(long_name_does_not_hide_what_failed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
