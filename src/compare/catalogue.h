/* SPDX-License-Identifier: MIT */
/*
 * The names that people may ask for: methods, routes, planes. Pure but for the printing.
 * Must not know who asks, nor what the names do.
 */
#ifndef ZC_COMPARE_CATALOGUE_H
#define ZC_COMPARE_CATALOGUE_H

#include <stdio.h>

/* The nth name, NULL behind the last one. Planes are in the order in which they are measured. */
const char *zc_catalogue_method(int n);
const char *zc_catalogue_route(int n);
const char *zc_catalogue_plane(int n);

/* --list: every name with a sentence. */
void zc_catalogue_print(FILE *out);

#endif
