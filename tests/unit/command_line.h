/* SPDX-License-Identifier: MIT */
/* Parses a command line that is written as one string: words between spaces.
 * Must not know any option. */
#ifndef ZCFS_COMMAND_LINE_H
#define ZCFS_COMMAND_LINE_H

#include "zcfs/options.h"

/* zc_options_parse of "zcfs " and these words, with *ret_said what standard error got. */
int command_line(struct zc_options *options, const char *words, const char **ret_said);

/* The arguments for libfuse behind its first one, between spaces. */
const char *command_line_rest(const struct zc_options *options);

#endif
