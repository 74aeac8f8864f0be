// SPDX-License-Identifier: MIT
// The command line: one table of rows drives parsing, defaults and --help.
// Must not know how anything of it is carried out, nor touch the file system.
#include "command.h"

#include "catalogue.h"
#include "spelling.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define STRINGIFY(x) #x
#define TO_STRING(x) STRINGIFY(x)
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct row;

/* What is known while the words are gone through. */
struct parse {
	struct zc_command command;
	const char *arg[2];
	int args;
	const struct row *mode_row; /* the option that chose the mode */
	unsigned long given;	    /* bit of each row */
	struct zc_failure *failure;
};

typedef int set_fn(struct parse *parse, const struct row *row, const char *value);

static set_fn set_flag, set_path, set_mode, set_mode_path, set_once, set_size, set_file,
    set_repeats, set_json, set_methods, set_routes, set_planes;

#define ON(mode)  (1u << (mode))
#define MEASURE	  (ON(ZC_MODE_MOUNT) | ON(ZC_MODE_SELF))
#define SELF_ONLY ON(ZC_MODE_SELF)
#define ALWAYS	  (ON(ZC_MODES) - 1)
#define FIELD(f)  offsetof(struct zc_command, f)

/* One option. value "": takes none; "[=FILE]": may take one, behind "=" only. */
static const struct row {
	const char *name, *value;
	set_fn *set;
	size_t offset;	   /* of the field, for setters that serve several rows */
	enum zc_mode mode; /* that it chooses, for those that choose one */
	unsigned modes;	   /* in which it means something */
	const char *help;  /* NULL: a synonym of the row below */
} rows[] = {
	{ "--self", "DIR", set_mode_path, FIELD(backing), ZC_MODE_SELF, ALWAYS,
	  "mount DIR on each plane in turn, on a temporary directory" },
	{ "--article", "IN", set_mode_path, FIELD(in), ZC_MODE_ARTICLE, ALWAYS,
	  "the article's two programs: IN to out and out1 beside it" },
	{ "--once", "METHOD", set_once, 0, ZC_MODE_ONCE, ALWAYS,
	  "one copy of IN to OUT and its figures, for perf stat, strace -c and time" },
	{ "--list", "", set_mode, 0, ZC_MODE_LIST, ALWAYS, "print the methods, routes and planes" },
	{ "-h", "", set_mode, 0, ZC_MODE_HELP, ALWAYS, NULL },
	{ "--help", "", set_mode, 0, ZC_MODE_HELP, ALWAYS, "print this text" },
	{ "-V", "", set_mode, 0, ZC_MODE_VERSION, ALWAYS, NULL },
	{ "--version", "", set_mode, 0, ZC_MODE_VERSION, ALWAYS, "print the version" },
	{ "--quick", "", set_flag, FIELD(quick), 0, MEASURE,
	  "16M and 3 repeats, where nothing else is said: less than two minutes" },
	{ "--size", "N", set_size, 0, 0, MEASURE,
	  "bytes of the file that is made, 1 to 1T, with K, M, G or T (256M)" },
	{ "--file", "F", set_file, 0, 0, MEASURE,
	  "copy this file of BACKING instead; up to " TO_STRING(ZC_MAX_FILES) " times" },
	{ "--repeats", "N", set_repeats, 0, 0, MEASURE,
	  "copies of each kind that count, " TO_STRING(ZC_REPEATS_LEAST) " to " TO_STRING(
	      ZC_MAX_REPEATS) " (" TO_STRING(ZC_REPEATS_GIVEN) ")" },
	{ "--cold", "", set_flag, FIELD(cold), 0, MEASURE,
	  "take the source out of the page cache before each copy" },
	{ "--methods", "LIST", set_methods, 0, 0, MEASURE,
	  "only these, between commas; the beginning of a name will do (all)" },
	{ "--routes", "LIST", set_routes, 0, 0, MEASURE, "only these, likewise (all)" },
	{ "--plane", "LIST", set_planes, 0, 0, SELF_ONLY,
	  "only these, likewise; with --self (all that work)" },
	{ "--zcfs", "PATH", set_path, FIELD(zcfs), 0, SELF_ONLY,
	  "the daemon for --self (beside this program, then on PATH)" },
	{ "--json", "[=FILE]", set_json, 0, 0, MEASURE,
	  "print JSON instead of the table, or write it into FILE besides" },
	{ "--html", "FILE", set_path, FIELD(html_file), 0, MEASURE,
	  "write a page with charts into FILE" },
	{ "--verbose", "", set_flag, FIELD(verbose), 0, MEASURE | ON(ZC_MODE_ONCE),
	  "tell every step on standard error" },
};

