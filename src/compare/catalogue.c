// SPDX-License-Identifier: MIT
// Methods, routes and planes by name, and --list.
// Must not know who asks, nor what the names do.
#include "catalogue.h"

#include "method.h"

static const char *const planes[][2] = {
	{ "passthrough", "the kernel reads and writes the backing file itself" },
	{ "splice", "requests carry the data, the daemon moves it through pipes" },
	{ "copy", "requests carry the data, the daemon copies it through a buffer" },
	{ "cached", "where the daemon has it: requests fill the page cache of the mount" },
};

static const char *const routes[ZC_ROUTES] = {
	[ZC_FILE_TO_FILE] = "a copy of the file, into a plain directory",
	[ZC_FILE_TO_TCP] = "the file, sent over a TCP connection of the loopback interface",
	[ZC_FILE_TO_UNIX] = "the file, sent over a UNIX socket",
	[ZC_SOCKET_TO_FILE] = "the other way: what comes from a socket, written to a file",
};

const char *zc_catalogue_method(int n)
{
	return n < zc_method_count ? zc_methods[n].name : NULL;
}

const char *zc_catalogue_route(int n)
{
	return n < ZC_ROUTES ? zc_route_names[n] : NULL;
}

const char *zc_catalogue_plane(int n)
{
	return n < (int)(sizeof(planes) / sizeof(planes[0])) ? planes[n][0] : NULL;
}

void zc_catalogue_print(FILE *out)
{
	fprintf(out, "Methods (blanks, commas and dashes do not count: read+write-64k):\n");
	for (int i = 0; i < zc_method_count; i++)
		fprintf(out, "  %-23s%s%s\n", zc_methods[i].name, zc_methods[i].what,
			zc_method_is_there(&zc_methods[i]) ? "" : " (not installed)");
	fprintf(out, "\nRoutes:\n");
	for (int i = 0; i < ZC_ROUTES; i++)
		fprintf(out, "  %-23s%s\n", zc_route_names[i], routes[i]);
	fprintf(out, "\nPlanes, see zcfs(8):\n");
	for (int i = 0; zc_catalogue_plane(i); i++)
		fprintf(out, "  %-23s%s\n", planes[i][0], planes[i][1]);
}
