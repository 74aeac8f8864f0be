// SPDX-License-Identifier: MIT
// Parses a command line that is written as one string (command_line.h).
// Must not know any option.
#include "command_line.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "unit.h"

int command_line(struct zc_options *options, const char *words, const char **ret_said)
{
	char line[512], name[] = "zcfs";
	char *argv[64] = { name };
	int argc = 1;
	int err;

	assert_true(snprintf(line, sizeof(line), "%s", words) < (int)sizeof(line));
	for (char *rest, *word = strtok_r(line, " ", &rest); word;
	     word = strtok_r(NULL, " ", &rest))
		argv[argc++] = word;
	unit_catch_begin(STDERR_FILENO);
	err = zc_options_parse(options, argc, argv);
	*ret_said = unit_catch_end();
	return err;
}

void command_line_accepted(struct zc_options *options, const char *words)
{
	const char *said;

	zc_options_fini(options);
	assert_int_equal(command_line(options, words, &said), 0);
	assert_string_equal(said, "");
}

int command_line_forget(void **state)
{
	zc_options_fini(*state);
	return 0;
}

const char *command_line_rest(const struct zc_options *options)
{
	static char rest[1024];
	size_t used = 0;

	rest[0] = '\0';
	for (int i = 1; i < options->session_args.argc; i++)
		used += (size_t)snprintf(rest + used, sizeof(rest) - used, "%s%s", i > 1 ? " " : "",
					 options->session_args.argv[i]);
	return rest;
}
