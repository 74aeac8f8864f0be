// SPDX-License-Identifier: MIT
// Bars of time and of processor time, a group for each method, a bar for each way.
// Must not know what is said around them.
#include "html.h"

#include <math.h>

/* Units of the picture: it is as wide as a phone. */
#define WIDTH 360
#define LEFT  84 /* names of ways */
#define BAR   13
#define PITCH 18
#define HEAD  22 /* name of a method */
#define GAP   8

struct bar {
	double copier, daemon;	/* seconds; of a wall time: copier is all of it */
	struct zc_figure whole; /* for the whiskers */
};

typedef struct bar bar_fn(const struct zc_cell *cell);

struct kind {
	const char *title, *about;
	bool stacked;
	int right; /* room for what stands behind a bar */
	bar_fn *bar;
};

struct chart {
	FILE *out;
	const struct zc_result *result;
	const struct kind *kind;
	int route, y;
	double most; /* seconds at the right end */
};

static struct bar wall_bar(const struct zc_cell *cell)
{
	struct zc_figure wall = zc_figure_of(cell, offsetof(struct zc_sample, wall));

	return (struct bar){ wall.median, 0, wall };
}

static struct bar cpu_bar(const struct zc_cell *cell)
{
	double copier[ZC_MAX_REPEATS], whole[ZC_MAX_REPEATS];

	for (int i = 0; i < cell->samples; i++) {
		copier[i] = zc_sample_copier(&cell->sample[i]);
		whole[i] = zc_sample_total(&cell->sample[i]);
	}
	return (struct bar){ zc_figure_of_values(copier, cell->samples).median,
			     zc_figure_of(cell, offsetof(struct zc_sample, daemon_cpu)).median,
			     zc_figure_of_values(whole, cell->samples) };
}

static const struct kind kinds[] = {
	{ "Time", "how long the copy took by the clock on the wall", false, 64, wall_bar },
	{ "Processor time", "of the copier and, behind it, of the daemon", true, 108, cpu_bar },
};

/* The control is no bar: it is what the whiskers are for. */
static bool is_shown(const struct zc_cell *ways, int way)
{
	return way != 1 && ways[way].samples > 0;
}

static int bars_of(const struct chart *chart, int method)
{
	const struct zc_cell *ways = chart->result->method[method].cell[chart->route];
	int bars = 0;

	for (int way = 0; way < chart->result->ways; way++)
		bars += is_shown(ways, way);
	return bars;
}

/* How far the bars of a chart go: all of them by one measure. */
static double most_of(const struct chart *chart)
{
	double most = 0;

	for (int i = 0; i < chart->result->methods; i++)
		for (int way = 0; way < chart->result->ways; way++) {
			const struct zc_cell *ways = chart->result->method[i].cell[chart->route];
			struct bar bar = chart->kind->bar(&ways[way]);

			if (is_shown(ways, way))
				most = fmax(most, fmax(bar.whole.high, bar.copier + bar.daemon));
		}
	return most;
}

static int plot_of(const struct chart *chart)
{
	return WIDTH - LEFT - chart->kind->right;
}

static double width_of(const struct chart *chart, double seconds)
{
	return chart->most > 0 ? plot_of(chart) * seconds / chart->most : 0;
}

static void print_rect(const struct chart *chart, const char *class, const char *pattern,
		       double from, double seconds)
{
	fprintf(chart->out,
		"<rect class=\"%s\" data-seconds=\"%.9f\" x=\"%.2f\" y=\"%d\" width=\"%.2f\" "
		"height=\"%d\" fill=\"url(#%s)\" stroke=\"#1a1a1a\" stroke-width=\".75\"/>",
		class, seconds, LEFT + width_of(chart, from), chart->y, width_of(chart, seconds),
		BAR, pattern);
}

/* White below black: it is seen on every pattern. */
static void print_whisker(const struct chart *chart, struct zc_figure whole)
{
	double low = LEFT + width_of(chart, whole.low), high = LEFT + width_of(chart, whole.high);
	static const char *const pens[] = { "#fff\" stroke-width=\"3.5",
					    "#000\" stroke-width=\"1.25" };

	for (int i = 0; i < 2; i++)
		fprintf(chart->out,
			"<path class=\"whisker\" fill=\"none\" stroke=\"%s\" "
			"d=\"M%.2f %dv6M%.2f %dH%.2fM%.2f %dv6\"/>",
			pens[i], low, chart->y + 3, low, chart->y + 6, high, high, chart->y + 3);
}

/* Both in one unit: the room behind the longest bar is short. */
static void print_both(FILE *out, struct bar bar)
{
	int digits = bar.copier + bar.daemon < 0.1;

	if (bar.copier + bar.daemon >= 1)
		fprintf(out, "%.2f + %.2f s", bar.copier, bar.daemon);
	else
		fprintf(out, "%.*f + %.*f ms", digits, 1000 * bar.copier, digits,
			1000 * bar.daemon);
}

static void print_value(const struct chart *chart, struct bar bar)
{
	char text[ZC_WORD_SIZE];

	if (chart->kind->stacked && bar.daemon > 0)
		print_both(chart->out, bar);
	else
		fputs(zc_words_time(bar.copier, text), chart->out);
}