/* What stands without an option, and the field that it sets. */
static const struct {
	int count;
	struct {
		const char *name;
		size_t offset;
	} arg[2];
} arguments[ZC_MODES] = {
	[ZC_MODE_MOUNT] = { 2,
			    { { "BACKING", FIELD(backing) },
			      { "MOUNTPOINT", FIELD(mountpoint) } } },
	[ZC_MODE_ONCE] = { 2, { { "IN", FIELD(in) }, { "OUT", FIELD(out) } } },
};

/* ---- names ----------------------------------------------------------------------------------- */

static const char *row_name(int n)
{
	return n < (int)COUNT(rows) ? rows[n].name : NULL;
}

/* ---- setters: 0, or -EINVAL with a failure --------------------------------------------------- */

static int complain(struct parse *parse, const char *object, const char *what, const char *advice)
{
	zc_failure_set(parse->failure, ZC_EXIT_USAGE, -EINVAL, object, what, "%s", advice);
	return -EINVAL;
}

static int bad_value(struct parse *parse, const struct row *row, const char *value,
		     const char *advice)
{
	char object[PATH_MAX];

	snprintf(object, sizeof(object), "%s %s", row->name, value);
	return complain(parse, object, "not a valid value", advice);
}

static int set_flag(struct parse *parse, const struct row *row, const char *value)
{
	(void)value;
	*(bool *)((char *)&parse->command + row->offset) = true;
	return 0;
}

static int set_path(struct parse *parse, const struct row *row, const char *value)
{
	if (!*value)
		return bad_value(parse, row, value, "give a path");
	*(const char **)(void *)((char *)&parse->command + row->offset) = value;
	return 0;
}

/* --help and --version win over all others, before and behind them. */
static int set_mode(struct parse *parse, const struct row *row, const char *value)
{
	char what[64];

	(void)value;
	if (parse->command.mode == ZC_MODE_HELP || parse->command.mode == ZC_MODE_VERSION)
		return 0;
	if (parse->mode_row && row->mode != ZC_MODE_HELP && row->mode != ZC_MODE_VERSION) {
		snprintf(what, sizeof(what), "behind %s", parse->mode_row->name);
		return complain(parse, row->name, what, "give one of them, once");
	}
	parse->mode_row = row;
	parse->command.mode = row->mode;
	return 0;
}

static int set_mode_path(struct parse *parse, const struct row *row, const char *value)
{
	int err = set_path(parse, row, value);

	return err ? err : set_mode(parse, row, value);
}

static int no_such_name(struct parse *parse, const struct row *row, const char *typed,
			zc_names_fn *names)
{
	const char *nearest = zc_spelling_nearest(typed, names);
	char advice[160];

	snprintf(advice, sizeof(advice), "%s%s%ssee zcfs-compare --list",
		 nearest ? "did you mean " : "", nearest ? nearest : "", nearest ? "? " : "");
	return bad_value(parse, row, typed, advice);
}

static int set_names(struct parse *parse, const struct row *row, const char *list,
		     zc_names_fn *names, unsigned long long *ret_bits)
{
	char bad[64];

	if (zc_spelling_list(list, names, ret_bits, bad) == 0)
		return 0;
	return no_such_name(parse, row, bad, names);
}

static int set_methods(struct parse *parse, const struct row *row, const char *value)
{
	return set_names(parse, row, value, zc_catalogue_method, &parse->command.methods);
}

static int set_routes(struct parse *parse, const struct row *row, const char *value)
{
	unsigned long long bits = parse->command.routes;
	int err = set_names(parse, row, value, zc_catalogue_route, &bits);

	parse->command.routes = (unsigned)bits;
	return err;
}

static int set_planes(struct parse *parse, const struct row *row, const char *value)
{
	unsigned long long bits = parse->command.planes;
	int err = set_names(parse, row, value, zc_catalogue_plane, &bits);

	parse->command.planes = (unsigned)bits;
	parse->command.planes_given = true;
	return err;
}

/* The first that it begins, where it is none: "read+write" alone is the article's. */
static int set_once(struct parse *parse, const struct row *row, const char *value)
{
	const struct zc_method *found = NULL;

	for (int i = 0; i < zc_method_count; i++) {
		enum zc_fit fit = zc_spelling_fit(value, zc_methods[i].name);

		if (fit == ZC_FITS_ALL || (fit == ZC_FITS_BEGIN && !found))
			found = &zc_methods[i];
	}
	if (!found)
		return no_such_name(parse, row, value, zc_catalogue_method);
	parse->command.once = found;
	return set_mode(parse, row, value);
}

