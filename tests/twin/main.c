// SPDX-License-Identifier: MIT
// zc-twin: makes random calls on a directory and on its mirror, and shows the first call that
// tells them apart. Must not know calls: it reads the command line and counts.
#include "twin.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* How many of the last calls are shown on standard output. */
#define SHOWN 12

static const char usage[] =
    "usage: zc-twin [OPTION...] PLAIN MIRROR BELOW\n"
    "\n"
    "Makes the same random calls in the directories PLAIN and MIRROR, compares what they say, and "
    "at the end of\n"
    "each sequence the whole trees: PLAIN, MIRROR and BELOW, the directory that MIRROR shows. A "
    "difference is\n"
    "shrunk to the fewest calls that show it and printed as a C program.\n"
    "\n"
    "  --seed N       where to begin (default 1)\n"
    "  --ops N        how many calls in all (default 10000)\n"
    "  --length N     calls in one sequence (default 400)\n"
    "  --actors N     how many users make calls\n"
    "  --plane NAME   what the mirror is: passthrough, splice, copy, cached (zcfs) or none "
    "(default: "
    "none)\n"
    "  --without LIST calls that are left out: rows of calls.def, by commas\n"
    "  --limit N      seconds that one call may take (default 20)\n"
    "  --reports DIR  where programs are written (default: .)\n"
    "  --verbose      prints each call\n"
    "\n"
    "Exit code 0: no difference; 1: there is one; 2: wrong usage.\n";

static const char *const plane_names[] = { "passthrough", "splice", "copy", "cached", "none" };

static int usage_error(void)
{
	fputs(usage, stderr);
	return 2;
}

static bool find_plane(const char *name, enum plane *ret_plane)
{
	for (int i = PLANE_PASSTHROUGH; i <= PLANE_NONE; i++)
		if (!strcmp(name, plane_names[i])) {
			*ret_plane = (enum plane)i;
			return true;
		}
	return false;
}

static bool in_range(const char *text, long first, long last, long *ret_number)
{
	char *end;
	long number = strtol(text, &end, 10);

	if (!*text || *end || number < first || number > last)
		return false;
	*ret_number = number;
	return true;
}

static bool take_option(int option, const char *text, struct config *config)
{
	long number = 0;

	switch (option) {
	case 's':
		config->seed = strtoull(text, NULL, 10);
		return true;
	case 'o':
		return in_range(text, 1, INT64_MAX, &config->ops);
	case 'n':
		return in_range(text, 8, MAX_OPS, &number) && (config->length = (int)number);
	case 'a':
		return in_range(text, 1, zc_everybody(), &number) && (config->actors = (int)number);
	case 'l':
		return in_range(text, 1, 3600, &number) && (config->limit_seconds = (int)number);
	case 'p':
		return find_plane(text, &config->plane);
	case 'r':
		config->reports = text;
		return true;
	case 'w':
		config->without = text;
		return true;
	case 'v':
		config->verbose = true;
		return true;
	}
	return false;
}

/* 0, or the exit code. */
static int read_command_line(int argc, char **argv, struct config *config)
{
	static const struct option options[] = {
		{ "seed", 1, NULL, 's' },    { "ops", 1, NULL, 'o' },
		{ "length", 1, NULL, 'n' },  { "actors", 1, NULL, 'a' },
		{ "limit", 1, NULL, 'l' },   { "plane", 1, NULL, 'p' },
		{ "without", 1, NULL, 'w' }, { "reports", 1, NULL, 'r' },
		{ "help", 0, NULL, 'h' },    { "verbose", 0, NULL, 'v' },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (option == 'h') {
			fputs(usage, stdout);
			exit(0);
		}
		if (!take_option(option, optarg, config))
			return usage_error();
	}
	if (argc - optind != SIDES)
		return usage_error();
	for (int side = PLAIN; side < SIDES; side++)
		config->dir[side] = argv[optind + side];
	return 0;
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int write_report(const struct config *config, const struct sequence *sequence,
			const struct finding *finding)
{
	char path[STRING_SIZE];
	FILE *out;

	snprintf(path, sizeof(path), "%s/zc-twin-%llu.c", config->reports,
		 (unsigned long long)sequence->seed);
	out = fopen(path, "w");
	if (!out) {
		perror(path);
		return 1;
	}
	zc_print_program(out, config, sequence, finding);
	fclose(out);
	for (int i = sequence->count > SHOWN ? sequence->count - SHOWN : 0; i < sequence->count;
	     i++) {
		printf("%d: ", sequence->op[i].actor);
		zc_print_op(stdout, &sequence->op[i]);
		putchar('\n');
	}
	printf("%sshown by %s (%d calls)\n", finding->text, path, sequence->count);
	return 1;
}

int main(int argc, char **argv)
{
	static struct sequence sequence;
	struct config config = { .reports = ".",
				 .without = "",
				 .plane = PLANE_NONE,
				 .seed = 1,
				 .ops = 10000,
				 .length = 400,
				 .actors = zc_everybody(),
				 .limit_seconds = 20 };
	int err = read_command_line(argc, argv, &config);
	struct finding finding;
	double start = seconds();
	long done = 0;

	if (err)
		return err;
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (uint64_t seed = config.seed; done < config.ops; seed++) {
		zc_sequence_make(&config, seed, &sequence);
		if (!zc_run(&config, &sequence, &finding)) {
			printf("a difference with seed %llu at call %d of %d\n",
			       (unsigned long long)seed, finding.at, sequence.count);
			zc_shrink(&config, &sequence, &finding);
			return write_report(&config, &sequence, &finding);
		}
		done += sequence.count;
	}
	printf("no difference in %ld calls (seeds from %llu, %d calls each, %.0f a second)\n", done,
	       (unsigned long long)config.seed, config.length, (double)done / (seconds() - start));
	return 0;
}
