// SPDX-License-Identifier: MIT
// The article's two figures from what was counted: whose memory the bytes passed, how often a program and
// the kernel took turns. Must not know how it was counted, nor draw what was not.
#include "html.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

/* Units of the picture. Above LINE is user space, below it the kernel. */
#define WIDTH	346
#define HEIGHT	226
#define LINE	100
#define BOX_TOP 164
#define PER	7.0 /* width of an arrow that carries the file once */
#define LETTER	6.8
#define WIDEST	26.0

struct picture {
	FILE *out;
	const struct zc_result *result;
	const struct zc_method_result *method;
	int route, way;
	const struct zc_cell *cell;
	const struct zc_counts *counts;
	bool daemon;
};

static double times(const struct picture *picture, double bytes)
{
	return picture->result->size ? bytes / (double)picture->result->size : 0;
}

/* ---- bytes ----------------------------------------------------------------------------------- */

/* What a mapping shows has not been carried in by a system call, so all of copier_bytes goes out. */
static double bytes_in(const struct zc_counts *counts)
{
	return counts->mapped_bytes ? (double)counts->mapped_bytes
				    : (double)counts->copier_bytes / 2;
}

static double bytes_out(const struct zc_counts *counts)
{
	return counts->mapped_bytes ? (double)counts->copier_bytes
				    : (double)counts->copier_bytes / 2;
}

/* The rest has come to its place, too: the copies are equal. */
static double bytes_in_kernel(const struct picture *picture)
{
	return fmax(0, (double)picture->result->size - bytes_out(picture->counts));
}

static double medians(const struct zc_cell *cell, size_t one, size_t other)
{
	return zc_figure_of_count(cell, one).median + zc_figure_of_count(cell, other).median;
}

static double copier_switches(const struct zc_cell *cell)
{
	return medians(cell, offsetof(struct zc_sample, copier_voluntary),
		       offsetof(struct zc_sample, copier_involuntary));
}

static double daemon_switches(const struct zc_cell *cell)
{
	return medians(cell, offsetof(struct zc_sample, daemon_voluntary),
		       offsetof(struct zc_sample, daemon_involuntary));
}

static uint64_t requests_of(const struct zc_counts *counts)
{
	uint64_t sum = 0;

	for (int i = 0; i < counts->requests; i++)
		sum += counts->request[i].count;
	return sum;
}

/* ---- strokes --------------------------------------------------------------------------------- */

struct arrow {
	double x1, y1, x2, y2;
	const char *pen;
};

#define COPIER	"c-arrow"
#define KERNEL	"k-arrow"
#define DAEMON	"d-arrow"
#define SPLICED "s-arrow"

/* A polygon: shaft as wide as the bytes, head a little wider. Nothing without bytes. */
static void draw_arrow(const struct picture *picture, struct arrow at, double bytes)
{
	double half = fmin(WIDEST, fmax(1, PER * times(picture, bytes))) / 2, head = half + 4;
	double length = hypot(at.x2 - at.x1, at.y2 - at.y1);
	double dx = (at.x2 - at.x1) / length, dy = (at.y2 - at.y1) / length;
	double nx = at.x2 - dx * (head + 1), ny = at.y2 - dy * (head + 1); /* neck */

	if (bytes <= 0)
		return;
	fprintf(picture->out,
		"<polygon class=\"%s\" data-bytes=\"%.0f\" data-width=\"%.2f\" points=\"%.1f,%.1f "
		"%.1f,%.1f %.1f,%.1f %.1f,%.1f %.1f,%.1f %.1f,%.1f %.1f,%.1f\"/>",
		at.pen, bytes, 2 * half, at.x1 - dy * half, at.y1 + dx * half, nx - dy * half,
		ny + dx * half, nx - dy * head, ny + dx * head, at.x2, at.y2, nx + dy * head,
		ny - dx * head, nx + dy * half, ny - dx * half, at.x1 + dy * half,
		at.y1 - dx * half);
}

static void draw_box(const struct picture *picture, const char *class, double x, double y,
		     double width, double height)
{
	fprintf(
	    picture->out,
	    "<rect class=\"%s\" x=\"%.0f\" y=\"%.0f\" width=\"%.0f\" height=\"%.0f\" rx=\"3\"/>",
	    class, x, y, width, height);
}