static void print_label(const struct chart *chart, struct bar bar)
{
	double end = width_of(chart, fmax(bar.whole.high, bar.copier + bar.daemon));

	fprintf(chart->out, "<text x=\"%.2f\" y=\"%d\">", LEFT + end + 4, chart->y + 11);
	print_value(chart, bar);
	fputs("</text>\n", chart->out);
}

static void print_bar(struct chart *chart, const struct zc_cell *cell,
		      const struct zc_way_result *way)
{
	struct bar bar = chart->kind->bar(cell);

	fprintf(chart->out, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">", LEFT - 4,
		chart->y + 11);
	zc_html_text(chart->out, zc_words_way(way));
	fputs("</text>", chart->out);
	if (chart->kind->stacked) {
		print_rect(chart, "bar copier", "w-plain", 0, bar.copier);
		if (bar.daemon > 0)
			print_rect(chart, "bar daemon", "w-copy", bar.copier, bar.daemon);
	} else {
		print_rect(chart, "bar wall", zc_html_pattern(way), 0, bar.copier);
	}
	print_whisker(chart, bar.whole);
	print_label(chart, bar);
	chart->y += PITCH;
}

/* What the picture shows, for those who do not see it. */
static void describe(const struct chart *chart, const struct zc_method_result *method)
{
	const struct zc_cell *ways = method->cell[chart->route];
	bool begun = false;

	fputs("<title>", chart->out);
	zc_html_print(chart->out, "%s %s: %s", chart->kind->title, zc_words_route(chart->route),
		      method->name);
	fputs("</title><desc>", chart->out);
	for (int way = 0; way < chart->result->ways; way++) {
		if (!is_shown(ways, way))
			continue;
		zc_html_print(chart->out, "%s%s ", begun ? ", " : "",
			      zc_words_way(&chart->result->way[way]));
		print_value(chart, chart->kind->bar(&ways[way]));
		begun = true;
	}
	fputs("</desc>\n", chart->out);
}

/* A picture of its own: a page of paper ends between two. */
static void print_method(struct chart *chart, int number)
{
	const struct zc_method_result *method = &chart->result->method[number];
	const struct zc_cell *ways = method->cell[chart->route];
	int bars = bars_of(chart, number);

	if (!bars)
		return;
	fprintf(chart->out, "<svg viewBox=\"0 0 %d %d\" role=\"img\" font-size=\"12.5\">", WIDTH,
		HEAD + bars * PITCH + GAP);
	describe(chart, method);
	fputs("<text x=\"0\" y=\"16\" font-weight=\"600\" font-size=\"13\">", chart->out);
	zc_html_text(chart->out, method->name);
	fputs("</text>\n", chart->out);
	chart->y = HEAD;
	for (int way = 0; way < chart->result->ways; way++)
		if (is_shown(ways, way))
			print_bar(chart, &ways[way], &chart->result->way[way]);
	fprintf(chart->out, "<path d=\"M%d %dV%d\" stroke=\"#1a1a1a\"/></svg>\n", LEFT, HEAD - 2,
		chart->y - 2);
}

static void print_key(FILE *out, const char *pattern, const char *name)
{
	fprintf(out,
		"<li><svg class=\"key\" viewBox=\"0 0 36 16\" aria-hidden=\"true\"><rect "
		"x=\".5\" y=\".5\" width=\"35\" height=\"15\" fill=\"url(#%s)\" "
		"stroke=\"#1a1a1a\"/></svg>",
		pattern);
	zc_html_text(out, name);
	fputs("</li>", out);
}

static void print_keys(const struct chart *chart)
{
	fputs("<ul class=\"keys\">", chart->out);
	if (chart->kind->stacked) {
		print_key(chart->out, "w-plain", "copier");
		print_key(chart->out, "w-copy", "daemon");
	}
	for (int way = 0; way < chart->result->ways && !chart->kind->stacked; way++)
		if (way != 1)
			print_key(chart->out, zc_html_pattern(&chart->result->way[way]),
				  zc_words_way(&chart->result->way[way]));
	fputs("</ul>\n", chart->out);
}

static void print_chart(struct chart *chart)
{
	chart->most = most_of(chart);
	fprintf(chart->out,
		"<figure class=\"chart\" data-most=\"%.9f\" data-plot=\"%d\"><figcaption>"
		"<p><b>%s</b>: %s</p>\n",
		chart->most, plot_of(chart), chart->kind->title, chart->kind->about);
	print_keys(chart);
	fputs("</figcaption>", chart->out);
	for (int i = 0; i < chart->result->methods; i++)
		print_method(chart, i);
	fputs("</figure>\n", chart->out);
}

bool zc_html_has_route(const struct zc_result *result, int route)
{
	struct chart chart = { .result = result, .route = route };

	for (int i = 0; i < result->methods; i++)
		if (bars_of(&chart, i))
			return true;
	return false;
}

void zc_html_charts(FILE *out, const struct zc_result *result, int route)
{
	fputs("<div class=\"grid\">\n", out);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct chart chart = {
			.out = out, .result = result, .kind = &kinds[i], .route = route
		};

		print_chart(&chart);
	}
	fputs("</div>\n", out);
}
