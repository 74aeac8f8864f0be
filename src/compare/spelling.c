// SPDX-License-Identifier: MIT
// Fits what was typed to names, and finds the nearest name to what fits none.
// Must not know what the names are for.
#include "spelling.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define LONGEST 48

static const char *next_that_counts(const char *text)
{
	return text + strspn(text, " ,-");
}

enum zc_fit zc_spelling_fit(const char *typed, const char *name)
{
	typed = next_that_counts(typed);
	name = next_that_counts(name);
	if (!*typed)
		return ZC_FITS_NOT;
	while (*typed && tolower((unsigned char)*typed) == tolower((unsigned char)*name)) {
		typed = next_that_counts(typed + 1);
		name = next_that_counts(name + 1);
	}
	if (*typed)
		return ZC_FITS_NOT;
	return *name ? ZC_FITS_BEGIN : ZC_FITS_ALL;
}

static int least(int a, int b, int c)
{
	int two = a < b ? a : b;

	return two < c ? two : c;
}

/* Letters to put in, take out or change (Levenshtein), of the first LONGEST of each. */
static int distance(const char *a, const char *b)
{
	int row[LONGEST + 1], size = (int)strnlen(b, LONGEST);

	for (int k = 0; k <= size; k++)
		row[k] = k;
	for (int i = 0; i < LONGEST && a[i]; i++) {
		int corner = row[0];

		row[0] = i + 1;
		for (int k = 0; k < size; k++) {
			bool same = tolower((unsigned char)a[i]) == tolower((unsigned char)b[k]);
			int changed = corner + !same;

			corner = row[k + 1];
			row[k + 1] = least(changed, row[k] + 1, row[k + 1] + 1);
		}
	}
	return row[size];
}

const char *zc_spelling_nearest(const char *typed, zc_names_fn *names)
{
	const char *best = NULL;
	int least_changes = LONGEST;

	for (int n = 0; names(n); n++) {
		int changes = distance(typed, names(n));

		if (changes < least_changes && changes * 3 < (int)strlen(names(n))) {
			least_changes = changes;
			best = names(n);
		}
	}
	return best;
}

static unsigned long long bits_of(const char *item, zc_names_fn *names)
{
	unsigned long long begun = 0;

	for (int n = 0; names(n); n++) {
		enum zc_fit fit = zc_spelling_fit(item, names(n));

		if (fit == ZC_FITS_ALL)
			return 1ull << n;
		if (fit == ZC_FITS_BEGIN)
			begun |= 1ull << n;
	}
	return begun;
}

int zc_spelling_list(const char *list, zc_names_fn *names, unsigned long long *ret_bits,
		     char ret_bad[64])
{
	unsigned long long all = 0;

	for (const char *at = list;; at++) {
		size_t size = strcspn(at, ",");
		unsigned long long bits;
		char item[64];

		snprintf(item, sizeof(item), "%.*s", (int)(size < sizeof(item) ? size : 63), at);
		bits = size < sizeof(item) ? bits_of(item, names) : 0;
		if (!bits) {
			snprintf(ret_bad, 64, "%s", item);
			return -EINVAL;
		}
		all |= bits;
		at += size;
		if (!*at)
			break;
	}
	*ret_bits = all;
	return 0;
}
