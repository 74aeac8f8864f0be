/* SPDX-License-Identifier: MIT */
/*
 * The rooms of the page among themselves: text, style, pictures, charts, table, explanations.
 * Must not know how a result came about. Each writes its part; errors stay in out (ferror).
 */
#ifndef ZC_COMPARE_HTML_H
#define ZC_COMPARE_HTML_H

#include "summary.h"
#include "words.h"

#include <stdio.h>

/* Any bytes, as text or inside of quotes: <>&"' are escaped, what is no UTF-8 or is a control
 * character becomes U+FFFD. */
void zc_html_text(FILE *out, const char *bytes);

/* printf, and what comes out is escaped. Cut at 4 KiB. */
void zc_html_print(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The contents of <style>. */
void zc_html_style(FILE *out);

/* An <svg> without size that holds the patterns; first in the body. */
void zc_html_patterns(FILE *out);

/* The pattern of a way, a name for "url(#...)": each way of a result looks different in grey, too. */
const char *zc_html_pattern(const struct zc_way_result *way);

/* Was anything copied on this route? */
bool zc_html_has_route(const struct zc_result *result, int route);

/* Time, and processor time, of all methods on a route. */
void zc_html_charts(FILE *out, const struct zc_result *result, int route);

/* What the pictures mean, and one for each way and each of the article's two methods (or of the first
 * two that were watched). Nothing where nothing was watched. */
void zc_html_pictures(FILE *out, const struct zc_result *result);

/* All figures, one table a route. */
void zc_html_table(FILE *out, const struct zc_result *result);

/* A paragraph of what this way's plane is, where it is known. */
void zc_html_plane(FILE *out, const struct zc_way_result *way);

/* The words, the machine, how to repeat it. */
void zc_html_words(FILE *out, const struct zc_result *result);
void zc_html_machine(FILE *out, const struct zc_result *result);
void zc_html_repeat(FILE *out, const struct zc_result *result);

#endif