/* strtoull takes signs and blanks; no number of ours has them. */
static bool parse_number(const char *text, uint64_t *ret_number, const char **ret_rest)
{
	char *rest;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*ret_number = strtoull(text, &rest, 10);
	*ret_rest = rest;
	return errno == 0;
}

static int set_size(struct parse *parse, const struct row *row, const char *value)
{
	static const char units[] = "KMGT", small[] = "kmgt";
	const uint64_t most = 1ull << 40;
	uint64_t number = 0;
	const char *rest = "";
	int shift = 0;

	if (parse_number(value, &number, &rest) && *rest) {
		const char *unit = strchr(units, *rest);

		if (!unit)
			unit = strchr(small, *rest) ? units + (strchr(small, *rest) - small) : NULL;
		shift = unit ? 10 * (int)(unit - units + 1) : 0;
		rest += shift ? 1 : 0;
	}
	if (number < 1 || *rest || number > most >> shift)
		return bad_value(parse, row, value, "give 1 to 1T, such as 100M");
	parse->command.size = number << shift;
	return 0;
}

static int set_file(struct parse *parse, const struct row *row, const char *value)
{
	if (!*value)
		return bad_value(parse, row, value, "give a path");
	if (parse->command.files == ZC_MAX_FILES)
		return bad_value(parse, row, value,
				 "give at most " TO_STRING(ZC_MAX_FILES) " files");
	parse->command.file[parse->command.files++] = value;
	return 0;
}

static int set_repeats(struct parse *parse, const struct row *row, const char *value)
{
	uint64_t number;
	const char *rest;

	if (!parse_number(value, &number, &rest) || *rest || number < ZC_REPEATS_LEAST ||
	    number > ZC_MAX_REPEATS)
		return bad_value(parse, row, value,
				 "give a number from " TO_STRING(ZC_REPEATS_LEAST) " to " TO_STRING(
				     ZC_MAX_REPEATS));
	parse->command.repeats = (int)number;
	return 0;
}

/* value NULL: none was given. */
static int set_json(struct parse *parse, const struct row *row, const char *value)
{
	if (value && !*value)
		return bad_value(parse, row, "", "give a path behind =, or --json alone");
	parse->command.json = true;
	parse->command.json_file = value;
	return 0;
}

/* ---- words ----------------------------------------------------------------------------------- */

static const struct row *find_row(const char *word, size_t size)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		if (strncmp(rows[i].name, word, size) == 0 && !rows[i].name[size])
			return &rows[i];
	}
	return NULL;
}

static int unknown_option(struct parse *parse, const char *word, size_t size)
{
	char name[64], advice[96];
	const char *nearest;

	snprintf(name, sizeof(name), "%.*s", size < sizeof(name) ? (int)size : 63, word);
	nearest = zc_spelling_nearest(name, row_name);
	snprintf(advice, sizeof(advice), "%s%s%ssee zcfs-compare --help",
		 nearest ? "did you mean " : "", nearest ? nearest : "", nearest ? "? " : "");
	return complain(parse, name, "unknown option", advice);
}

static int take_argument(struct parse *parse, const char *word)
{
	if (!*word)
		return complain(parse, "\"\"", "empty name",
				"give the path of a directory or file");
	if (parse->args == (int)COUNT(parse->arg))
		return complain(
		    parse, word, "one argument too many",
		    "give BACKING and MOUNTPOINT, nothing else; see zcfs-compare --help");
	parse->arg[parse->args++] = word;
	return 0;
}

/* Returns how many words were used up behind the option, or -EINVAL. */
static int take_option(struct parse *parse, const char *word, const char *next)
{
	size_t size = strcspn(word, "=");
	const struct row *row = find_row(word, size);
	const char *value = word[size] ? word + size + 1 : NULL;
	bool behind = false;
	int err;

	if (!row)
		return unknown_option(parse, word, size);
	if (!*row->value && value)
		return complain(parse, word, "takes no value",
				"leave away what is behind its name");
	if (*row->value && *row->value != '[' && !value) {
		if (!next)
			return complain(parse, word, "its value is missing",
					"see zcfs-compare --help");
		value = next;
		behind = true;
	}
	parse->given |= 1ul << (row - rows);
	err = row->set(parse, row, value);
	return err ? err : behind;
}

