// SPDX-License-Identifier: MIT
// The number that stands for the mounts below a directory changes with those, and with no others.
// Must not know what follows.
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "../../src/watch/watch.h"
#include "zcfs/watch.h"

#define ROOT "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n"

static uint64_t number_of(const char *path, const char *mountinfo)
{
	struct zc_watch watch = { .path = path };
	uint64_t number;

	watch.mounts = fmemopen((char *)(uintptr_t)mountinfo, strlen(mountinfo), "r");
	assert_non_null(watch.mounts);
	number = zc_watch_mounts_below(&watch);
	assert_true(number == zc_watch_mounts_below(&watch)); /* reads from the start each time */
	fclose(watch.mounts);
	return number;
}

static const struct {
	const char *path, *line;
	bool below;
} rows[] = {
	{ "/b", "30 22 0:40 / /b/m rw - tmpfs t rw\n", true },
	{ "/b", "30 22 0:40 / /b/deep/er rw - tmpfs t rw\n", true },
	{ "/b", "30 22 0:40 / /b rw - tmpfs t rw\n", false }, /* covers all: not below */
	{ "/b", "30 22 0:40 / /bb rw - tmpfs t rw\n", false },
	{ "/b", "30 22 0:40 / /bb/m rw - tmpfs t rw\n", false },
	{ "/b", "30 22 0:40 / /c/b/m rw - tmpfs t rw\n", false },
	{ "/b/c", "30 22 0:40 / /b rw - tmpfs t rw\n", false },
	{ "/", "30 22 0:40 / /m rw - tmpfs t rw\n", true },
	{ "/a b", "30 22 0:40 / /a\\040b/m rw - tmpfs t rw\n", true },
	{ "/a b", "30 22 0:40 / /a\\011b/m rw - tmpfs t rw\n", false },
	{ "/a\\b", "30 22 0:40 / /a\\134b/m rw - tmpfs t rw\n", true },
	{ "/b", "30 22\n", false },
	{ "/b", "\n", false },
};

static void every_row(void **state)
{
	char text[256];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(text, sizeof(text), "%s%s", ROOT, rows[i].line);
		if ((number_of(rows[i].path, text) != number_of(rows[i].path, ROOT)) !=
		    rows[i].below)
			fail_msg("%s, %s", rows[i].path, rows[i].line);
	}
}

/* Unmounted, and something else mounted there: another id. */
static void other_mount_in_the_same_place(void **state)
{
	(void)state;
	assert_true(number_of("/b", ROOT "30 22 0:40 / /b/m rw - tmpfs t rw\n") !=
		    number_of("/b", ROOT "31 22 0:40 / /b/m rw - tmpfs t rw\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row),
		cmocka_unit_test(other_mount_in_the_same_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
