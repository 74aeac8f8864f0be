// SPDX-License-Identifier: MIT
// The command line: one table of rows drives parsing, defaults and --help.
// Must not touch the file system (but for the current directory's name).
#include "zcfs/options.h"

#include <errno.h>
#include <fuse_log.h>
#include <fuse_lowlevel.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "zcfs/log.h"

#define STRINGIFY(x)  #x
#define TO_STRING(x)  STRINGIFY(x)
#define MAX_THREADS   64
#define THREADS_GIVEN 10

struct row;
typedef int set_fn(struct zc_options *options, const struct row *row, const char *value);

static set_fn set_flag, set_plane, set_seconds, set_all_seconds, set_coherence, set_transport,
    set_stats, set_threads, set_fsname, set_readonly, set_map, set_squash, set_mask;

/* One option. `set` NULL: libfuse or mount(2) takes it as it is. A setter returns 0, 1 if libfuse
 * is to see the option too, or -errno after a message. */
struct row {
	const char *name;  /* as fuse_opt(3) matches it: "-f", "plane=", "ro" */
	const char *value; /* what --help shows behind the name */
	set_fn *set;
	size_t offset; /* of the field, for setters that serve several rows */
	const char *help;
};

#define FIELD(f) offsetof(struct zc_options, f)

static const struct row command_rows[] = {
	{ "-f", "", set_flag, FIELD(foreground), "stay in the foreground" },
	{ "-d", "", set_flag, FIELD(debug),
	  "show every request and what was negotiated; implies -f" },
	{ "-h", "", set_flag, FIELD(help), NULL },
	{ "--help", "", set_flag, FIELD(help), "print this text" },
	{ "-V", "", set_flag, FIELD(version), NULL },
	{ "--version", "", set_flag, FIELD(version), "print the versions of zcfs and libfuse" },
};

static const struct row zcfs_rows[] = {
	{ "plane=", "PLANE", set_plane, 0,
	  "file data by passthrough, splice, copy, cached or auto: the first that works (auto)" },
	{ "timeout=", "SECONDS", set_all_seconds, 0, "sets the next three at once" },
	{ "entry_timeout=", "SECONDS", set_seconds, FIELD(timeouts.entry),
	  "how long a name is believed without asking (1)" },
	{ "attr_timeout=", "SECONDS", set_seconds, FIELD(timeouts.attr),
	  "how long attributes are believed (1)" },
	{ "negative_timeout=", "SECONDS", set_seconds, FIELD(timeouts.negative),
	  "how long the absence of a name is believed (1)" },
	{ "coherence=", "HOW", set_coherence, 0,
	  "changes made in BACKING show by events, at once (as root), or timeout[=SECONDS]" },
	{ "transport=", "HOW", set_transport, 0,
	  "requests come by dev, uring or auto: dev, served on the caller's core (auto)" },
	{ "uidmap=", "BACKING:MOUNT:N", set_map, FIELD(view.uids),
	  "N user ids from BACKING on are MOUNT and so on here; may be repeated" },
	{ "gidmap=", "BACKING:MOUNT:N", set_map, FIELD(view.gids), "the same for group ids" },
	{ "squash=", "UID:GID", set_squash, 0,
	  "everything shows, and is made in BACKING, as of this user and group" },
	{ "umask=", "MODE", set_mask, FIELD(view), "sets the next two at once" },
	{ "fmask=", "MODE", set_mask, FIELD(view.file_mask),
	  "octal permission bits that files neither show nor get" },
	{ "dmask=", "MODE", set_mask, FIELD(view.dir_mask), "the same for directories" },
	{ "stats=", "FILE", set_stats, 0,
	  "write the counters to FILE on SIGUSR1 and at the end (standard error or syslog)" },
	{ "threads=", "N", set_threads, 0,
	  "at most N worker threads, 1 to " TO_STRING(MAX_THREADS) " (" TO_STRING(
	      THREADS_GIVEN) ")" },
	{ "nohandles", "", set_flag, FIELD(no_handles),
	  "do not use kernel file handles, as on a file system without them" },
	{ "nonempty", "", set_flag, FIELD(nonempty),
	  "mount over a directory that is not empty or already a mount point, silently" },
};

