// SPDX-License-Identifier: MIT
// options -> check -> session; exit codes.
// Must not know anything else.
#include <fcntl.h>
#include <unistd.h>

#include "zcfs/check.h"
#include "zcfs/log.h"
#include "zcfs/options.h"
#include "zcfs/session.h"

static enum zc_exit run(struct zc_options *options)
{
	struct zc_findings findings;
	enum zc_exit exit_code;

	if (options->help) {
		zc_options_print_help();
		return ZC_EXIT_OK;
	}
	if (options->version) {
		zc_options_print_version();
		return ZC_EXIT_OK;
	}
	zc_log_debug(options->debug);
	exit_code = zc_check(options, &findings);
	if (exit_code != ZC_EXIT_OK)
		return exit_code;
	exit_code = zc_session_run(options, &findings);
	zc_findings_fini(&findings);
	return exit_code;
}

/* A program may be started with standard streams closed; the next file opened would then take their
 * place and get messages written into it. */
static void occupy_standard_streams(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

int main(int argc, char **argv)
{
	struct zc_options options;
	enum zc_exit exit_code = ZC_EXIT_USAGE;

	occupy_standard_streams();
	if (zc_options_parse(&options, argc, argv) == 0)
		exit_code = run(&options);
	zc_options_fini(&options);
	return exit_code;
}
