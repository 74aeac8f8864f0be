// SPDX-License-Identifier: MIT
// Parent and name of a nodeid are given back as noted, until they are cleared.
// Must not know fds.
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static struct zc_names names;

static int open_names(void **state)
{
	(void)state;
	zc_names_init(&names);
	return 0;
}

static int close_names(void **state)
{
	(void)state;
	zc_names_fini(&names);
	return 0;
}

static void note(uint64_t nodeid, uint64_t parent, const char *name)
{
	uint64_t old = 99;

	assert_int_equal(zc_names_set(&names, nodeid, parent, name, &old), 0);
	assert_int_equal(old, 0);
}

static void nothing_is_noted_at_first(void **state)
{
	char name[256] = "left alone";
	uint64_t parent = 99;

	(void)state;
	assert_int_equal(zc_names_get(&names, 5, &parent, name), -ESTALE);
	assert_int_equal(zc_names_clear(&names, 5), 0);
	note(7, 1, "seven"); /* now there is a list, but 5 is not in it */
	assert_int_equal(zc_names_get(&names, 5, &parent, name), -ESTALE);
	assert_int_equal(zc_names_get(&names, 1u << 25, &parent, name), -ESTALE);
	assert_int_equal(zc_names_clear(&names, 1u << 25), 0);
	assert_int_equal(parent, 99);
	assert_string_equal(name, "left alone");
}

static void each_has_its_own(void **state)
{
	char name[32];

	(void)state;
	for (uint64_t n = 5000; n > 1; n--) { /* from above: the list grows at the first one */
		snprintf(name, sizeof(name), "name %d", (int)n);
		note(n, n / 2, name);
	}
	note(100000, 3, "far up"); /* and again */
	for (uint64_t n = 2; n <= 5000; n++) {
		snprintf(name, sizeof(name), "name %d", (int)n);
		unit_assert_noted(&names, n, n / 2, name);
	}
	unit_assert_noted(&names, 100000, 3, "far up");
}

static void cleared_is_gone_and_gives_its_parent(void **state)
{
	char name[256];
	uint64_t parent;

	(void)state;
	note(9, 4, "a");
	note(10, 4, "b");
	assert_int_equal(zc_names_clear(&names, 9), 4);
	assert_int_equal(zc_names_get(&names, 9, &parent, name), -ESTALE);
	assert_int_equal(zc_names_clear(&names, 9), 0);
	unit_assert_noted(&names, 10, 4, "b");
}

static void longest_name_fits(void **state)
{
	char name[256];

	(void)state;
	memset(name, 'x', 255);
	name[0] = (char)0xff; /* a name is bytes */
	name[254] = '\n';
	name[255] = '\0';
	note(2, 1, name);
	unit_assert_noted(&names, 2, 1, name);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_names, close_names)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing_is_noted_at_first),
		TEST(each_has_its_own),
		TEST(cleared_is_gone_and_gives_its_parent),
		TEST(longest_name_fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
