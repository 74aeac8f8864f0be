// SPDX-License-Identifier: MIT
// The decision which plane an open takes.
// Must not make system calls: it is tested as a table.
#include "zcfs/plane.h"

enum zc_plane zc_plane_fallback(void)
{
	return ZC_PLANE_SPLICE;
}

enum zc_plane zc_plane_choose(enum zc_plane best, const struct zc_open_facts *facts)
{
	if (facts->already != ZC_PLANE_NONE)
		return facts->already;
	if (best == ZC_PLANE_PASSTHROUGH && facts->writes && facts->setid)
		return zc_plane_fallback();
	return best;
}

const char *zc_plane_name(enum zc_plane plane)
{
	static const char *const names[] = {
		[ZC_PLANE_NONE] = "none",     [ZC_PLANE_PASSTHROUGH] = "passthrough",
		[ZC_PLANE_SPLICE] = "splice", [ZC_PLANE_COPY] = "copy",
		[ZC_PLANE_CACHED] = "cached",
	};

	return names[plane];
}
