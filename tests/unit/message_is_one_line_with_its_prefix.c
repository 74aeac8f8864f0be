// SPDX-License-Identifier: MIT
// A message is one line "zcfs: TEXT" on standard error, written at once, whatever it is about.
// Must not know what messages say.
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "zcfs/log.h"

static void prefix_and_line_end_are_added(void **state)
{
	(void)state;
	unit_catch_begin(STDERR_FILENO);
	zc_log(ZC_LOG_ERR, "%s: no such directory (%s): create it", "/x", "ENOENT");
	zc_log(ZC_LOG_WARNING, "second");
	zc_log(ZC_LOG_INFO, "third");
	assert_string_equal(unit_catch_end(), "zcfs: /x: no such directory (ENOENT): create it\n"
					      "zcfs: second\n"
					      "zcfs: third\n");
}

static void debug_is_shown_when_asked_for(void **state)
{
	(void)state;
	unit_catch_begin(STDERR_FILENO);
	zc_log(ZC_LOG_DEBUG, "hidden");
	zc_log_debug(true);
	zc_log(ZC_LOG_DEBUG, "shown");
	zc_log_debug(false);
	zc_log(ZC_LOG_DEBUG, "hidden again");
	assert_string_equal(unit_catch_end(), "zcfs: shown\n");
}

static void errno_is_kept(void **state)
{
	int closed = unit_any_fd();
	int err;

	(void)state;
	unit_catch_begin(STDERR_FILENO);
	dup2(closed, STDERR_FILENO); /* not for writing: EBADF */
	errno = EXDEV;
	zc_log(ZC_LOG_ERR, "%s", "text");
	err = errno;
	unit_catch_end();
	clearerr(stderr);
	close(closed);
	assert_int_equal(err, EXDEV);
}

static void one_place_says_it_once(void **state)
{
	(void)state;
	unit_catch_begin(STDERR_FILENO);
	for (int i = 0; i < 5; i++) {
		zc_log_once(ZC_LOG_WARNING, "first place: %d", i);
		if (i > 1)
			zc_log_once(ZC_LOG_WARNING, "second place: %d", i);
	}
	assert_string_equal(unit_catch_end(), "zcfs: first place: 0\nzcfs: second place: 2\n");
}

#define LINES 2000

static void *talk(void *arg)
{
	for (int i = 0; i < LINES; i++)
		zc_log(ZC_LOG_ERR, "%s", (const char *)arg);
	return NULL;
}

static void threads_do_not_mix_their_lines(void **state)
{
	static const char *const said[] = { "aaaaaaaa", "bb" };
	pthread_t threads[2];
	const char *text;

	(void)state;
	unit_catch_begin(STDERR_FILENO);
	for (int t = 0; t < 2; t++)
		assert_int_equal(
		    pthread_create(&threads[t], NULL, talk, (void *)(uintptr_t)said[t]), 0);
	for (int t = 0; t < 2; t++)
		pthread_join(threads[t], NULL);
	text = unit_catch_end();
	assert_int_equal(unit_lines(text), 2 * LINES);
	for (size_t size; *text; text += size)
		assert_true((size = 15, strncmp(text, "zcfs: aaaaaaaa\n", size) == 0) ||
			    (size = 9, strncmp(text, "zcfs: bb\n", size) == 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prefix_and_line_end_are_added),
		cmocka_unit_test(debug_is_shown_when_asked_for),
		cmocka_unit_test(errno_is_kept),
		cmocka_unit_test(one_place_says_it_once),
		cmocka_unit_test(threads_do_not_mix_their_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