static const struct row mount_rows[] = {
	{ "ro", "", set_readonly, 0, "mount read-only" },
	{ "rw", "", NULL, 0, "mount read-write (default)" },
	{ "noexec", "", NULL, 0, "do not execute programs on the mount" },
	{ "exec", "", NULL, 0, NULL },
	{ "nosuid", "", NULL, 0, "ignore setuid and setgid bits" },
	{ "suid", "", NULL, 0, NULL },
	{ "nodev", "", NULL, 0, "ignore device files" },
	{ "dev", "", NULL, 0, NULL },
	{ "noatime", "", NULL, 0, "do not update access times" },
	{ "atime", "", NULL, 0, NULL },
	{ "nodiratime", "", NULL, 0, NULL },
	{ "diratime", "", NULL, 0, NULL },
	{ "relatime", "", NULL, 0, NULL },
	{ "norelatime", "", NULL, 0, NULL },
	{ "strictatime", "", NULL, 0, NULL },
	{ "nostrictatime", "", NULL, 0, NULL },
	{ "sync", "", NULL, 0, NULL },
	{ "async", "", NULL, 0, NULL },
	{ "dirsync", "", NULL, 0, NULL },
	{ "nosymfollow", "", NULL, 0, NULL },
	{ "symfollow", "", NULL, 0, NULL },
	{ "allow_other", "", NULL, 0, "let other users in (default for root)" },
	{ "default_permissions", "", NULL, 0, "let the kernel check permissions (always on)" },
	{ "auto_unmount", "", set_flag, FIELD(auto_unmount), "unmount when the daemon dies" },
	{ "fsname=", "NAME", set_fsname, 0, "the source shown by mount(8) (BACKING)" },
	{ "subtype=", "NAME", NULL, 0, NULL },
	{ "max_read=", "BYTES", NULL, 0, NULL },
	{ "context=", "CTX", NULL, 0, NULL },
	{ "fscontext=", "CTX", NULL, 0, NULL },
	{ "defcontext=", "CTX", NULL, 0, NULL },
	{ "rootcontext=", "CTX", NULL, 0, NULL },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
	const char *title;
	const struct row *rows;
	size_t count;
} sections[] = {
	{ "Options", command_rows, COUNT(command_rows) },
	{ "-o options of zcfs", zcfs_rows, COUNT(zcfs_rows) },
	{ "-o options of libfuse and mount(8), among them", mount_rows, COUNT(mount_rows) },
};

#define ROW_COUNT (COUNT(command_rows) + COUNT(zcfs_rows) + COUNT(mount_rows))

static const struct row *row_number(size_t n)
{
	for (size_t s = 0; s < COUNT(sections); s++) {
		if (n < sections[s].count)
			return &sections[s].rows[n];
		n -= sections[s].count;
	}
	return NULL;
}

static int complain(const char *option, const char *value, const char *advice)
{
	zc_log(ZC_LOG_ERR, "-o %s%s: not a valid value (EINVAL): %s", option, value, advice);
	return -EINVAL;
}

static int set_flag(struct zc_options *options, const struct row *row, const char *value)
{
	(void)value;
	*(bool *)((char *)options + row->offset) = true;
	return 0;
}

static int set_plane(struct zc_options *options, const struct row *row, const char *value)
{
	static const char *const names[] = {
		[ZC_WISH_AUTO] = "auto",     [ZC_WISH_PASSTHROUGH] = "passthrough",
		[ZC_WISH_SPLICE] = "splice", [ZC_WISH_COPY] = "copy",
		[ZC_WISH_CACHED] = "cached",
	};

	for (size_t i = 0; i < COUNT(names); i++) {
		if (strcmp(value, names[i]) == 0) {
			options->plane = (enum zc_plane_wish)i;
			return 0;
		}
	}
	return complain(row->name, value, "give auto, passthrough, splice, copy or cached");
}

static int parse_seconds(const struct row *row, const char *value, double *ret)
{
	char *end;
	double seconds = strtod(value, &end);

	if (end == value || *end || !isfinite(seconds) || seconds < 0 || seconds > 1e9)
		return complain(row->name, value, "give seconds from 0 to 1e9, such as 0.5");
	*ret = seconds;
	return 0;
}

/* Who says how long to believe wants just that. */
static void by_timeout(struct zc_options *options)
{
	if (options->coherence == ZC_COHERENCE_AUTO)
		options->coherence = ZC_COHERENCE_TIMEOUT;
}

static int set_seconds(struct zc_options *options, const struct row *row, const char *value)
{
	by_timeout(options);
	return parse_seconds(row, value, (double *)((char *)options + row->offset));
}

static int set_all_seconds(struct zc_options *options, const struct row *row, const char *value)
{
	double seconds;
	int err = parse_seconds(row, value, &seconds);

	by_timeout(options);
	if (!err)
		options->timeouts = (struct zc_timeouts){ seconds, seconds, seconds };
	return err;
}

static int set_coherence(struct zc_options *options, const struct row *row, const char *value)
{
	options->coherence = !strcmp(value, "events") ? ZC_COHERENCE_EVENTS : ZC_COHERENCE_TIMEOUT;
	if (!strncmp(value, "timeout=", strlen("timeout=")))
		return set_all_seconds(options, row, value + strlen("timeout="));
	if (options->coherence == ZC_COHERENCE_EVENTS || !strcmp(value, "timeout"))
		return 0;
	return complain(row->name, value, "give events, timeout or timeout=SECONDS");
}

