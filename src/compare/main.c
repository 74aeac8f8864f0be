// SPDX-License-Identifier: MIT
// zcfs-compare: from the command line to the room that carries it out, and to an exit code.
// Must not know how anything is measured or copied.
#include "article.h"
#include "catalogue.h"
#include "command.h"

#include <errno.h>

typedef enum zc_exit run_fn(const struct zc_command *command, struct zc_failure *ret_failure);

static enum zc_exit run_article(const struct zc_command *command, struct zc_failure *ret_failure)
{
	return zc_article(command->in, stdout, ret_failure);
}

static enum zc_exit run_list(const struct zc_command *command, struct zc_failure *ret_failure)
{
	(void)command;
	(void)ret_failure;
	zc_catalogue_print(stdout);
	return ZC_EXIT_FINE;
}

static enum zc_exit run_help(const struct zc_command *command, struct zc_failure *ret_failure)
{
	(void)command;
	(void)ret_failure;
	zc_command_print_help(stdout);
	return ZC_EXIT_FINE;
}

static enum zc_exit run_version(const struct zc_command *command, struct zc_failure *ret_failure)
{
	(void)command;
	(void)ret_failure;
	zc_command_print_version(stdout);
	return ZC_EXIT_FINE;
}

static run_fn *const runs[ZC_MODES] = {
	[ZC_MODE_ARTICLE] = run_article,
	[ZC_MODE_LIST] = run_list,
	[ZC_MODE_HELP] = run_help,
	[ZC_MODE_VERSION] = run_version,
};

static enum zc_exit run(int argc, char **argv, struct zc_failure *ret_failure)
{
	struct zc_command command;

	if (zc_command_parse(&command, argc, argv, ret_failure) != 0)
		return ret_failure->code;
	if (!runs[command.mode])
		return zc_failure_set(ret_failure, ZC_EXIT_OTHER, -ENOSYS, argv[0], "not made yet",
				      "use --article or --list");
	return runs[command.mode](&command, ret_failure);
}

int main(int argc, char **argv)
{
	struct zc_failure failure = { 0 };
	enum zc_exit code = run(argc, argv, &failure);

	/* what was printed may only now find that its disk is full */
	if (code == ZC_EXIT_FINE && (fflush(stdout) || ferror(stdout)))
		code = zc_failure_of(&failure, ZC_STEP_WRITE, "standard output", -errno);
	return code == ZC_EXIT_FINE ? 0 : zc_failure_print(&failure, stderr);
}