__attribute__((format(printf, 5, 6))) static void draw_text(const struct picture *picture,
							    const char *anchor, double x, double y,
							    const char *format, ...)
{
	char text[200];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	fprintf(picture->out, "<text text-anchor=\"%s\" x=\"%.0f\" y=\"%.0f\">", anchor, x, y);
	zc_html_text(picture->out, text);
	fputs("</text>", picture->out);
}

/* "16 MiB" and "1.00 x" below it. */
static void draw_bytes(const struct picture *picture, const char *anchor, double x, double y,
		       double bytes)
{
	char size[ZC_WORD_SIZE];

	if (bytes <= 0)
		return;
	draw_text(picture, anchor, x, y, "%s", zc_words_size(bytes, size));
	draw_text(picture, anchor, x, y + 13, "%.2f\u00d7", times(picture, bytes));
}

/* ---- the parts ------------------------------------------------------------------------------- */

static void draw_bands(const struct picture *picture)
{
	draw_box(picture, "band", 0, LINE, WIDTH, HEIGHT - LINE);
	fprintf(picture->out, "<path class=\"border\" d=\"M0 %dH%d\"/>", LINE, WIDTH);
	draw_text(picture, "start", 2, 13, "user space: programs");
	draw_text(picture, "start", 4, HEIGHT - 5, "kernel");
}

static const char *const ends[ZC_ROUTES][4] = {
	[ZC_FILE_TO_FILE] = { "the file", "page cache", "the copy", "page cache" },
	[ZC_FILE_TO_TCP] = { "the file", "page cache", "TCP", "socket" },
	[ZC_FILE_TO_UNIX] = { "the file", "page cache", "UNIX", "socket" },
	[ZC_SOCKET_TO_FILE] = { "TCP", "socket", "the copy", "page cache" },
};

static void draw_ends(const struct picture *picture)
{
	const char *const *text = ends[picture->route];

	for (int i = 0; i < 2; i++) {
		double x = i ? 130 : 4;

		draw_box(picture, "box", x, BOX_TOP, 76, 40);
		draw_text(picture, "middle", x + 38, BOX_TOP + 17, "%s", text[(size_t)i * 2]);
		draw_text(picture, "middle", x + 38, BOX_TOP + 32, "%s", text[(size_t)i * 2 + 1]);
	}
}

/* What stands at a border in white, so that it is read on any ground. */
static void draw_badge(const struct picture *picture, double x, const char *upper,
		       const char *lower)
{
	double width = LETTER * fmax((double)strlen(upper), (double)strlen(lower)) + 6;

	draw_box(picture, "badge", x - width / 2, LINE - 16, width, 32);
	draw_text(picture, "middle", x, LINE - 3, "%s", upper);
	draw_text(picture, "middle", x, LINE + 11, "%s", lower);
}

static void draw_copier(const struct picture *picture)
{
	const struct zc_counts *counts = picture->counts;
	double in = bytes_in(counts), out = bytes_out(counts), kernel = bytes_in_kernel(picture);
	char upper[40], lower[40];

	draw_box(picture, in + out > 0 ? "box" : "box idle", 4, 20, 202, 40);
	draw_text(picture, "middle", 105, 37, "the copier's memory");
	draw_text(picture, "middle", 105, 53,
		  in + out > 0 ? "in and out: %.2f\u00d7 the file" : "no byte of the file",
		  times(picture, in + out));
	draw_arrow(picture, (struct arrow){ 24, BOX_TOP, 24, 61, COPIER }, in);
	draw_arrow(picture, (struct arrow){ 186, 60, 186, BOX_TOP - 1, COPIER }, out);
	draw_arrow(picture, (struct arrow){ 81, BOX_TOP + 20, 129, BOX_TOP + 20, KERNEL }, kernel);
	draw_bytes(picture, "start", 40, 132, in);
	draw_bytes(picture, "end", 170, 132, out);
	draw_bytes(picture, "middle", 105, BOX_TOP - 12, in + out > 0 ? 0 : kernel);
	snprintf(upper, sizeof(upper), "%ld system calls", counts->system_calls);
	snprintf(lower, sizeof(lower), "%ld crossings", 2 * counts->system_calls);
	draw_badge(picture, 105, upper, lower);
}

