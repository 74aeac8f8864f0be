// SPDX-License-Identifier: MIT
// What was being done and its errno decide the exit code; every pair has something to say.
// Must not know who was doing it.
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "failure.h"

static const struct {
	enum zc_step step;
	int err;
	enum zc_exit code;
} rows[] = {
	{ ZC_STEP_OPEN, ENOENT, ZC_EXIT_MISSING },
	{ ZC_STEP_OPEN, ENOTDIR, ZC_EXIT_MISSING },
	{ ZC_STEP_OPEN, ELOOP, ZC_EXIT_MISSING },
	{ ZC_STEP_CREATE, ENOENT, ZC_EXIT_MISSING },
	{ ZC_STEP_RUN, ENOENT, ZC_EXIT_MISSING },
	{ ZC_STEP_READ, EISDIR, ZC_EXIT_NOT_A_FILE },
	{ ZC_STEP_OPEN, EACCES, ZC_EXIT_PERMISSION },
	{ ZC_STEP_CREATE, EACCES, ZC_EXIT_PERMISSION },
	{ ZC_STEP_CREATE, EPERM, ZC_EXIT_PERMISSION },
	{ ZC_STEP_CREATE, EROFS, ZC_EXIT_PERMISSION },
	{ ZC_STEP_WRITE, EROFS, ZC_EXIT_PERMISSION },
	{ ZC_STEP_WRITE, ENOSPC, ZC_EXIT_NO_SPACE },
	{ ZC_STEP_CREATE, ENOSPC, ZC_EXIT_NO_SPACE },
	{ ZC_STEP_WRITE, EDQUOT, ZC_EXIT_NO_SPACE },
	{ ZC_STEP_WRITE, EFBIG, ZC_EXIT_NO_SPACE },
	{ ZC_STEP_OPEN, ENOTCONN, ZC_EXIT_GONE },
	{ ZC_STEP_COPY, ECONNABORTED, ZC_EXIT_GONE },
	{ ZC_STEP_READ, ENODEV, ZC_EXIT_GONE },
	{ ZC_STEP_FIND, ENOTCONN, ZC_EXIT_GONE },
	{ ZC_STEP_SOCKET, ENOTCONN, ZC_EXIT_OTHER },
	{ ZC_STEP_SOCKET, ECONNABORTED, ZC_EXIT_OTHER },
	{ ZC_STEP_COPY, ENODATA, ZC_EXIT_CHANGED },
	{ ZC_STEP_FIND, ENOENT, ZC_EXIT_MISSING },
	{ ZC_STEP_FIND, EINVAL, ZC_EXIT_NO_MOUNT },
	{ ZC_STEP_FIND, EACCES, ZC_EXIT_PERMISSION },
	{ ZC_STEP_READ, EIO, ZC_EXIT_OTHER },
	{ ZC_STEP_MEMORY, ENOMEM, ZC_EXIT_OTHER },
	{ ZC_STEP_RUN, EAGAIN, ZC_EXIT_OTHER },
	{ ZC_STEP_MOUNT, EACCES, ZC_EXIT_CANNOT_MOUNT },
	{ ZC_STEP_MOUNT, EIO, ZC_EXIT_CANNOT_MOUNT },
	{ ZC_STEP_CREATE, EEXIST, ZC_EXIT_EXISTS },
	{ ZC_STEP_OPEN, EEXIST, ZC_EXIT_OTHER },
	{ ZC_STEP_COPY, EINTR, ZC_EXIT_INTERRUPTED },
	{ ZC_STEP_MOUNT, EINTR, ZC_EXIT_INTERRUPTED },
};

static void every_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct zc_failure failure = { 0 };
		enum zc_exit code = zc_failure_of(&failure, rows[i].step, "thing", -rows[i].err);

		if (code != rows[i].code || failure.code != code || failure.err != rows[i].err)
			fail_msg("step %d, %s: %d, %d", rows[i].step, strerrorname_np(rows[i].err),
				 code, failure.err);
		assert_string_equal(failure.object, "thing");
	}
}

static void every_pair_says_something(void **state)
{
	(void)state;
	for (int step = 0; step < ZC_STEPS; step++) {
		for (int err = 1; err < 140; err++) {
			struct zc_failure failure;
			int code = zc_failure_of(&failure, (enum zc_step)step, "thing", -err);

			assert_true(code > ZC_EXIT_USAGE);
			assert_non_null(zc_exit_meaning(code));
			assert_true(*failure.what && *failure.advice);
		}
	}
}

static void target_or_not(void **state)
{
	(void)state;
	assert_true(zc_failure_is_of_target(-ENOSPC) && zc_failure_is_of_target(-EFBIG));
	assert_false(zc_failure_is_of_target(-EIO) || zc_failure_is_of_target(0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row),
		cmocka_unit_test(every_pair_says_something),
		cmocka_unit_test(target_or_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