static int set_transport(struct zc_options *options, const struct row *row, const char *value)
{
	static const char *const names[] = {
		[ZC_TRANSPORT_AUTO] = "auto",
		[ZC_TRANSPORT_DEV] = "dev",
		[ZC_TRANSPORT_URING] = "uring",
	};

	for (size_t i = 0; i < COUNT(names); i++) {
		if (strcmp(value, names[i]) == 0) {
			options->transport = (enum zc_transport)i;
			return 0;
		}
	}
	return complain(row->name, value, "give auto, dev or uring");
}

/* Absolute, because a daemon's current directory is /. */
static int set_stats(struct zc_options *options, const struct row *row, const char *value)
{
	char *here = NULL;
	int res;

	if (!*value)
		return complain(row->name, value, "give the name of a file");
	if (*value != '/') {
		here = getcwd(NULL, 0);
		if (!here)
			return complain(row->name, value, "give an absolute path");
	}
	free(options->stats_file);
	res = asprintf(&options->stats_file, "%s%s%s", here ? here : "", here ? "/" : "", value);
	free(here);
	return res < 0 ? -ENOMEM : 0;
}

static int set_threads(struct zc_options *options, const struct row *row, const char *value)
{
	char *end;
	unsigned long threads = strtoul(value, &end, 10);

	if (end == value || *end || threads < 1 || threads > MAX_THREADS)
		return complain(row->name, value,
				"give a number from 1 to " TO_STRING(MAX_THREADS));
	options->threads = (unsigned)threads;
	return 0;
}

static int set_map(struct zc_options *options, const struct row *row, const char *value)
{
	int err =
	    zc_view_add_range((struct zc_id_map *)(void *)((char *)options + row->offset), value);

	if (err == -EEXIST)
		return complain(row->name, value,
				"it overlaps an earlier range: give each id once");
	if (err == -ENOSPC)
		return complain(row->name, value,
				"give at most " TO_STRING(ZC_ID_RANGES) " ranges");
	if (err)
		return complain(row->name, value,
				"give BACKING:MOUNT:COUNT, three numbers such as 0:100000:65536");
	return 0;
}

static int set_squash(struct zc_options *options, const struct row *row, const char *value)
{
	struct zc_id_map map = { 0 };
	char text[64];

	/* the syntax of two ids, the bounds of a range of one */
	snprintf(text, sizeof(text), "%s:1", value);
	if (strlen(value) > sizeof(text) - 3 || zc_view_add_range(&map, text) != 0)
		return complain(row->name, value, "give UID:GID, two numbers such as 1000:1000");
	options->view.squash = true;
	options->view.squash_uid = map.ranges[0].backing;
	options->view.squash_gid = map.ranges[0].mount;
	return 0;
}

static int set_mask(struct zc_options *options, const struct row *row, const char *value)
{
	char *end;
	unsigned long mask = strtoul(value, &end, 8);

	if (*value < '0' || *value > '7' || *end || mask > 0777)
		return complain(row->name, value,
				"give an octal number from 0 to 777, such as 027");
	if (row->offset != FIELD(view.dir_mask))
		options->view.file_mask = (mode_t)mask;
	if (row->offset != FIELD(view.file_mask))
		options->view.dir_mask = (mode_t)mask;
	return 0;
}

/* libfuse acts on these two; zcfs only has to know of them. */
static int set_fsname(struct zc_options *options, const struct row *row, const char *value)
{
	(void)row;
	(void)value;
	options->fsname_given = true;
	return 1;
}

static int set_readonly(struct zc_options *options, const struct row *row, const char *value)
{
	(void)row;
	(void)value;
	options->readonly = true;
	return 1;
}

static int take_path(struct zc_options *options, const char *arg)
{
	char **field = options->backing ? &options->mountpoint : &options->backing;

	if (!*arg) {
		zc_log(ZC_LOG_ERR, "%s: empty name (EINVAL): give the path of a directory",
		       options->backing ? "MOUNTPOINT" : "BACKING");
		return -1;
	}
	if (options->mountpoint) {
		zc_log(ZC_LOG_ERR,
		       "%s: one argument too many (EINVAL): give BACKING and MOUNTPOINT, "
		       "nothing else",
		       arg);
		return -1;
	}
	*field = strdup(arg);
	return *field ? 0 : -1;
}

/* Called by fuse_opt_parse for every option and argument. 1: keep for libfuse; 0: taken; -1:
 * error. */
