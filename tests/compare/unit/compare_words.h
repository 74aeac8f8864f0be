/* SPDX-License-Identifier: MIT */
/* Parses a command line of zcfs-compare that is written as one string: words between spaces.
 * Must not know any option. */
#ifndef ZC_COMPARE_WORDS_H
#define ZC_COMPARE_WORDS_H

#include "command.h"

/* zc_command_parse of "zcfs-compare " and these words. Words of the last call stay valid. '_' in a
 * word stands for a space. */
int compare_words(struct zc_command *command, const char *words, struct zc_failure *ret_failure);

/* The same for words that have to be accepted. */
struct zc_command compare_accepted(const char *words);

#endif
