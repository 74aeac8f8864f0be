// SPDX-License-Identifier: MIT
// zcfs-compare: from the command line to the room that carries it out, and to an exit code.
// Must not know how anything is measured or copied.
#include "article.h"
#include "catalogue.h"
#include "command.h"
#include "run.h"

#include <errno.h>

/* What there is to carry out, and as it was typed. */
struct order {
	const struct zc_command *command;
	int argc;
	char **argv;
};

typedef enum zc_exit run_fn(const struct order *order, struct zc_failure *ret_failure);

static enum zc_exit run_article(const struct order *order, struct zc_failure *ret_failure)
{
	return zc_article(order->command->in, stdout, ret_failure);
}

static enum zc_exit run_experiment(const struct order *order, struct zc_failure *ret_failure)
{
	return zc_run_experiment(order->command, order->argc, order->argv, ret_failure);
}

static enum zc_exit run_once(const struct order *order, struct zc_failure *ret_failure)
{
	return zc_run_once(order->command, ret_failure);
}

static enum zc_exit run_list(const struct order *order, struct zc_failure *ret_failure)
{
	(void)order;
	(void)ret_failure;
	zc_catalogue_print(stdout);
	return ZC_EXIT_FINE;
}

static enum zc_exit run_help(const struct order *order, struct zc_failure *ret_failure)
{
	(void)order;
	(void)ret_failure;
	zc_command_print_help(stdout);
	return ZC_EXIT_FINE;
}

static enum zc_exit run_version(const struct order *order, struct zc_failure *ret_failure)
{
	(void)order;
	(void)ret_failure;
	zc_command_print_version(stdout);
	return ZC_EXIT_FINE;
}

static run_fn *const runs[ZC_MODES] = {
	[ZC_MODE_MOUNT] = run_experiment, [ZC_MODE_SELF] = run_experiment,
	[ZC_MODE_ARTICLE] = run_article,  [ZC_MODE_ONCE] = run_once,
	[ZC_MODE_LIST] = run_list,	  [ZC_MODE_HELP] = run_help,
	[ZC_MODE_VERSION] = run_version,
};

static enum zc_exit run(int argc, char **argv, struct zc_failure *ret_failure)
{
	struct zc_command command;
	struct order order = { &command, argc, argv };

	if (zc_command_parse(&command, argc, argv, ret_failure) != 0)
		return ret_failure->code;
	return runs[command.mode](&order, ret_failure);
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
