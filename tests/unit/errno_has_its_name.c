// SPDX-License-Identifier: MIT
// Errors are shown to people by the names that manual pages use.
// Must not know messages.
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "zcfs/log.h"

static void known_ones(void **state)
{
	(void)state;
	assert_string_equal(zc_errno_name(ENOENT), "ENOENT");
	assert_string_equal(zc_errno_name(EACCES), "EACCES");
	assert_string_equal(zc_errno_name(ENOTCONN), "ENOTCONN");
	assert_string_equal(zc_errno_name(EOPNOTSUPP), "EOPNOTSUPP");
	assert_string_equal(zc_errno_name(EAGAIN), "EAGAIN");
}

static void unknown_ones(void **state)
{
	(void)state;
	assert_string_equal(zc_errno_name(4711), "error 4711");
	assert_string_equal(zc_errno_name(-4711), "error -4711");
}

static void *other_thread(void *arg)
{
	(void)arg;
	return strcmp(zc_errno_name(4712), "error 4712") == 0 ? (void *)1 : NULL;
}

static void threads_do_not_share_the_text(void **state)
{
	const char *mine = zc_errno_name(4711);
	pthread_t thread;
	void *right;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, other_thread, NULL), 0);
	pthread_join(thread, &right);
	assert_non_null(right);
	assert_string_equal(mine, "error 4711");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_ones),
		cmocka_unit_test(unknown_ones),
		cmocka_unit_test(threads_do_not_share_the_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
