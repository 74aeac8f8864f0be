// SPDX-License-Identifier: MIT
// Parses a command line that is written as one string (compare_words.h).
// Must not know any option.
#include "compare_words.h"

#include <string.h>

#include "unit.h"

int compare_words(struct zc_command *command, const char *words, struct zc_failure *ret_failure)
{
	static char line[1024], name[] = "zcfs-compare";
	char *argv[96] = { name };
	int argc = 1;

	assert_true(snprintf(line, sizeof(line), "%s", words) < (int)sizeof(line));
	for (char *rest, *word = strtok_r(line, " ", &rest); word;
	     word = strtok_r(NULL, " ", &rest)) {
		for (char *c = word; (c = strchr(c, '_')); c++)
			*c = ' ';
		argv[argc++] = word;
	}
	return zc_command_parse(command, argc, argv, ret_failure);
}

struct zc_command compare_accepted(const char *words)
{
	struct zc_failure failure = { 0 };
	struct zc_command command;

	if (compare_words(&command, words, &failure) != 0)
		fail_msg("zcfs-compare %s: %s: %s", words, failure.object, failure.what);
	return command;
}
