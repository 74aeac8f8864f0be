// SPDX-License-Identifier: MIT
// Noting again gives the parent of before, whose pin the caller takes back; failing changes nothing.
// Knows that names come from strdup(3) and realloc(3), which it replaces (meson.build wraps them).
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool no_copy, no_room;

char *__real_strdup(const char *s);
char *__wrap_strdup(const char *s);
void *__real_realloc(void *p, size_t size);
void *__wrap_realloc(void *p, size_t size);

char *__wrap_strdup(const char *s)
{
	return no_copy ? NULL : __real_strdup(s);
}

void *__wrap_realloc(void *p, size_t size)
{
	return no_room ? NULL : __real_realloc(p, size);
}

static struct zc_names names;

static int open_names(void **state)
{
	uint64_t old;

	(void)state;
	zc_names_init(&names);
	return zc_names_set(&names, 5, 2, "first", &old);
}

static int close_names(void **state)
{
	(void)state;
	zc_names_fini(&names);
	return 0;
}

static void old_parent_is_told(void **state)
{
	uint64_t old = 99;

	(void)state;
	assert_int_equal(zc_names_set(&names, 5, 3, "second", &old), 0);
	assert_int_equal(old, 2);
	unit_assert_noted(&names, 5, 3, "second");
	assert_int_equal(zc_names_set(&names, 5, 3, "third", &old), 0);
	assert_int_equal(old, 3); /* the same one: it was pinned twice */
	unit_assert_noted(&names, 5, 3, "third");
	assert_int_equal(zc_names_clear(&names, 5), 3);
}

static void without_memory_the_old_name_stays(void **state)
{
	uint64_t old = 99;

	(void)state;
	no_copy = true;
	assert_int_equal(zc_names_set(&names, 5, 3, "second", &old), -ENOMEM);
	no_copy = false;
	assert_int_equal(old, 99);
	unit_assert_noted(&names, 5, 2, "first");

	no_room = true;
	assert_int_equal(zc_names_set(&names, 100000, 3, "far up", &old), -ENOMEM);
	no_room = false;
	assert_int_equal(old, 99);
	unit_assert_noted(&names, 5, 2, "first");
	assert_int_equal(zc_names_clear(&names, 100000), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_names, close_names)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(old_parent_is_told),
		TEST(without_memory_the_old_name_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
