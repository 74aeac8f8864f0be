/* SPDX-License-Identifier: MIT */
/*
 * The experiment from its first directory to the last report. Must not know how any part is done.
 */
#ifndef ZC_COMPARE_RUN_H
#define ZC_COMPARE_RUN_H

#include "command.h"

/* ZC_MODE_MOUNT and ZC_MODE_SELF: whatever happens, mounts and temporary files are gone afterwards, but
 * for a copy that differs. argv: to tell how it is repeated. */
enum zc_exit zc_run_experiment(const struct zc_command *command, int argc, char **argv,
			       struct zc_failure *ret_failure);

/* ZC_MODE_ONCE: one copy, and what it took. */
enum zc_exit zc_run_once(const struct zc_command *command, struct zc_failure *ret_failure);

#endif
