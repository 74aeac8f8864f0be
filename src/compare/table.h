/* SPDX-License-Identifier: MIT */
/*
 * The rooms of the table among themselves. Must not know how a result came about.
 */
#ifndef ZC_COMPARE_TABLE_H
#define ZC_COMPARE_TABLE_H

#include "figures.h"

#include <stdio.h>

struct zc_table {
	const struct zc_result *result;
	FILE *out;
	int columns; /* no line is longer */
};

/* Text in lines; all but the first begin with indent blanks. Control characters and what is no
 * UTF-8 show as "?": a file name must not move the cursor. */
void zc_table_text(const struct zc_table *table, int indent, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Text in that many columns, cut to them; to the left, or to the right if width is negative. */
void zc_table_cell(const struct zc_table *table, int width, const char *text);

/* What a few telling methods cost on a route: processor time, calls, switches, memory, requests. */
void zc_table_costs(const struct zc_table *table, int route);

#endif
