/* SPDX-License-Identifier: MIT */
/*
 * Names as people type them: what fits, and what was probably meant. Pure.
 * Must not know what the names are for.
 */
#ifndef ZC_COMPARE_SPELLING_H
#define ZC_COMPARE_SPELLING_H

#include <stdbool.h>
#include <stddef.h>

/* The nth of some names, NULL behind the last one. */
typedef const char *zc_names_fn(int n);

/* Upper and lower case are one; blanks, commas and dashes do not count: "read+write-64k" begins
 * "read+write, 64 KiB". */
enum zc_fit { ZC_FITS_NOT, ZC_FITS_BEGIN, ZC_FITS_ALL };
enum zc_fit zc_spelling_fit(const char *typed, const char *name);

/* The name to which the fewest letters have to be changed, NULL if that would be a third of them
 * or more. */
const char *zc_spelling_nearest(const char *typed, zc_names_fn *names);

/*
 * A list between commas: sets the bit of each name that an item is, or else of all that it begins.
 * At most 64 names. 0, or -EINVAL with the item at fault (cut to what fits) in ret_bad.
 */
int zc_spelling_list(const char *list, zc_names_fn *names, unsigned long long *ret_bits,
		     char ret_bad[64]);

#endif