static int take(void *data, const char *arg, int key, struct fuse_args *outargs)
{
	struct zc_options *options = data;
	const struct row *row;
	const char *value;
	int res;

	(void)outargs;
	if (key == FUSE_OPT_KEY_NONOPT)
		return take_path(options, arg);
	if (key == FUSE_OPT_KEY_OPT) {
		zc_log(ZC_LOG_ERR, "%s%s: unknown option (EINVAL): see zcfs --help",
		       *arg == '-' ? "" : "-o ", arg);
		return -1;
	}
	row = row_number((size_t)key);
	if (!row->set)
		return 1;
	value = strchr(arg, '=');
	res = row->set(options, row, value ? value + 1 : "");
	return res < 0 ? -1 : res;
}

/* What libfuse's parser itself has to complain about. */
__attribute__((format(printf, 2, 0))) static void log_parser(enum fuse_log_level level,
							     const char *format, va_list args)
{
	char line[512];

	(void)level;
	vsnprintf(line, sizeof(line), format, args);
	line[strcspn(line, "\n")] = '\0';
	zc_log(ZC_LOG_ERR, "command line: %s (EINVAL): see zcfs --help",
	       strncmp(line, "fuse: ", 6) == 0 ? line + 6 : line);
}

static int settle_view(struct zc_view *view)
{
	bool maps = view->uids.count || view->gids.count;

	view->owners = view->squash || maps;
	view->acls = view->owners || view->file_mask || view->dir_mask;
	if (!view->squash || !maps)
		return 0;
	zc_log(ZC_LOG_ERR,
	       "-o squash=: together with uidmap= or gidmap= (EINVAL): give one or the other");
	return -EINVAL;
}

int zc_options_parse(struct zc_options *options, int argc, char **argv)
{
	struct fuse_opt templates[ROW_COUNT + 1];
	struct fuse_args args = FUSE_ARGS_INIT(argc, argv);

	*options = (struct zc_options){
		.timeouts = { ZC_TIMEOUT_DEFAULT, ZC_TIMEOUT_DEFAULT, ZC_TIMEOUT_DEFAULT },
		.threads = THREADS_GIVEN,
	};
	for (size_t i = 0; i < ROW_COUNT; i++)
		templates[i] = (struct fuse_opt)FUSE_OPT_KEY(row_number(i)->name, (int)i);
	templates[ROW_COUNT] = (struct fuse_opt)FUSE_OPT_END;

	fuse_set_log_func(log_parser);
	if (fuse_opt_parse(&args, options, templates, take) < 0) {
		fuse_opt_free_args(&args);
		return -EINVAL;
	}
	options->session_args = args;
	options->foreground |= options->debug;
	if (options->help || options->version)
		return 0;
	if (settle_view(&options->view) != 0)
		return -EINVAL;
	if (!options->mountpoint) {
		zc_log(ZC_LOG_ERR,
		       "%s: missing argument (EINVAL): usage: zcfs [options] BACKING "
		       "MOUNTPOINT; see zcfs --help",
		       options->backing ? "MOUNTPOINT" : "BACKING");
		return -EINVAL;
	}
	return 0;
}

void zc_options_fini(struct zc_options *options)
{
	free(options->backing);
	free(options->mountpoint);
	free(options->stats_file);
	fuse_opt_free_args(&options->session_args);
	*options = (struct zc_options){ 0 };
}

static void print_row(const struct row *row)
{
	char left[64];

	if (!row->help)
		return;
	snprintf(left, sizeof(left), "%s%s%s", *row->name == '-' ? "" : "-o ", row->name,
		 row->value);
	printf("  %-28s %s\n", left, row->help);
}

void zc_options_print_help(void)
{
	printf("Usage: zcfs [options] BACKING MOUNTPOINT\n\n"
	       "Shows the directory BACKING again under MOUNTPOINT. File data moves inside the\n"
	       "kernel, never through the memory of zcfs. Unmount with: umount MOUNTPOINT\n"
	       "(fusermount3 -u MOUNTPOINT as an ordinary user).\n");
	for (size_t s = 0; s < COUNT(sections); s++) {
		printf("\n%s:\n", sections[s].title);
		for (size_t r = 0; r < sections[s].count; r++)
			print_row(&sections[s].rows[r]);
	}
	printf("\nExit codes:\n"
	       "  0 mounted (in the foreground: unmounted again)   2 wrong usage\n"
	       "  3 BACKING is missing         4 BACKING is not a directory   5 BACKING is "
	       "unreadable\n"
	       "  6 MOUNTPOINT is unusable     7 MOUNTPOINT is already mounted\n"
	       "  8 one lies inside the other  9 no /dev/fuse  10 not permitted  11 mount failed\n"
	       " 12 any other failure\n");
}

void zc_options_print_version(void)
{
	printf("zcfs %s\nlibfuse %s\n", ZCFS_VERSION, fuse_pkgversion());
}
