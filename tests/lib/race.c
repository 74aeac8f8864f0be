/* SPDX-License-Identifier: MIT */
/*
 * What tests share in which many threads do random things to the same names.
 * Must not know which things.
 */
#include "zct.h"

#include <errno.h>

uint32_t zct_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

void zct_raced(long result, const char *what)
{
	static const int possible[] = { ENOENT, EEXIST, ENOTDIR, EISDIR, ENOTEMPTY, EINVAL, EPERM };

	if (result >= 0)
		return;
	for (size_t i = 0; i < sizeof(possible) / sizeof(possible[0]); i++) {
		if (errno == possible[i])
			return;
	}
	zct_fail(ZCT_HERE, "%s: %s", what, strerrorname_np(errno));
}
