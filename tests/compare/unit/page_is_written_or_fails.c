// SPDX-License-Identifier: MIT
// Text from outside in a page, byte for byte; a page of nothing; a disk that is full.
// Must not know what a page looks like.
#include "made_up.h"
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "html.h"
#include "report.h"

#define NO "\xef\xbf\xbd"

static const struct {
	const char *bytes, *text;
} rows[] = {
	{ "", "" },
	{ "<b a=\"x\" c='y'>&amp;", "&lt;b a=&quot;x&quot; c=&#39;y&#39;&gt;&amp;amp;" },
	{ "a\tb\nc\x7f", "a" NO "b" NO "c" NO },
	{ "5 %", "5&nbsp;%" },
	{ "\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80", "\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80" },
	{ "\xf4\x8f\xbf\xbf \xee\x80\x80", "\xf4\x8f\xbf\xbf \xee\x80\x80" },
	{ "\xc2\x80", NO }, /* a control character, of two bytes */
	{ "\xff\x80<", NO NO "&lt;" },
	{ "\xc0\xbc", NO NO }, /* an overlong < */
	{ "\xe0\x80\xbc", NO NO NO },
	{ "\xed\xa0\x80", NO NO NO }, /* a surrogate */
	{ "\xf4\x90\x80\x80", NO NO NO NO },
	{ "\xf5\x80\x80\x80", NO NO NO NO },
	{ "\xe2\x82", NO NO }, /* ends too early */
	{ "\xf0\x9f\x98<", NO NO NO "&lt;" },
};

static void every_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *text = NULL;
		size_t size = 0;
		FILE *out = open_memstream(&text, &size);

		zc_html_text(out, rows[i].bytes);
		fclose(out);
		if (strcmp(text, rows[i].text) != 0)
			fail_msg("row %zu: %s", i, text);
		free(text);
	}
}

static void of_nothing(void **state)
{
	struct zc_result result = { 0 };
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	assert_int_equal(zc_report_html(&result, out), 0);
	fclose(out);
	assert_non_null(strstr(text, "Nothing was copied through a mount"));
	assert_null(strstr(text, "nan"));
	assert_non_null(strstr(text, "</html>"));
	free(text);
}

static void onto_a_full_disk(void **state)
{
	struct zc_result *result = made_up();
	FILE *out = fopen("/dev/full", "we");

	(void)state;
	assert_non_null(out);
	assert_int_equal(zc_report_html(result, out), -ENOSPC);
	fclose(out);
	zc_result_fini(result);
	free(result);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row),
		cmocka_unit_test(of_nothing),
		cmocka_unit_test(onto_a_full_disk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
