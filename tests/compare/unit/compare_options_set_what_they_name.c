// SPDX-License-Identifier: MIT
// Every option of zcfs-compare sets its field, and what is not given has its default.
// Must not know how options are parsed.
#include "compare_words.h"
#include "unit.h"

#include <string.h>

#include "catalogue.h"

#define ALL_METHODS ((1ull << zc_method_count) - 1)

static unsigned long long bit_of(const char *method)
{
	int n = 0;

	while (zc_catalogue_method(n) && strcmp(zc_catalogue_method(n), method) != 0)
		n++;
	assert_non_null(zc_catalogue_method(n));
	return 1ull << n;
}

static void defaults(void **state)
{
	struct zc_command command = compare_accepted("b m");

	(void)state;
	assert_int_equal(command.mode, ZC_MODE_MOUNT);
	assert_string_equal(command.backing, "b");
	assert_string_equal(command.mountpoint, "m");
	assert_int_equal(command.size, 256 << 20);
	assert_int_equal(command.repeats, 9);
	assert_int_equal(command.files, 0);
	assert_int_equal(command.methods, ALL_METHODS);
	assert_int_equal(command.routes, (1u << ZC_ROUTES) - 1);
	assert_int_equal(command.planes, 15);
	assert_false(command.planes_given || command.quick || command.cold || command.verbose);
	assert_false(command.json);
	assert_null(command.html_file);
	assert_null(command.zcfs);
}

static void modes(void **state)
{
	struct zc_command command = compare_accepted("--self d");

	(void)state;
	assert_int_equal(command.mode, ZC_MODE_SELF);
	assert_string_equal(command.backing, "d");
	command = compare_accepted("--article in");
	assert_int_equal(command.mode, ZC_MODE_ARTICLE);
	assert_string_equal(command.in, "in");
	command = compare_accepted("in --once sendfile out");
	assert_int_equal(command.mode, ZC_MODE_ONCE);
	assert_string_equal(command.in, "in");
	assert_string_equal(command.out, "out");
	assert_string_equal(command.once->name, "sendfile");
	assert_int_equal(compare_accepted("--list").mode, ZC_MODE_LIST);
	assert_int_equal(compare_accepted("--help").mode, ZC_MODE_HELP);
	assert_int_equal(compare_accepted("-h").mode, ZC_MODE_HELP);
	assert_int_equal(compare_accepted("--version").mode, ZC_MODE_VERSION);
	assert_int_equal(compare_accepted("-V").mode, ZC_MODE_VERSION);
}

static void help_wins(void **state)
{
	(void)state;
	assert_int_equal(compare_accepted("--help --self d").mode, ZC_MODE_HELP);
	assert_int_equal(compare_accepted("--article in --quick --help b").mode, ZC_MODE_HELP);
	assert_int_equal(compare_accepted("--self d --version").mode, ZC_MODE_VERSION);
}

static void quick(void **state)
{
	struct zc_command command = compare_accepted("--quick b m");

	(void)state;
	assert_true(command.quick);
	assert_int_equal(command.size, 16 << 20);
	assert_int_equal(command.repeats, 3);
	command = compare_accepted("--size 5 --quick --repeats 7 b m");
	assert_int_equal(command.size, 5);
	assert_int_equal(command.repeats, 7);
}

static void sizes(void **state)
{
	static const struct {
		const char *words;
		uint64_t size;
	} rows[] = {
		{ "--size 1 b m", 1 },
		{ "--size=4096 b m", 4096 },
		{ "--size 3K b m", 3 << 10 },
		{ "--size 3k b m", 3 << 10 },
		{ "--size 100M b m", 100 << 20 },
		{ "--size 5G b m", 5ull << 30 },
		{ "--size 1024g b m", 1ull << 40 },
		{ "--size 1T b m", 1ull << 40 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (compare_accepted(rows[i].words).size != rows[i].size)
			fail_msg("%s", rows[i].words);
	}
}

static void files(void **state)
{
	struct zc_command command = compare_accepted("--file x b --file=y=z m --file -w");

	(void)state;
	assert_int_equal(command.files, 3);
	assert_string_equal(command.file[0], "x");
	assert_string_equal(command.file[1], "y=z");
	assert_string_equal(command.file[2], "-w");
	assert_int_equal(command.size, 0);
}

static void flags_and_paths(void **state)
{
	struct zc_command command =
	    compare_accepted("--cold --verbose --repeats 99 --html h --zcfs z --self d");

	(void)state;
	assert_true(command.cold && command.verbose);
	assert_int_equal(command.repeats, 99);
	assert_string_equal(command.html_file, "h");
	assert_string_equal(command.zcfs, "z");
	command = compare_accepted("--json b m");
	assert_true(command.json);
	assert_null(command.json_file);
	assert_string_equal(command.mountpoint, "m");
	command = compare_accepted("--json=j b m");
	assert_true(command.json);
	assert_string_equal(command.json_file, "j");
}

static void lists(void **state)
{
	struct zc_command command = compare_accepted(
	    "--methods sendfile,read+write-64k,cp --routes file-to-tcp,socket --plane splice,COPY "
	    "--self d");

	(void)state;
	assert_int_equal(command.methods,
			 bit_of("sendfile") | bit_of("read+write, 64 KiB") | bit_of("cp"));
	assert_int_equal(command.routes, 1u << ZC_FILE_TO_TCP | 1u << ZC_SOCKET_TO_FILE);
	assert_int_equal(command.planes, 6);
	assert_true(command.planes_given);
	command = compare_accepted("--methods read+write b m");
	assert_int_equal(command.methods, 15);
}

static void once_takes_the_first_that_fits(void **state)
{
	(void)state;
	assert_string_equal(compare_accepted("--once read+write i o").once->name,
			    "read+write, whole file");
	assert_string_equal(compare_accepted("--once READ+WRITE,_4_KiB i o").once->name,
			    "read+write, 4 KiB");
	assert_string_equal(compare_accepted("--once cp i o").once->name, "cp");
}

static void two_dashes_end_the_options(void **state)
{
	struct zc_command command = compare_accepted("--cold -- --help -m");

	(void)state;
	assert_string_equal(command.backing, "--help");
	assert_string_equal(command.mountpoint, "-m");
	assert_string_equal(compare_accepted("- m").backing, "-");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults),
		cmocka_unit_test(modes),
		cmocka_unit_test(help_wins),
		cmocka_unit_test(quick),
		cmocka_unit_test(sizes),
		cmocka_unit_test(files),
		cmocka_unit_test(flags_and_paths),
		cmocka_unit_test(lists),
		cmocka_unit_test(once_takes_the_first_that_fits),
		cmocka_unit_test(two_dashes_end_the_options),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
