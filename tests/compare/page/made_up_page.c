// SPDX-License-Identifier: MIT
// Writes a made-up result to standard output: "page", "one-mount" (a page of one mount only) or "json".
// Must not know how any of them looks.
#include <stdlib.h>
#include <string.h>

#include "made_up.h"
#include "report.h"

int main(int argc, char **argv)
{
	struct zc_result *result = made_up();
	const char *what = argc > 1 ? argv[1] : "page";
	int err;

	if (!strcmp(what, "one-mount"))
		result->ways = 3;
	if (!strcmp(what, "json"))
		err = zc_report_json(result, stdout);
	else
		err = zc_report_html(result, stdout);
	zc_result_fini(result);
	free(result);
	return err ? 1 : 0;
}
