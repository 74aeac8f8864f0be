// SPDX-License-Identifier: MIT
// A command line that means nothing is refused, in one line that repeats what was wrong.
// Must not know how options are parsed.
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "command_line.h"

static const struct {
	const char *words, *repeated;
} rows[] = {
	{ "", "BACKING" },
	{ "b", "MOUNTPOINT" },
	{ "b m c", "c: " },
	{ "-x b m", "-x: " },
	{ "--nonsense b m", "--nonsense: " },
	{ "-o nonsense b m", "-o nonsense: " },
	{ "-o ro,nonsense,noexec b m", "-o nonsense: " },
	{ "-o plane b m", "-o plane: " },
	{ "-o plane= b m", "-o plane=: " },
	{ "-o plane=fast b m", "-o plane=fast: " },
	{ "-o plane=Splice b m", "-o plane=Splice: " },
	{ "-o plane=splice2 b m", "-o plane=splice2: " },
	{ "-o timeout= b m", "-o timeout=: " },
	{ "-o timeout=-1 b m", "-o timeout=-1: " },
	{ "-o timeout=1s b m", "-o timeout=1s: " },
	{ "-o timeout=nan b m", "-o timeout=nan: " },
	{ "-o timeout=inf b m", "-o timeout=inf: " },
	{ "-o timeout=1e10 b m", "-o timeout=1e10: " },
	{ "-o entry_timeout=x b m", "-o entry_timeout=x: " },
	{ "-o attr_timeout=x b m", "-o attr_timeout=x: " },
	{ "-o coherence=always b m", "-o coherence=always: " },
	{ "-o coherence=timeout=x b m", "-o coherence=x: " },
	{ "-o negative_timeout=x b m", "-o negative_timeout=x: " },
	{ "-o transport= b m", "-o transport=: " },
	{ "-o transport=tcp b m", "-o transport=tcp: " },
	{ "-o threads= b m", "-o threads=: " },
	{ "-o threads=0 b m", "-o threads=0: " },
	{ "-o threads=65 b m", "-o threads=65: " },
	{ "-o threads=-1 b m", "-o threads=-1: " },
	{ "-o threads=99999999999999999999 b m", "-o threads=99999999999999999999: " },
	{ "-o threads=4x b m", "-o threads=4x: " },
	{ "-o stats= b m", "-o stats=: " },
	{ "b m -o", "-o" },
};

static void every_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct zc_options options;
		const char *said;
		int err = command_line(&options, rows[i].words, &said);

		if (err != -EINVAL || unit_lines(said) != 1 || !strstr(said, rows[i].repeated))
			fail_msg("zcfs %s: %d: %s", rows[i].words, err, said);
		if (strncmp(said, "zcfs: ", 6) != 0 || !strstr(said, "(EINVAL): "))
			fail_msg("zcfs %s: not a message of zcfs: %s", rows[i].words, said);
		zc_options_fini(&options);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(every_row) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
