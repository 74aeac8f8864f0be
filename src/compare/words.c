// SPDX-License-Identifier: MIT
// Sizes, times, routes and ways as people say them.
// Must not know where it is shown.
#include "words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const routes[ZC_ROUTES] = {
	[ZC_FILE_TO_FILE] = "from file to file",
	[ZC_FILE_TO_TCP] = "from file to a TCP connection",
	[ZC_FILE_TO_UNIX] = "from file to a UNIX socket",
	[ZC_SOCKET_TO_FILE] = "from a TCP connection to file",
};

const char *zc_words_size(double bytes, char ret_text[ZC_WORD_SIZE])
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB" };
	int unit = 0;

	for (; bytes >= 1024 && unit < 4; unit++)
		bytes /= 1024;
	snprintf(ret_text, ZC_WORD_SIZE,
		 fabs(bytes - round(bytes)) < 0.05 || bytes >= 100 ? "%.0f %s" : "%.1f %s", bytes,
		 units[unit]);
	return ret_text;
}

const char *zc_words_time(double seconds, char ret_text[ZC_WORD_SIZE])
{
	double ms = 1000 * seconds;

	if (ms >= 1000)
		snprintf(ret_text, ZC_WORD_SIZE, "%.2f s", seconds);
	else
		snprintf(ret_text, ZC_WORD_SIZE, "%.*f ms", ms >= 100 ? 0 : ms >= 1 ? 1 : 3, ms);
	return ret_text;
}

const char *zc_words_route(int route)
{
	return route >= 0 && route < ZC_ROUTES ? routes[route] : NULL;
}

const char *zc_words_way(const struct zc_way_result *way)
{
	return !strcmp(way->name, "mount") && way->plane[0] ? way->plane : way->name;
}