static void draw_daemon_bytes(const struct picture *picture)
{
	double copied = (double)picture->counts->daemon_copied / 2;
	double spliced = (double)picture->counts->daemon_spliced;

	draw_arrow(picture, (struct arrow){ 234, BOX_TOP, 234, 61, DAEMON }, copied);
	draw_arrow(picture, (struct arrow){ 330, 60, 330, BOX_TOP - 1, DAEMON }, copied);
	draw_arrow(picture, (struct arrow){ 262, BOX_TOP, 262, 141, SPLICED }, spliced);
	draw_arrow(picture, (struct arrow){ 302, 140, 302, BOX_TOP - 1, SPLICED }, spliced);
	if (spliced > 0) {
		draw_box(picture, "box", 242, 120, 80, 20);
		draw_text(picture, "middle", 282, 134, "pipe %.2f\u00d7", times(picture, spliced));
	} else {
		draw_bytes(picture, "middle", 282, 135, copied);
	}
}

static void draw_daemon(const struct picture *picture)
{
	const struct zc_counts *counts = picture->counts;
	double copied = (double)counts->daemon_copied;
	char upper[40], lower[40];

	fprintf(picture->out, "<path class=\"link\" d=\"M206 %dH222\"/>", BOX_TOP + 20);
	draw_box(picture, copied > 0 ? "box" : "box idle", 222, 20, 120, 40);
	draw_text(picture, "middle", 282, 37, "daemon's memory");
	draw_box(picture, "box", 222, BOX_TOP, 120, 40);
	draw_text(picture, "middle", 282, BOX_TOP + 17, "the mount (FUSE)");
	if (!counts->daemon_known) {
		draw_text(picture, "middle", 282, 53, "not counted");
		return;
	}
	draw_text(picture, "middle", 282, 53, copied > 0 ? "in and out: %.2f\u00d7" : "no byte",
		  times(picture, copied));
	draw_text(picture, "middle", 282, BOX_TOP + 32, "%s",
		  copied + (double)counts->daemon_spliced > 0 ? "carries data" : "carries no data");
	draw_daemon_bytes(picture);
	snprintf(upper, sizeof(upper), "%llu requests", (unsigned long long)requests_of(counts));
	snprintf(lower, sizeof(lower), "%.0f switches", daemon_switches(picture->cell));
	draw_badge(picture, 282, upper, lower);
}

/* ---- around it ------------------------------------------------------------------------------- */

/* "2.00 times the file", or that there is nothing. */
static void tell_bytes(const struct picture *picture, double bytes, const char *where,
		       const char *how)
{
	char size[ZC_WORD_SIZE];

	if (bytes > 0)
		zc_html_print(picture->out, "%.2f times the file (%s) %s%s", times(picture, bytes),
			      zc_words_size(bytes, size), where, how);
	else
		zc_html_print(picture->out, "no byte %s", where);
}

static void describe_daemon(const struct picture *picture)
{
	const struct zc_counts *counts = picture->counts;

	if (!counts->daemon_known) {
		fputs("; what passed the daemon could not be counted", picture->out);
		return;
	}
	fputs("; ", picture->out);
	tell_bytes(picture, (double)counts->daemon_copied, "through the daemon's memory",
		   ", in and out");
	if (counts->daemon_spliced) {
		fputs(", ", picture->out);
		tell_bytes(picture, (double)counts->daemon_spliced, "past it through its pipe", "");
	}
	zc_html_print(picture->out, ", on %llu requests", (unsigned long long)requests_of(counts));
}

static void describe(const struct picture *picture)
{
	const struct zc_counts *counts = picture->counts;

	tell_bytes(picture, bytes_in(counts) + bytes_out(counts), "through the copier's memory",
		   ", in and out");
	zc_html_print(picture->out, ", by %ld system calls: %ld crossings", counts->system_calls,
		      2 * counts->system_calls);
	if (picture->daemon)
		describe_daemon(picture);
	zc_html_print(picture->out, ". Switches to another process: %.0f of the copier",
		      copier_switches(picture->cell));
	if (picture->daemon)
		zc_html_print(picture->out, ", %.0f of the daemon", daemon_switches(picture->cell));
	fputs(".", picture->out);
}

static void print_title(const struct picture *picture)
{
	zc_html_text(picture->out, picture->method->name);
	zc_html_print(picture->out, picture->way ? ": mount, %s" : ": %s path",
		      zc_words_way(&picture->result->way[picture->way]));
}

static void print_requests(const struct picture *picture)
{
	const struct zc_counts *counts = picture->counts;

	for (int i = 0; i < counts->requests; i++)
		zc_html_print(picture->out, "%s%s %llu",
			      i ? ", " : " Requests: ", counts->request[i].name,
			      (unsigned long long)counts->request[i].count);
	fputs(counts->requests ? "." : "", picture->out);
}

