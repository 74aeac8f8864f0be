// SPDX-License-Identifier: MIT
// What the figures say, in plain sentences.
// Must not know how they came about; says nothing that they do not say.
#include "report.h"

#include "summary.h"
#include "words.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define NOISY 0.20

struct findings {
	const struct zc_result *result;
	char (*text)[ZC_FINDING_SIZE];
	int count, most;
};

static bool is_full(const struct findings *findings)
{
	return findings->count >= findings->most;
}

__attribute__((format(printf, 2, 3))) static void say(struct findings *findings, const char *format,
						      ...)
{
	va_list args;

	if (is_full(findings))
		return;
	va_start(args, format);
	vsnprintf(findings->text[findings->count++], ZC_FINDING_SIZE, format, args);
	va_end(args);
}

/* To what stands in the finding said last. */
__attribute__((format(printf, 2, 3))) static void go_on(struct findings *findings,
							const char *format, ...)
{
	char *text = findings->text[findings->count - 1];
	size_t used = strlen(text);
	va_list args;

	va_start(args, format);
	vsnprintf(text + used, ZC_FINDING_SIZE - used, format, args);
	va_end(args);
}

static double wall_of(const struct zc_cell *cell)
{
	return zc_figure_of(cell, offsetof(struct zc_sample, wall)).median;
}

static double times(const struct zc_result *result, double bytes)
{
	return result->size ? bytes / (double)result->size : 0;
}

/* ---- what is wrong with the result itself ---------------------------------------------------- */

static void say_unfinished(struct findings *findings)
{
	if (findings->result->interrupted)
		say(findings, "The run was interrupted: this is what was measured up to then.");
}

static void say_noise(struct findings *findings)
{
	double noise = 100 * zc_noise(findings->result);

	if (is_full(findings))
		return;
	if (findings->result->repeats < 3)
		say(findings, "Fewer than 3 repeats cannot tell any difference from chance.");
	else if (noise >= 0.5)
		say(findings,
		    "This machine cannot tell apart what differs by less than %.0f %%: that much "
		    "the "
		    "plain path differs from itself.",
		    noise);
	else
		say(findings, "This machine is quiet: the plain path differs from itself by less "
			      "than 1 %%.");
	if (noise > 100 * NOISY)
		go_on(findings, " It is noisy; take more --repeats or a larger --size.");
}

static bool is_noisy(const struct zc_result *result)
{
	return result->repeats < 3 || zc_noise(result) > NOISY;
}

/* ---- the mount against the plain path -------------------------------------------------------- */

/* What goes through a memory is counted in and out, what is spliced once. */
static double part_in_memory(const struct zc_summary *sum)
{
	double copied = (double)sum->copied / 2;

	return copied > 0 ? copied / (copied + (double)sum->spliced) : 0;
}

static void go_on_with_memory(struct findings *findings, const struct zc_summary *sum)
{
	double percent = 100 * part_in_memory(sum);

	if (!sum->counted)
		go_on(findings, ".");
	else if (!sum->copied && !sum->spliced)
		go_on(findings, ", and no byte of any file passes through the daemon.");
	else if (!sum->copied)
		go_on(findings, ", and every byte passes by the daemon, none through its memory.");
	else if (percent >= 99.5)
		go_on(findings, ", and the bytes pass through the daemon's memory.");
	else
		go_on(findings,
		      ", and of the bytes that pass by the daemon %.*f %% go through its memory.",
		      percent < 10, percent);
}

static void say_way(struct findings *findings, int way)
{
	const struct zc_result *result = findings->result;
	struct zc_summary sum = zc_summarize(result, way);

	if (!sum.cells || is_full(findings))
		return;
	say(findings, "Through the mount (%s) a copy takes %.2f times as long as without%s",
	    zc_words_way(&result->way[way]), sum.ratio.median,
	    zc_summary_differs(result, &sum) ? ""
					     : ", which is no difference that can be told here");
	go_on_with_memory(findings, &sum);
	if (sum.cells >= 4)
		go_on(findings, " Half of all %d comparisons lie between %.2f and %.2f.", sum.cells,
		      sum.ratio.low, sum.ratio.high);
}