static int take_words(struct parse *parse, int argc, char **argv)
{
	bool options = true;

	for (int i = 1; i < argc; i++) {
		int res;

		if (options && strcmp(argv[i], "--") == 0) {
			options = false;
			continue;
		}
		if (options && argv[i][0] == '-' && argv[i][1])
			res = take_option(parse, argv[i], i + 1 < argc ? argv[i + 1] : NULL);
		else
			res = take_argument(parse, argv[i]);
		if (res < 0)
			return res;
		i += res;
	}
	return 0;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static int settle_arguments(struct parse *parse)
{
	enum zc_mode mode = parse->command.mode;

	for (int i = 0; i < arguments[mode].count; i++) {
		if (i == parse->args)
			return complain(parse, arguments[mode].arg[i].name, "missing argument",
					mode == ZC_MODE_ONCE
					    ? "usage: zcfs-compare --once METHOD IN OUT"
					    : "usage: zcfs-compare [OPTIONS] BACKING MOUNTPOINT; "
					      "see zcfs-compare --help");
		*(const char **)(void *)((char *)&parse->command + arguments[mode].arg[i].offset) =
		    parse->arg[i];
	}
	if (parse->args > arguments[mode].count)
		return complain(parse, parse->arg[0], "one argument too many",
				"see zcfs-compare --help");
	return 0;
}

static int settle_options(struct parse *parse)
{
	const char *chosen = parse->mode_row ? parse->mode_row->name : "a mount";
	char what[64];

	for (size_t i = 0; i < COUNT(rows); i++) {
		if (!(parse->given & 1ul << i) || rows[i].modes & ON(parse->command.mode))
			continue;
		snprintf(what, sizeof(what), "means nothing with %s", chosen);
		return complain(parse, rows[i].name, what,
				rows[i].modes == SELF_ONLY ? "leave it away, or give --self DIR"
							   : "leave it away");
	}
	if (parse->command.files && parse->command.size)
		return complain(parse, "--size", "together with --file", "give one of them");
	return 0;
}

static void settle_defaults(struct zc_command *command)
{
	if (!command->size && !command->files)
		command->size = command->quick ? ZC_SIZE_QUICK : ZC_SIZE_GIVEN;
	if (!command->repeats)
		command->repeats = command->quick ? ZC_REPEATS_QUICK : ZC_REPEATS_GIVEN;
}

static unsigned long long all_of(zc_names_fn *names)
{
	unsigned long long bits = 0;

	for (int n = 0; names(n); n++)
		bits |= 1ull << n;
	return bits;
}

int zc_command_parse(struct zc_command *ret_command, int argc, char **argv,
		     struct zc_failure *ret_failure)
{
	struct parse parse = {
		.command = { .methods = all_of(zc_catalogue_method),
			     .routes = (unsigned)all_of(zc_catalogue_route),
			     .planes = (unsigned)all_of(zc_catalogue_plane) },
		.failure = ret_failure,
	};
	int err = take_words(&parse, argc, argv);

	if (!err && parse.command.mode < ZC_MODE_LIST)
		err = settle_arguments(&parse);
	if (!err && parse.command.mode < ZC_MODE_LIST)
		err = settle_options(&parse);
	if (err)
		return err;
	settle_defaults(&parse.command);
	*ret_command = parse.command;
	return 0;
}

/* ---- texts ----------------------------------------------------------------------------------- */

void zc_command_print_help(FILE *out)
{
	fprintf(
	    out,
	    "Usage: zcfs-compare [OPTIONS] BACKING MOUNTPOINT   on a mount that is there\n"
	    "       zcfs-compare [OPTIONS] --self DIR           mounts by itself\n"
	    "       zcfs-compare --article IN\n"
	    "       zcfs-compare --once METHOD IN OUT\n\n"
	    "Copies a file in many ways, from the plain directory and from the mount, compares\n"
	    "every copy with its source, and tells what each cost. No source is written to.\n\n"
	    "Options:\n");
	for (size_t i = 0; i < COUNT(rows); i++) {
		char left[64];

		if (!rows[i].help)
			continue;
		snprintf(left, sizeof(left), "%s%s%s", rows[i].name,
			 *rows[i].value && *rows[i].value != '[' ? " " : "", rows[i].value);
		fprintf(out, "  %-17s %s\n", left, rows[i].help);
	}
	fprintf(out, "\nExit codes:\n");
	for (int code = 0; code <= ZC_EXIT_INTERRUPTED; code++) {
		if (zc_exit_meaning(code))
			fprintf(out, "  %3d  %s\n", code, zc_exit_meaning(code));
	}
}

void zc_command_print_version(FILE *out)
{
	fprintf(out, "zcfs-compare %s\n", ZCFS_VERSION);
}
