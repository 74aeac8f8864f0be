// SPDX-License-Identifier: MIT
// What the figures say, in plain sentences.
// Must not know how they came about; says nothing that they do not say.
#include "report.h"

#include "figures.h"

#include <stdarg.h>
#include <string.h>

struct findings {
	const struct zc_result *result;
	char (*text)[ZC_FINDING_SIZE];
	int count, most;
};

__attribute__((format(printf, 2, 3))) static void say(struct findings *findings, const char *format,
						      ...)
{
	va_list args;

	if (findings->count == findings->most)
		return;
	va_start(args, format);
	vsnprintf(findings->text[findings->count++], ZC_FINDING_SIZE, format, args);
	va_end(args);
}

static const struct zc_method_result *method_named(const struct zc_result *result, const char *name)
{
	for (int i = 0; i < result->methods; i++)
		if (!strcmp(result->method[i].name, name))
			return &result->method[i];
	return NULL;
}

/* The first route on which anything was copied. */
static int main_route(const struct zc_result *result)
{
	for (int route = 0; route < ZC_ROUTES; route++)
		for (int i = 0; i < result->methods; i++)
			if (result->method[i].cell[route][0].samples)
				return route;
	return 0;
}

static double wall_of(const struct zc_cell *cell)
{
	return zc_figure_of(cell, offsetof(struct zc_sample, wall)).median;
}

/* Over all methods of all routes: the median of what each says, and the same of the control. */
struct summary {
	struct zc_figure ratio, control;
	uint64_t copied, spliced;
	bool counted;
	int methods;
};

/* A pair of figures for each method, gathered as if they were samples. */
static struct summary summarize(const struct zc_result *result, int way)
{
	static struct zc_cell ratios, controls, ones;
	struct summary sum = { .counted = true };

	ratios.samples = controls.samples = 0;
	for (int i = 0; i < result->methods; i++)
		for (int route = 0; route < ZC_ROUTES; route++) {
			const struct zc_cell *cell = result->method[i].cell[route];
			int at = ratios.samples;

			if (!cell[way].samples || !cell[0].samples || at == ZC_MAX_REPEATS)
				continue;
			ratios.sample[at].wall = zc_ratio(&cell[way], &cell[0]).median;
			controls.sample[at].wall = zc_ratio(&cell[1], &cell[0]).median;
			ones.sample[at].wall = 1;
			ratios.samples = controls.samples = ones.samples = at + 1;
			sum.copied += cell[way].counts.daemon_copied;
			sum.spliced += cell[way].counts.daemon_spliced;
			sum.counted &= cell[way].counts.daemon_known;
		}
	sum.methods = ratios.samples;
	sum.ratio = zc_ratio(&ratios, &ones);
	sum.control = zc_ratio(&controls, &ones);
	return sum;
}

static void say_way(struct findings *findings, int way)
{
	const struct zc_way_result *shown = &findings->result->way[way];
	struct summary sum = summarize(findings->result, way);
	const char *memory = "";

	if (!sum.methods)
		return;
	if (sum.counted && !sum.copied && !sum.spliced)
		memory = "; no byte of any file passed through the daemon";
	else if (sum.counted && !sum.copied)
		memory = "; every byte passed by the daemon, none through its memory";
	else if (sum.counted && sum.copied >= sum.spliced)
		memory = "; the bytes were copied through the daemon's memory, in and out";
	else if (sum.counted)
		memory =
		    "; of the bytes that passed by the daemon only the smaller part was copied "
		    "through its memory";
	say(findings,
	    "Through the mount (%s) a copy takes %.2f times as long as by the plain path%s.",
	    shown->name, sum.ratio.median, memory);
}

static void say_methods(struct findings *findings)
{
	const struct zc_result *result = findings->result;
	int route = main_route(result);
	const struct zc_method_result *rw = method_named(result, "read+write, whole file");
	const struct zc_method_result *sf = method_named(result, "sendfile");
	const struct zc_cell *slow = rw ? &rw->cell[route][0] : NULL;
	const struct zc_cell *fast = sf ? &sf->cell[route][0] : NULL;

	if (!slow || !fast || !slow->samples || !fast->samples || wall_of(slow) <= 0)
		return;
	say(findings,
	    "The article's two programs, plain, %s: sendfile takes %.2f times as long as "
	    "read+write "
	    "through a buffer of the whole file.",
	    zc_route_names[route], wall_of(fast) / wall_of(slow));
	if (!slow->counts.known || !fast->counts.known)
		return;
	say(findings,
	    "read+write carries %.2f times the file through the program's memory with %ld system "
	    "calls, sendfile %.2f times with %ld.",
	    (double)slow->counts.copier_bytes / (double)(result->size ? result->size : 1),
	    slow->counts.system_calls,
	    (double)fast->counts.copier_bytes / (double)(result->size ? result->size : 1),
	    fast->counts.system_calls);
}

static void say_fastest(struct findings *findings)
{
	const struct zc_result *result = findings->result;
	const struct zc_method_result *best = NULL;
	int route = main_route(result);

	for (int i = 0; i < result->methods; i++) {
		const struct zc_method_result *method = &result->method[i];

		if (method->cell[route][0].samples &&
		    (!best || wall_of(&method->cell[route][0]) < wall_of(&best->cell[route][0])))
			best = method;
	}
	if (best)
		say(findings, "Fastest by the plain path, %s: %s, %.1f ms.", zc_route_names[route],
		    best->name, 1000 * wall_of(&best->cell[route][0]));
}

static void say_which_plane(struct findings *findings)
{
	const struct zc_result *result = findings->result;
	double least = 0;
	int best = -1;

	for (int way = 2; way < result->ways; way++) {
		struct summary sum = summarize(result, way);

		if (sum.methods && (best < 0 || sum.ratio.median < least)) {
			best = way;
			least = sum.ratio.median;
		}
	}
	if (best >= 0 && result->ways > 3)
		say(findings, "For files like this one take the plane %s.", result->way[best].name);
}

static void say_noise(struct findings *findings)
{
	double noise = zc_noise(findings->result);

	say(findings,
	    "The plain path against itself differs by %.0f %% here (quartile to quartile): %s",
	    100 * noise,
	    noise > 0.2 ? "this machine is noisy; take more --repeats, or a larger --size, and "
			  "believe no small difference."
			: "smaller differences mean nothing.");
}

int zc_findings(const struct zc_result *result, char finding[][ZC_FINDING_SIZE], int most)
{
	struct findings findings = { result, finding, 0, most };

	for (int way = 2; way < result->ways; way++)
		say_way(&findings, way);
	say_which_plane(&findings);
	say_methods(&findings);
	say_fastest(&findings);
	say_noise(&findings);
	return findings.count;
}
