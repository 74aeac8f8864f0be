/* SPDX-License-Identifier: MIT */
/*
 * The measures of a sample by name, one row each: for all who write or read them in order.
 * Must not know who that is.
 */
#ifndef ZC_COMPARE_FIELDS_H
#define ZC_COMPARE_FIELDS_H

#include "result.h"

#include <stddef.h>

struct zc_field {
	const char *name; /* as the JSON has it */
	size_t offset;	  /* in struct zc_sample */
	bool count;	  /* a long, else a double */
};

extern const struct zc_field zc_fields[];
extern const int zc_field_count;

#endif