static void print_svg(const struct picture *picture)
{
	fprintf(picture->out,
		"<svg viewBox=\"0 0 %d %d\" role=\"img\" font-size=\"12\" data-way=\"%d\"><title>",
		WIDTH, HEIGHT, picture->way);
	print_title(picture);
	fputs("</title><desc>", picture->out);
	describe(picture);
	fputs("</desc>\n", picture->out);
	draw_bands(picture);
	draw_ends(picture);
	draw_copier(picture);
	if (picture->daemon)
		draw_daemon(picture);
	else
		draw_text(picture, "middle", 282, 44, "(no daemon)");
	fputs("</svg>\n", picture->out);
}

static void print_picture(const struct picture *picture)
{
	fputs("<figure class=\"picture\"><h4>", picture->out);
	print_title(picture);
	fputs("</h4>\n", picture->out);
	print_svg(picture);
	fputs("<figcaption><p>", picture->out);
	describe(picture);
	print_requests(picture);
	fputs("</p></figcaption></figure>\n", picture->out);
}

static bool is_watched(const struct zc_method_result *method, int route)
{
	return method && method->cell[route][0].counts.known;
}

/* The article's two, or the first two others: ret_two may end with NULL. */
static void choose(const struct zc_result *result, int route,
		   const struct zc_method_result *ret_two[2])
{
	static const char *const names[2] = { ZC_ARTICLE_READ_WRITE, ZC_ARTICLE_SENDFILE };
	int count = 0;

	ret_two[0] = ret_two[1] = NULL;
	for (int i = 0; i < 2; i++)
		if (is_watched(zc_method_find(result, names[i]), route))
			ret_two[count++] = zc_method_find(result, names[i]);
	for (int i = 0; i < result->methods && count < 2; i++)
		if (is_watched(&result->method[i], route) && &result->method[i] != ret_two[0])
			ret_two[count++] = &result->method[i];
}

static void explain(FILE *out, int route)
{
	fprintf(
	    out,
	    "<h2>Where the bytes go</h2>\n<p>The article draws two figures: with read and write "
	    "every byte is copied into the program's memory and out again, with sendfile it stays "
	    "in the kernel. Here are the same figures, %s, drawn from what was counted while this "
	    "machine copied: first without the mount, then through it. The program that copies is "
	    "called the copier, the one that serves the mount the daemon.</p>\n",
	    zc_words_route(route));
	fputs(
	    "<ul class=\"small\"><li>An arrow is as wide as the bytes that it carries are many; "
	    "1.00\u00d7 is the file once.</li>"
	    "<li>Filled arrows go into and out of the copier's memory, hatched ones into and out "
	    "of "
	    "the daemon's memory, dotted ones through the daemon's pipe: inside the kernel, where "
	    "the daemon does not hold them. What goes in and what comes out is counted together; "
	    "each of the two arrows shows half.</li>"
	    "<li>The white arrow is what moved inside the kernel without the copier having held "
	    "it.</li>"
	    "<li>A system call crosses the dashed line twice, in and back: these crossings are the "
	    "article's context switches. A switch is one from process to process.</li></ul>\n",
	    out);
}

static void print_method(FILE *out, const struct zc_result *result,
			 const struct zc_method_result *method, int route, int way)
{
	const struct zc_cell *cell = &method->cell[route][way];
	struct picture picture = { out, result, method, route, way, cell, &cell->counts, way >= 2 };

	if (cell->counts.known)
		print_picture(&picture);
}

void zc_html_pictures(FILE *out, const struct zc_result *result)
{
	const struct zc_method_result *two[2];
	int route = zc_main_route(result);

	choose(result, route, two);
	if (!two[0])
		return;
	explain(out, route);
	for (int way = 0; way < result->ways; way++) {
		if (way == 1)
			continue;
		fputs("<h3>", out);
		zc_html_print(out, way ? "Through the mount: plane %s" : "Without the mount",
			      zc_words_way(&result->way[way]));
		fputs("</h3>\n", out);
		zc_html_plane(out, &result->way[way]);
		fputs("<div class=\"grid\">\n", out);
		for (int i = 0; i < 2 && two[i]; i++)
			print_method(out, result, two[i], route, way);
		fputs("</div>\n", out);
	}
}
