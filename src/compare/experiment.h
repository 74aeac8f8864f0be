/* SPDX-License-Identifier: MIT */
/*
 * Every method on every route by every way, in turns; each copy compared with its source.
 * Must not know how a copy is made, a mount found, or a result shown.
 */
#ifndef ZC_COMPARE_EXPERIMENT_H
#define ZC_COMPARE_EXPERIMENT_H

#include "bench.h"
#include "command.h"
#include "way.h"

/*
 * Fills *result (zeroed before; zc_result_fini frees it, also after a failure). 0, or -errno and
 * *ret_failure: a copy that differs stays where it is, with its source, and bench->name is empty then;
 * -EINTR: interrupted.
 */
int zc_experiment_run(const struct zc_command *command, struct zc_bench *bench,
		      struct zc_ways *ways, struct zc_result *result,
		      struct zc_failure *ret_failure);

#endif
