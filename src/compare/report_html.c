// SPDX-License-Identifier: MIT
// The page: the answer first, then what it rests on.
// Must not know how the result came about.
#include "report.h"

#include "html.h"

#include <errno.h>
#include <math.h>

#define FINDINGS 24

static const char *name_of(const struct zc_result *result)
{
	return result->source[0] ? result->source : "a file of random bytes";
}

static void print_head(FILE *out, const struct zc_result *result)
{
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>",
	      out);
	zc_html_print(out, "zcfs-compare: copies of %s", name_of(result));
	fputs("</title>\n<style>", out);
	zc_html_style(out);
	fputs("</style>\n</head>\n<body>\n", out);
	zc_html_patterns(out);
}

/* By the nearest plane. */
static void answer_mount(FILE *out, const struct zc_result *result)
{
	int best = zc_best_way(result);
	struct zc_summary sum;

	if (best < 0) {
		fputs("Nothing was copied through a mount.", out);
		return;
	}
	sum = zc_summarize(result, best);
	zc_html_print(out,
		      "Through the mount (plane %s) a copy takes %.2f times as long as without",
		      zc_words_way(&result->way[best]), sum.ratio.median);
	if (!zc_summary_differs(result, &sum))
		fputs(" (no difference that this machine can tell)", out);
	if (sum.counted && !sum.copied)
		fputs(", and no byte passes through the daemon\u2019s memory", out);
	else if (sum.counted)
		fputs(", and bytes pass through the daemon\u2019s memory", out);
	fputs(".", out);
}

static void answer_article(FILE *out, const struct zc_result *result)
{
	const struct zc_method_result *slow = zc_method_find(result, ZC_ARTICLE_READ_WRITE);
	const struct zc_method_result *fast = zc_method_find(result, ZC_ARTICLE_SENDFILE);
	int route = zc_main_route(result);
	size_t wall = offsetof(struct zc_sample, wall);

	if (!slow || !fast || !slow->cell[route][0].samples || !fast->cell[route][0].samples)
		return;
	zc_html_print(
	    out,
	    " A program that calls sendfile instead of read and write (the article\u2019s two "
	    "programs) takes %.2f times as long.",
	    zc_figure_of(&fast->cell[route][0], wall).median /
		fmax(zc_figure_of(&slow->cell[route][0], wall).median, 1e-9));
}

static void print_answer(FILE *out, const struct zc_result *result)
{
	char size[ZC_WORD_SIZE];

	fputs("<main>\n<h1>What a copy costs, with zcfs and without</h1>\n", out);
	if (result->interrupted)
		fputs("<p class=\"warning\">The run was interrupted: figures are missing.</p>\n",
		      out);
	if (result->copies != result->compared)
		fputs("<p class=\"warning\">Not every copy was compared with its source.</p>\n",
		      out);
	fputs("<p class=\"answer\">", out);
	answer_mount(out, result);
	answer_article(out, result);
	fputs("</p>\n<p>Copied was ", out);
	fputs(result->source[0] ? "<code>" : "", out);
	zc_html_text(out, name_of(result));
	fputs(result->source[0] ? "</code>" : "", out);
	fprintf(out,
		" (%s), %d times by each method, in turns, %s. %ld copies were compared with "
		"it, byte by byte and by SHA-256: all are equal. <a href=\"#words\">What the words "
		"mean</a> "
		"stands below.</p>\n",
		zc_words_size((double)result->size, size), result->repeats,
		result->cold ? "not in the page cache before (cold)" : "from the page cache (warm)",
		result->compared);
}

static void print_findings(FILE *out, const struct zc_result *result)
{
	char finding[FINDINGS][ZC_FINDING_SIZE];
	int count = zc_findings(result, finding, FINDINGS);

	fputs("<h2>What was found</h2>\n<ul>\n", out);
	for (int i = 0; i < count; i++) {
		fputs("<li>", out);
		zc_html_text(out, finding[i]);
		fputs("</li>\n", out);
	}
	fputs("</ul>\n", out);
}

/* The first route lies open; the others are as long, and say much the same. */
static void print_charts(FILE *out, const struct zc_result *result)
{
	bool first = true;

	fputs("<h2>How long it took</h2>\n<p>Shorter is better. The line across the end of a bar "
	      "goes "
	      "from quartile to quartile: half of all copies lie in it. Where such lines "
	      "overlap, believe no difference.</p>\n",
	      out);
	for (int route = 0; route < ZC_ROUTES; route++) {
		if (!zc_html_has_route(result, route))
			continue;
		fprintf(out, "<details%s><summary>Copies %s</summary>\n", first ? " open" : "",
			zc_words_route(route));
		zc_html_charts(out, result, route);
		fputs("</details>\n", out);
		first = false;
	}
}

int zc_report_html(const struct zc_result *result, FILE *out)
{
	errno = 0;
	print_head(out, result);
	print_answer(out, result);
	print_findings(out, result);
	zc_html_pictures(out, result);
	print_charts(out, result);
	zc_html_table(out, result);
	zc_html_words(out, result);
	zc_html_machine(out, result);
	zc_html_repeat(out, result);
	fputs("</main>\n</body>\n</html>\n", out);
	if (fflush(out) || ferror(out))
		return errno ? -errno : -EIO;
	return 0;
}