static void say_shares(struct findings *findings)
{
	const struct zc_result *result = findings->result;
	bool begun = false;

	for (int way = 2; way < result->ways; way++) {
		struct zc_summary sum = zc_summarize(result, way);

		if (!result->way[way].daemon || !sum.share.count || (!begun && is_full(findings)))
			continue;
		if (!begun)
			say(findings, "Of the processor time of a copy the daemon takes");
		go_on(findings, "%s %.0f %% (%s)", begun ? "," : "", 100 * sum.share.median,
		      zc_words_way(&result->way[way]));
		begun = true;
	}
	if (begun)
		go_on(findings, ".");
}

static void say_which_plane(struct findings *findings)
{
	const struct zc_result *result = findings->result;
	int best = zc_best_way(result), measured = 0;

	for (int way = 2; way < result->ways; way++)
		measured += zc_summarize(result, way).cells > 0;
	if (measured == 1)
		say(findings, "Only one plane was measured; zcfs-compare --self DIR measures all "
			      "that this machine has.");
	else if (measured > 1)
		say(findings,
		    "Use the plane %s: for files like this one it is the nearest to the "
		    "plain path.",
		    zc_words_way(&result->way[best]));
}

/* ---- methods --------------------------------------------------------------------------------- */

static void say_saved(struct findings *findings, const struct zc_counts *slow,
		      const struct zc_counts *fast)
{
	long calls = slow->system_calls - fast->system_calls;
	double bytes = (double)slow->copier_bytes - (double)fast->copier_bytes;
	char size[ZC_WORD_SIZE];

	if (!slow->known || !fast->known)
		return;
	say(findings,
	    "sendfile makes %ld system calls %s (%ld instead of %ld) and carries %s %s through the "
	    "program's memory, %.2f times the file.",
	    labs(calls), calls < 0 ? "more" : "fewer", fast->system_calls, slow->system_calls,
	    zc_words_size(fabs(bytes), size), bytes < 0 ? "more" : "less",
	    times(findings->result, fabs(bytes)));
}

/* The article's two programs were not made in turns: noise is all there is to hold against them. */
static void say_article(struct findings *findings)
{
	const struct zc_result *result = findings->result;
	const struct zc_method_result *slow = zc_method_find(result, ZC_ARTICLE_READ_WRITE);
	const struct zc_method_result *fast = zc_method_find(result, ZC_ARTICLE_SENDFILE);
	int route = zc_main_route(result);
	double ratio;

	if (!slow || !fast || !slow->cell[route][0].samples || !fast->cell[route][0].samples)
		return;
	ratio = wall_of(&fast->cell[route][0]) / fmax(wall_of(&slow->cell[route][0]), 1e-9);
	say(findings,
	    "The article's two programs on the plain path, %s: sendfile takes %.2f times as long "
	    "as "
	    "read and write through a buffer of the whole file%s.",
	    zc_words_route(route), ratio,
	    fabs(ratio - 1) < fmax(0.03, zc_noise(result))
		? ", which is no difference that can be told here"
		: "");
	say_saved(findings, &slow->cell[route][0].counts, &fast->cell[route][0].counts);
}

static const struct zc_method_result *fastest(const struct zc_result *result, int route)
{
	const struct zc_method_result *best = NULL;

	for (int i = 0; i < result->methods; i++) {
		const struct zc_method_result *method = &result->method[i];

		if (method->cell[route][0].samples &&
		    (!best || wall_of(&method->cell[route][0]) < wall_of(&best->cell[route][0])))
			best = method;
	}
	return best;
}

static void say_fastest(struct findings *findings)
{
	char time[ZC_WORD_SIZE];
	bool begun = false;

	for (int route = 0; route < ZC_ROUTES; route++) {
		const struct zc_method_result *best = fastest(findings->result, route);

		if (!best || (!begun && is_full(findings)))
			continue;
		if (!begun)
			say(findings, "Fastest on the plain path:");
		go_on(findings, "%s %s %s (%s)", begun ? ";" : "", zc_words_route(route),
		      best->name, zc_words_time(wall_of(&best->cell[route][0]), time));
		begun = true;
	}
	if (begun)
		go_on(findings, ".");
}

int zc_findings(const struct zc_result *result, char finding[][ZC_FINDING_SIZE], int most)
{
	struct findings findings = { result, finding, 0, most };

	say_unfinished(&findings);
	if (is_noisy(result))
		say_noise(&findings);
	for (int way = 2; way < result->ways; way++)
		say_way(&findings, way);
	say_shares(&findings);
	say_which_plane(&findings);
	say_article(&findings);
	say_fastest(&findings);
	if (!is_noisy(result))
		say_noise(&findings);
	return findings.count;
}
