// SPDX-License-Identifier: MIT
// The report: one line "key value" for every request type, its errors, and every event, none twice.
// Must not know how a request is served.
#include "unit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "zcfs/counters.h"

/* What programs outside rely on: the operations of a mirror and the planes. */
static const char *const keys[] = {
	"request.lookup",     "request.forget",
	"request.getattr",    "request.setattr",
	"request.readlink",   "request.mknod",
	"request.mkdir",      "request.unlink",
	"request.rmdir",      "request.symlink",
	"request.rename",     "request.link",
	"request.open",	      "request.read",
	"request.write",      "request.statfs",
	"request.release",    "request.fsync",
	"request.getxattr",   "request.setxattr",
	"request.listxattr",  "request.removexattr",
	"request.flush",      "request.opendir",
	"request.readdir",    "request.readdirplus",
	"request.releasedir", "request.fsyncdir",
	"request.access",     "request.create",
	"request.ioctl",      "request.fallocate",
	"request.lseek",      "request.copy_file_range",
	"request.tmpfile",    "request.statx",
	"open.passthrough",   "open.splice",
	"open.copy",	      "bytes.read.splice",
	"bytes.read.copy",    "bytes.write.splice",
	"bytes.write.copy",
};

static char *report(const struct zc_counts *counts)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	zc_counters_print(counts, out);
	fclose(out);
	return text;
}

/* The value of a key that is there exactly once. */
static uint64_t value_of(const char *text, const char *key)
{
	uint64_t value = 0;
	int found = 0;

	for (const char *line = text; *line; line = strchr(line, '\n') + 1) {
		size_t size = strlen(key);

		if (strncmp(line, key, size) != 0 || line[size] != ' ')
			continue;
		found++;
		value = strtoull(line + size + 1, NULL, 10);
	}
	if (found != 1)
		fail_msg("%s: %d times", key, found);
	return value;
}

static void every_count_has_its_line(void **state)
{
	struct zc_counts counts = { 0 };
	unsigned lines = 0;
	char *text;

	(void)state;
	for (unsigned i = 0; i < ZC_OP_COUNT; i++) {
		counts.requests[i] = 1000 + i;
		counts.errors[i] = 2000 + i;
	}
	for (unsigned i = 0; i < ZC_EVENT_COUNT; i++)
		counts.events[i] = UINT64_MAX - i;
	text = report(&counts);
	for (char *line = text, *end; *line; line = end + 1, lines++) {
		char key[64], rest;
		uint64_t value;

		end = strchr(line, '\n');
		assert_non_null(end);
		*end = '\0';
		assert_int_equal(sscanf(line, "%63[a-z._] %" SCNu64 "%c", key, &value, &rest), 2);
		assert_true(value >= 1000);
		*end = '\n';
		assert_int_equal(value_of(text, key), value);
	}
	assert_int_equal(lines, 2 * ZC_OP_COUNT + ZC_EVENT_COUNT);
	free(text);
}

static void names_go_with_their_counts(void **state)
{
	struct zc_counts counts = { 0 };
	char *text;

	(void)state;
	counts.requests[ZC_OP_copy_file_range] = 11;
	counts.errors[ZC_OP_rename] = 12;
	counts.events[ZC_EVENT_write_splice_bytes] = 13;
	counts.events[ZC_EVENT_open_passthrough] = 14;
	text = report(&counts);
	assert_int_equal(value_of(text, "request.copy_file_range"), 11);
	assert_int_equal(value_of(text, "error.rename"), 12);
	assert_int_equal(value_of(text, "request.rename"), 0);
	assert_int_equal(value_of(text, "bytes.write.splice"), 13);
	assert_int_equal(value_of(text, "open.passthrough"), 14);
	free(text);
}

static void agreed_keys_are_there(void **state)
{
	struct zc_counts counts = { 0 };
	char *text = report(&counts);

	(void)state;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		assert_int_equal(value_of(text, keys[i]), 0);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_count_has_its_line),
		cmocka_unit_test(names_go_with_their_counts),
		cmocka_unit_test(agreed_keys_are_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
