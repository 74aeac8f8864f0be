// SPDX-License-Identifier: MIT
// What a command line without options means.
// Must not know how options are parsed.
#include "unit.h"

#include "zcfs/options.h"

static char *args[] = { (char[]){ "zcfs" }, (char[]){ "back" }, (char[]){ "mnt" }, NULL };

static void two_paths_and_nothing_else(void **state)
{
	struct zc_options o;

	(void)state;
	assert_int_equal(zc_options_parse(&o, 3, args), 0);
	assert_string_equal(o.backing, "back");
	assert_string_equal(o.mountpoint, "mnt");
	assert_false(o.foreground || o.debug || o.help || o.version);
	assert_false(o.nonempty || o.no_handles || o.fsname_given || o.readonly);
	assert_false(o.auto_unmount);
	assert_int_equal(o.plane, ZC_WISH_AUTO);
	assert_true(o.timeouts.entry == 1.0 && o.timeouts.attr == 1.0 &&
		    o.timeouts.negative == 1.0);
	assert_null(o.stats_file);
	assert_int_equal(o.threads, 10);
	assert_int_equal(o.session_args.argc, 1); /* libfuse is told nothing */
	zc_options_fini(&o);
}

/* What was parsed is a copy: the arguments may go. */
static void paths_are_copies(void **state)
{
	struct zc_options o;

	(void)state;
	assert_int_equal(zc_options_parse(&o, 3, args), 0);
	assert_ptr_not_equal(o.backing, args[1]);
	assert_ptr_not_equal(o.mountpoint, args[2]);
	zc_options_fini(&o);
	assert_null(o.backing);
	zc_options_fini(&o); /* legal for one that is gone */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_paths_and_nothing_else),
		cmocka_unit_test(paths_are_copies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
