// SPDX-License-Identifier: MIT
// What the words mean, what machine it was, how to do it again.
// Must not know any figure.
#include "html.h"

#include <string.h>

static const struct {
	const char *term, *meaning;
} terms[] = {
	{ "plain path, mount, daemon",
	  "The plain path is the directory itself. The mount shows the same directory once more, "
	  "through zcfs; the daemon is the zcfs process that answers the kernel's requests for "
	  "it." },
	{ "plane", "How zcfs lets the bytes of a file pass." },
	{ "way",
	  "The path by which a file was reached: the plain path, or the mount on one plane. "
	  "\"Plain again\" is the plain path a second time: two figures that are the same, so "
	  "what lies between them is chance." },
	{ "route",
	  "Where the bytes come from and go to: a file, a TCP connection, a UNIX socket." },
	{ "method",
	  "How the program that copies, the copier, moves the bytes. All are listed below." },
	{ "median, quartile",
	  "Half of all copies took no longer than the median. Half of them lie between the two "
	  "quartiles: the whiskers of the bars." },
	{ "system call, crossing", "A program asks the kernel for something by a system call. It "
				   "crosses into the kernel and "
				   "back; the article calls these crossings context switches." },
	{ "switch", "The processor leaves one process for another: of its own will when it has to "
		    "wait, or forced when its time is over." },
	{ "request", "A question of the kernel to the daemon: open this, read that." },
	{ "clock()",
	  "What the article prints: the processor time of the copier alone. It does not see "
	  "the daemon's work, nor waiting." },
};

static const struct {
	const char *plane, *meaning;
} planes[] = {
	{ "passthrough", "The kernel reads and writes the file itself. The daemon is asked to open "
			 "it, and not for data." },
	{ "splice", "The daemon is asked for every piece, and moves it through a pipe inside the "
		    "kernel: it passes by the daemon, but not through its memory." },
	{ "copy", "The daemon is asked for every piece, and copies it through a buffer in its own "
		  "memory: what zero copy is compared with." },
};

void zc_html_plane(FILE *out, const struct zc_way_result *way)
{
	for (size_t i = 0; i < sizeof(planes) / sizeof(planes[0]); i++)
		if (!strcmp(planes[i].plane, zc_words_way(way)))
			fprintf(out, "<p>%s</p>\n", planes[i].meaning);
}

static void print_planes(FILE *out)
{
	for (size_t i = 0; i < sizeof(planes) / sizeof(planes[0]); i++)
		fprintf(out, "<dt>plane %s</dt><dd>%s</dd>\n", planes[i].plane, planes[i].meaning);
}

void zc_html_words(FILE *out, const struct zc_result *result)
{
	fputs("<h2 id=\"words\">What the words mean</h2>\n<dl>\n", out);
	for (size_t i = 0; i < sizeof(terms) / sizeof(terms[0]); i++)
		fprintf(out, "<dt>%s</dt><dd>%s</dd>\n", terms[i].term, terms[i].meaning);
	print_planes(out);
	fputs("</dl>\n<h3>The methods</h3>\n<dl>\n", out);
	for (int i = 0; i < result->methods; i++) {
		fputs("<dt>", out);
		zc_html_text(out, result->method[i].name);
		fputs("</dt><dd>", out);
		zc_html_text(out, result->method[i].what);
		fputs("</dd>\n", out);
	}
	fputs("</dl>\n", out);
}

static void print_term(FILE *out, const char *term, const char *text)
{
	if (!text[0])
		return;
	fprintf(out, "<dt>%s</dt><dd>", term);
	zc_html_text(out, text);
	fputs("</dd>\n", out);
}

static void print_ways(FILE *out, const struct zc_result *result)
{
	for (int i = 0; i < result->ways; i++) {
		const struct zc_way_result *way = &result->way[i];

		if (i == 1)
			continue;
		fputs("<dt>Way ", out);
		zc_html_text(out, zc_words_way(way));
		fputs("</dt><dd><code>", out);
		zc_html_text(out, way->dir);
		fputs("</code>", out);
		zc_html_print(out, way->note[0] ? " (%s)" : "%s", way->note);
		fputs("</dd>\n", out);
	}
}

void zc_html_machine(FILE *out, const struct zc_result *result)
{
	const struct zc_machine *machine = &result->machine;
	char text[200], memory[ZC_WORD_SIZE];

	fputs("<h2>The machine</h2>\n<dl>\n", out);
	snprintf(text, sizeof(text), "%s, %d of them; %s of memory", machine->processor,
		 machine->processors, zc_words_size((double)machine->memory, memory));
	print_term(out, "Processors", text);
	print_term(out, "Kernel", machine->kernel);
	print_term(out, "Distribution", machine->distribution);
	print_term(out, "File system of the directory", machine->file_system);
	print_term(out, "Date", machine->date);
	print_ways(out, result);
	fputs("</dl>\n", out);
}

void zc_html_repeat(FILE *out, const struct zc_result *result)
{
	fputs("<h2>How to repeat it</h2>\n<pre>", out);
	zc_html_text(out, result->command);
	fputs("</pre>\n<p>", out);
	zc_html_print(out, "That was zcfs-compare %s. It took %.0f seconds.", result->version,
		      result->seconds);
	if (result->sha256[0]) {
		fputs(" SHA-256 of the file and of every copy: <code>", out);
		zc_html_text(out, result->sha256);
		fputs("</code>.", out);
	}
	fputs(" <code>man zcfs-compare</code> tells all options.</p>\n", out);
}
