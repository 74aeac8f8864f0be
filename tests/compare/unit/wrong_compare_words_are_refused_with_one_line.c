// SPDX-License-Identifier: MIT
// A command line of zcfs-compare that means nothing is refused, in one line that repeats what was
// wrong and says what to do. Must not know how options are parsed.
#include "compare_words.h"
#include "unit.h"

#include <errno.h>
#include <string.h>

static const struct {
	const char *words, *repeated, *advice;
} rows[] = {
	{ "", "BACKING: missing", "--help" },
	{ "b", "MOUNTPOINT: missing", "--help" },
	{ "b m c", "c: one argument too many", "" },
	{ "--once cp", "IN: missing", "--once METHOD IN OUT" },
	{ "--once cp i", "OUT: missing", "--once METHOD IN OUT" },
	{ "--self d m", "m: one argument too many", "" },
	{ "--article i o", "o: one argument too many", "" },
	{ "-x b m", "-x: unknown option", "--help" },
	{ "--nonsense b m", "--nonsense: unknown option", "--help" },
	{ "--repeat 5 b m", "--repeat: unknown option", "did you mean --repeats?" },
	{ "--qick b m", "--qick: unknown option", "did you mean --quick?" },
	{ "--planes=copy --self d", "--planes: unknown option", "did you mean --plane?" },
	{ "--html", "--html: its value is missing", "" },
	{ "--html= b m", "--html ", "give a path" },
	{ "--self= b m", "--self ", "give a path" },
	{ "--file= b m", "--file ", "give a path" },
	{ "--json= b m", "--json ", "--json alone" },
	{ "--quick=yes b m", "--quick=yes: takes no value", "" },
	{ "--size 0 b m", "--size 0: ", "1 to 1T" },
	{ "--size -1 b m", "--size -1: ", "1 to 1T" },
	{ "--size 2T b m", "--size 2T: ", "1 to 1T" },
	{ "--size 99999999999999999999 b m", "--size 99999999999999999999: ", "1 to 1T" },
	{ "--size 18446744073709551615T b m", "--size 18446744073709551615T: ", "1 to 1T" },
	{ "--size 5X b m", "--size 5X: ", "1 to 1T" },
	{ "--size 5KB b m", "--size 5KB: ", "1 to 1T" },
	{ "--size M b m", "--size M: ", "1 to 1T" },
	{ "--size 1.5G b m", "--size 1.5G: ", "1 to 1T" },
	{ "--repeats 2 b m", "--repeats 2: ", "from 3 to 99" },
	{ "--repeats 100 b m", "--repeats 100: ", "from 3 to 99" },
	{ "--repeats 5x b m", "--repeats 5x: ", "from 3 to 99" },
	{ "--repeats= b m", "--repeats : ", "from 3 to 99" },
	{ "--methods sendfiel b m", "--methods sendfiel: ", "did you mean sendfile?" },
	{ "--methods cp,,cat b m", "--methods : ", "--list" },
	{ "--methods cp, b m", "--methods : ", "--list" },
	{ "--routes file-to-udp b m", "--routes file-to-udp: ", "did you mean file-to-tcp?" },
	{ "--plane slice --self d", "--plane slice: ", "did you mean splice?" },
	{ "--plane zzz --self d", "--plane zzz: ", "--list" },
	{ "--once teleport i o", "--once teleport: ", "--list" },
	{ "--plane copy b m", "--plane: means nothing", "--self DIR" },
	{ "--zcfs z b m", "--zcfs: means nothing", "--self DIR" },
	{ "--article i --quick", "--quick: means nothing with --article", "leave it away" },
	{ "--once cp i o --html h", "--html: means nothing with --once", "leave it away" },
	{ "--self d --article i", "--article: behind --self", "one of them" },
	{ "--once cp --once cat i o", "--once: behind --once", "one of them" },
	{ "--size 5 --file f b m", "--size: together with --file", "one of them" },
};

static void every_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct zc_failure failure = { 0 };
		struct zc_command command;
		char said[sizeof(failure)];
		int err = compare_words(&command, rows[i].words, &failure);

		snprintf(said, sizeof(said), "%s: %s", failure.object, failure.what);
		if (err != -EINVAL || failure.code != ZC_EXIT_USAGE || failure.err != EINVAL)
			fail_msg("zcfs-compare %s: %d: %s", rows[i].words, err, said);
		if (strncmp(said, rows[i].repeated, strlen(rows[i].repeated)) != 0 ||
		    !strstr(failure.advice, rows[i].advice) || !*failure.advice)
			fail_msg("zcfs-compare %s: %s: %s", rows[i].words, said, failure.advice);
	}
}

static void one_file_too_many(void **state)
{
	struct zc_failure failure = { 0 };
	struct zc_command command;
	char words[1024] = "b m";

	(void)state;
	for (int i = 0; i < ZC_MAX_FILES; i++)
		strcat(words, " --file f");
	assert_int_equal(compare_words(&command, words, &failure), 0);
	assert_int_equal(command.files, ZC_MAX_FILES);
	strcat(words, " --file g");
	assert_int_equal(compare_words(&command, words, &failure), -EINVAL);
	assert_string_equal(failure.object, "--file g");
}

static void empty_words(void **state)
{
	char name[] = "zcfs-compare", empty[] = "", dir[] = "m";
	char *argv[] = { name, empty, dir, NULL };
	struct zc_failure failure = { 0 };
	struct zc_command command;

	(void)state;
	assert_int_equal(zc_command_parse(&command, 3, argv, &failure), -EINVAL);
	assert_string_equal(failure.what, "empty name");
	assert_int_equal(zc_command_parse(&command, 0, argv, &failure), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row),
		cmocka_unit_test(one_file_too_many),
		cmocka_unit_test(empty_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
