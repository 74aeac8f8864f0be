// SPDX-License-Identifier: MIT
// A comma with a backslash in front belongs to the value, a backslash to nothing, as mount(8) has it.
// Must not know how options are parsed.
#include "unit.h"

#include <string.h>

#include "command_line.h"

static struct zc_options o;

static void parse(const char *words)
{
	command_line_accepted(&o, words);
}

static void own_values_are_unescaped(void **state)
{
	(void)state;
	parse("-o stats=/a\\,b,nohandles b m");
	assert_string_equal(o.stats_file, "/a,b");
	assert_true(o.no_handles);
	parse("-o stats=/a\\\\b b m");
	assert_string_equal(o.stats_file, "/a\\b");
}

/* libfuse parses again what it is given. */
static void values_for_libfuse_stay_escaped(void **state)
{
	(void)state;
	parse("-o fsname=a\\,b,ro b m");
	assert_true(o.fsname_given && o.readonly);
	assert_string_equal(command_line_rest(&o), "-o fsname=a\\,b,ro");
}

static void plain_comma_ends_the_value(void **state)
{
	(void)state;
	parse("-o stats=/a,nohandles b m");
	assert_string_equal(o.stats_file, "/a");
	assert_true(o.no_handles);
}

#define TEST(name) COMMAND_LINE_TEST(name, o)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(own_values_are_unescaped),
		TEST(values_for_libfuse_stay_escaped),
		TEST(plain_comma_ends_the_value),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
