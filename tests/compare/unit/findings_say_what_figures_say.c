// SPDX-License-Identifier: MIT
// The sentences under a result: which are there, what they say, and that none is said without its figures.
// Must not know how they are found.
#include "made_up.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "words.h"

#define MOST 20

static char said[MOST][ZC_FINDING_SIZE];
static int count;

/* NULL: no finding has this in it. */
static const char *finding_with(const char *part)
{
	for (int i = 0; i < count; i++)
		if (strstr(said[i], part))
			return said[i];
	return NULL;
}

static void find(const struct zc_result *result)
{
	memset(said, 0, sizeof(said));
	count = zc_findings(result, said, MOST);
	for (int i = 0; i < count; i++)
		if (!said[i][0] || strchr(said[i], '\n') || said[i][strlen(said[i]) - 1] != '.')
			fail_msg("no sentence: %s", said[i]);
}

static void must_say(const char *part, const char *also)
{
	const char *finding = finding_with(part);

	if (!finding || !strstr(finding, also))
		fail_msg("%s: %s", part, finding ? finding : "nowhere");
}

static void end(struct zc_result *result)
{
	zc_result_fini(result);
	free(result);
}

static void of_a_whole_result(void **state)
{
	struct zc_result *result = made_up();

	(void)state;
	find(result);
	must_say("Through the mount (passthrough)", "1.01 times as long");
	must_say("Through the mount (passthrough)",
		 "no byte of any file passes through the daemon");
	must_say("Through the mount (passthrough)", "no difference that can be told");
	must_say("Through the mount (splice)", "none through its memory");
	must_say("Through the mount (copy)", "pass through the daemon's memory");
	must_say("processor time", "(copy)");
	must_say("Use the plane passthrough", "nearest");
	must_say("The article's two programs", "0.35 times");
	must_say("3 system calls fewer", "6 instead of 9");
	must_say("32 MiB less", "2.00 times the file");
	must_say("Fastest on the plain path", "from file to file splice (4.");
	must_say("This machine cannot tell apart", " %: ");
	assert_null(finding_with("interrupted"));
	assert_null(strstr(said[0], "cannot tell apart"));
	end(result);
}

/* In and out of a memory is twice, through a pipe once. */
static void of_a_mixed_plane(void **state)
{
	struct zc_result *result = made_up();

	(void)state;
	for (int i = 0; i < result->methods; i++)
		for (int route = 0; route < ZC_ROUTES; route++)
			result->method[i].cell[route][3].counts.daemon_copied =
			    2 * result->method[i].cell[route][3].counts.daemon_spliced;
	find(result);
	must_say("Through the mount (splice)", "50 % go through its memory");
	end(result);
}

static void bad_news_first(void **state)
{
	struct zc_result *result = made_up();

	(void)state;
	result->interrupted = true;
	for (int i = 0; i < result->methods; i++)
		for (int route = 0; route < ZC_ROUTES; route++)
			result->method[i].cell[route][1].sample[0].wall *= 3,
			    result->method[i].cell[route][1].sample[1].wall *= 2;
	find(result);
	assert_non_null(strstr(said[0], "interrupted"));
	assert_non_null(strstr(said[1], "cannot tell apart"));
	assert_non_null(strstr(said[1], "noisy"));
	end(result);
}

static void of_one_mount(void **state)
{
	struct zc_result *result = made_up();

	(void)state;
	result->ways = 3;
	snprintf(result->way[2].name, sizeof(result->way[2].name), "mount");
	find(result);
	must_say("Through the mount (passthrough)", "1.01");
	must_say("Only one plane", "--self");
	assert_null(finding_with("Use the plane"));
	end(result);
}

/* What is not known is not said. */
static void of_what_was_not_counted(void **state)
{
	struct zc_result *result = made_up();

	(void)state;
	result->method[0].cell[0][0].counts.known = false;
	result->method[3].cell[0][2].counts.daemon_known = false;
	find(result);
	assert_null(finding_with("fewer"));
	must_say("Through the mount (passthrough)", "1.01");
	assert_null(finding_with("no byte of any file"));
	result->method[0].cell[0][0].samples = 0;
	find(result);
	assert_null(finding_with("The article's"));
	end(result);
}

static void of_nothing(void **state)
{
	struct zc_result result = { 0 };

	(void)state;
	find(&result);
	assert_int_equal(count, 1);
	assert_non_null(strstr(said[0], "repeats"));
}

/* Less room than findings: those that fit, each whole. */
static void of_little_room(void **state)
{
	struct zc_result *result = made_up();

	(void)state;
	find(result);
	for (int most = 0; most < count; most++) {
		char few[MOST][ZC_FINDING_SIZE] = { 0 };

		assert_int_equal(zc_findings(result, few, most), most);
		for (int i = 0; i < most; i++)
			assert_string_equal(few[i], said[i]);
		assert_string_equal(few[most], "");
	}
	end(result);
}

static void words(void **state)
{
	char text[ZC_WORD_SIZE];

	(void)state;
	assert_string_equal(zc_words_size(0, text), "0 B");
	assert_string_equal(zc_words_size(1023, text), "1023 B");
	assert_string_equal(zc_words_size(1536, text), "1.5 KiB");
	assert_string_equal(zc_words_size(16 << 20, text), "16 MiB");
	assert_string_equal(zc_words_size(1e18, text), "909495 TiB");
	assert_string_equal(zc_words_time(0.0000004, text), "0.000 ms");
	assert_string_equal(zc_words_time(0.0583, text), "58.3 ms");
	assert_string_equal(zc_words_time(0.5, text), "500 ms");
	assert_string_equal(zc_words_time(3.25, text), "3.25 s");
	assert_string_equal(zc_words_route(ZC_FILE_TO_TCP), "from file to a TCP connection");
	assert_null(zc_words_route(ZC_ROUTES));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_a_whole_result),
		cmocka_unit_test(bad_news_first),
		cmocka_unit_test(of_one_mount),
		cmocka_unit_test(of_what_was_not_counted),
		cmocka_unit_test(of_nothing),
		cmocka_unit_test(of_little_room),
		cmocka_unit_test(words),
		cmocka_unit_test(of_a_mixed_plane),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
