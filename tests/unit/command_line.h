/* SPDX-License-Identifier: MIT */
/* Parses a command line that is written as one string: words between spaces.
 * Must not know any option. */
#ifndef ZCFS_COMMAND_LINE_H
#define ZCFS_COMMAND_LINE_H

#include "zcfs/options.h"

/* zc_options_parse of "zcfs " and these words, with *ret_said what standard error got. */
int command_line(struct zc_options *options, const char *words, const char **ret_said);

/* The same for words that have to be accepted without a word; frees what *options had before. */
void command_line_accepted(struct zc_options *options, const char *words);

/* A test of such words; what they set in `options`, an object of static storage, is freed behind it. */
#define COMMAND_LINE_TEST(name, options)                                                           \
	cmocka_unit_test_prestate_setup_teardown(name, NULL, command_line_forget, &(options))
int command_line_forget(void **state);

/* The arguments for libfuse behind its first one, between spaces. */
const char *command_line_rest(const struct zc_options *options);

#endif
