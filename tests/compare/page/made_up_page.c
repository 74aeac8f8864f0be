// SPDX-License-Identifier: MIT
// Writes the page of a made-up result to standard output; with an argument, of one mount only.
// Must not know how the page looks.
#include <stdlib.h>

#include "made_up.h"
#include "report.h"

int main(int argc, char **argv)
{
	struct zc_result *result = made_up();
	int err;

	(void)argv;
	if (argc > 1)
		result->ways = 3;
	err = zc_report_html(result, stdout);
	zc_result_fini(result);
	free(result);
	return err ? 1 : 0;
}
