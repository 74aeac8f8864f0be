// SPDX-License-Identifier: MIT
// Names are found by their beginning, without blanks, commas and dashes; the nearest is offered.
// Must not know what the names are for.
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "spelling.h"

static const char *name(int n)
{
	static const char *const names[] = { "cp", "copy range", "read, 4 KiB", "read, 64 KiB",
					     NULL };

	return names[n];
}

static void fits(void **state)
{
	(void)state;
	assert_int_equal(zc_spelling_fit("cp", "cp"), ZC_FITS_ALL);
	assert_int_equal(zc_spelling_fit("CP", "cp"), ZC_FITS_ALL);
	assert_int_equal(zc_spelling_fit("c", "cp"), ZC_FITS_BEGIN);
	assert_int_equal(zc_spelling_fit("cpx", "cp"), ZC_FITS_NOT);
	assert_int_equal(zc_spelling_fit("", "cp"), ZC_FITS_NOT);
	assert_int_equal(zc_spelling_fit(" -, ", "cp"), ZC_FITS_NOT);
	assert_int_equal(zc_spelling_fit("read-4kib", "read, 4 KiB"), ZC_FITS_ALL);
	assert_int_equal(zc_spelling_fit("read4k", "read, 4 KiB"), ZC_FITS_BEGIN);
	assert_int_equal(zc_spelling_fit("read-6", "read, 4 KiB"), ZC_FITS_NOT);
}

static void lists(void **state)
{
	unsigned long long bits = 99;
	char bad[64] = "", long_list[200];

	(void)state;
	assert_int_equal(zc_spelling_list("cp", name, &bits, bad), 0);
	assert_int_equal(bits, 1);
	assert_int_equal(zc_spelling_list("read,copy", name, &bits, bad), 0);
	assert_int_equal(bits, 2 + 4 + 8);
	assert_int_equal(zc_spelling_list("c", name, &bits, bad), 0);
	assert_int_equal(bits, 1 + 2);
	assert_int_equal(zc_spelling_list("cp,dog,cat", name, &bits, bad), -EINVAL);
	assert_int_equal(bits, 3);
	assert_string_equal(bad, "dog");
	assert_int_equal(zc_spelling_list("", name, &bits, bad), -EINVAL);
	assert_int_equal(zc_spelling_list("cp,", name, &bits, bad), -EINVAL);
	memset(long_list, 'c', sizeof(long_list) - 1);
	long_list[sizeof(long_list) - 1] = '\0';
	assert_int_equal(zc_spelling_list(long_list, name, &bits, bad), -EINVAL);
	assert_int_equal(strlen(bad), 63);
}

static void nearest(void **state)
{
	(void)state;
	assert_string_equal(zc_spelling_nearest("copi range", name), "copy range");
	assert_string_equal(zc_spelling_nearest("raed, 4 KiB", name), "read, 4 KiB");
	assert_null(zc_spelling_nearest("elephant", name));
	assert_null(zc_spelling_nearest("", name));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fits),
		cmocka_unit_test(lists),
		cmocka_unit_test(nearest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
