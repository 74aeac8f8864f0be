// SPDX-License-Identifier: MIT
// The names of routes, and the end of a result.
// Must not know how a result came about, nor how a report looks.
#include "result.h"

#include <stdlib.h>

const char *const zc_route_names[ZC_ROUTES] = {
	[ZC_FILE_TO_FILE] = "file-to-file",
	[ZC_FILE_TO_TCP] = "file-to-tcp",
	[ZC_FILE_TO_UNIX] = "file-to-unix",
	[ZC_SOCKET_TO_FILE] = "socket-to-file",
};

void zc_result_fini(struct zc_result *result)
{
	free(result->method);
	*result = (struct zc_result){ 0 };
}
