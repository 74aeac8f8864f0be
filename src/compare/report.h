/* SPDX-License-Identifier: MIT */
/*
 * What people and programs are shown of a result. Must not know how it came about.
 * 0, or -errno (the file's: ENOSPC, EACCES, ...). Nothing is printed about errors: the caller does.
 */
#ifndef ZC_COMPARE_REPORT_H
#define ZC_COMPARE_REPORT_H

#include "result.h"

#include <stdio.h>

/* A table for a terminal of that many columns (80 at least), then the findings. */
int zc_report_table(const struct zc_result *result, FILE *out, int columns);

#define ZC_REPORT_SCHEMA "zcfs-compare 1"

/* Everything, the shape of which is told in zcfs-compare(1) and guarded by a test. Bytes that
 * are no UTF-8 (of file names) become "?". */
int zc_report_json(const struct zc_result *result, FILE *out);

/* One page without anything from the network. */
int zc_report_html(const struct zc_result *result, FILE *out);

/* The other direction, for tests and to draw a page anew: NULL and -errno in *ret_err (EINVAL: not
 * of that shape). Caller frees with zc_result_fini and free. */
struct zc_result *zc_result_from_json(FILE *in, int *ret_err);

/*
 * What the figures say in plain sentences, one after the other, worst first where one is bad:
 * up to that many, each a line without its end. Returns how many.
 */
#define ZC_FINDING_SIZE 400
int zc_findings(const struct zc_result *result, char finding[][ZC_FINDING_SIZE], int most);

#endif
