// SPDX-License-Identifier: MIT
// A failure is printed as one line of the form that all messages have, whatever its object is called.
// Must not know what failed.
#include "unit.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "failure.h"

static const char *printed(const struct zc_failure *failure, int code)
{
	unit_catch_begin(STDERR_FILENO);
	assert_int_equal(zc_failure_print(failure, stderr), code);
	return unit_catch_end();
}

static void has_the_form(void **state)
{
	struct zc_failure failure;

	(void)state;
	zc_failure_set(&failure, ZC_EXIT_NO_SPACE, -ENOSPC, "/a/out", "cannot be written",
		       "free %d MiB", 5);
	assert_string_equal(printed(&failure, 6),
			    "zcfs-compare: /a/out: cannot be written (ENOSPC): free 5 MiB\n");
}

static void unknown_errno_has_its_number(void **state)
{
	struct zc_failure failure;

	(void)state;
	zc_failure_of(&failure, ZC_STEP_READ, "f", -4000);
	assert_non_null(strstr(printed(&failure, 10), "f: cannot be read (error 4000): "));
}

static void names_give_no_commands(void **state)
{
	struct zc_failure failure;

	(void)state;
	zc_failure_of(&failure, ZC_STEP_OPEN, "a\nb\033[2J\177%s", -ENOENT);
	assert_non_null(strstr(printed(&failure, 3), ": a?b?[2J?%s: cannot be opened (ENOENT): "));
}

static void long_names_are_cut(void **state)
{
	static char name[3 * PATH_MAX];
	struct zc_failure failure;
	const char *text;

	(void)state;
	memset(name, 'x', sizeof(name) - 1);
	zc_failure_of(&failure, ZC_STEP_OPEN, name, -ENAMETOOLONG);
	text = printed(&failure, 3);
	assert_int_equal(unit_lines(text), 1);
	assert_non_null(strstr(text, "x: cannot be opened (ENAMETOOLONG): give a shorter path\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(has_the_form),
		cmocka_unit_test(unknown_errno_has_its_number),
		cmocka_unit_test(names_give_no_commands),
		cmocka_unit_test(long_names_are_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
