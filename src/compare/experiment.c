// SPDX-License-Identifier: MIT
// The order in which copies are made, timed, watched and compared.
// Must not know how.
#include "experiment.h"

#include "copier.h"
#include "move.h"
#include "progress.h"
#include "text.h"
#include "verify.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct experiment {
	const struct zc_command *command;
	struct zc_bench *bench;
	struct zc_ways *ways;
	struct zc_result *result;
	struct zc_failure *failure;
	struct zc_progress progress;
	uint64_t memory; /* bytes that may be taken for what comes out of a socket */
};

/* One method on one route: what is measured in turns. */
struct row {
	const struct zc_method *method;
	struct zc_method_result *result;
	enum zc_route route;
};

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static uint64_t memory_available(void)
{
	FILE *in = fopen("/proc/meminfo", "re");
	unsigned long long kib = 0;
	char line[200];

	while (in && !kib && fgets(line, sizeof(line), in))
		if (!strncmp(line, "MemAvailable:", strlen("MemAvailable:")))
			kib = zc_text_number(line + strlen("MemAvailable:"));
	if (in)
		fclose(in);
	return (uint64_t)kib << 10;
}

static struct zc_cell *cell_of(const struct row *row, int way)
{
	return &row->result->cell[row->route][way];
}

/* --- one copy */

/* As its own process may see it only now: a program just says that it failed. */
static int look_for_the_mount(struct experiment *ex, const struct zc_way *way, int err)
{
	struct zc_usage usage;
	struct stat st;

	if (err == -EINTR || !way->daemon.pid)
		return err;
	if (stat(way->shown.dir, &st) == 0 && !zc_daemon_usage(&way->daemon, &usage))
		return err;
	zc_failure_of(ex->failure, ZC_STEP_COPY, way->shown.dir, -ENOTCONN);
	return -ENOTCONN;
}

static void tell_too_long(struct experiment *ex, const struct row *row, const struct zc_way *way,
			  int seconds)
{
	zc_failure_set(
	    ex->failure, ZC_EXIT_OTHER, -ETIME, way->shown.dir, "the copy did not come to an end",
	    "%s, %s took more than %d seconds and was killed: look at the daemon and the "
	    "disk",
	    row->method->name, zc_route_names[row->route], seconds);
}

/* A minute, and one second more for each MiB. */
static int limit_for(uint64_t size)
{
	return 60 + (int)(size >> 20);
}

/* The bytes that came out of a socket, to be looked at later: what did not lie in a file does now. */
static void keep_received(struct experiment *ex, int received, const char *below)
{
	char path[PATH_MAX], from[64];
	struct zc_copy copy = { .from = received, .size = UINT64_MAX };

	snprintf(from, sizeof(from), "/proc/self/fd/%d", received);
	zc_bench_path(ex->bench->backing, below, path);
	copy.from = open(from, O_RDONLY | O_CLOEXEC);
	copy.to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (copy.from >= 0 && copy.to >= 0)
		zc_move_1m(&copy);
	if (copy.from >= 0)
		close(copy.from);
	if (copy.to >= 0)
		close(copy.to);
}

static int tell_difference(struct experiment *ex, const struct row *row, const char *below,
			   const struct zc_difference *difference, int received)
{
	char copy[PATH_MAX], source[PATH_MAX];

	if (!zc_bench_unchanged(ex->bench, ex->failure))
		return -EIO;
	if (received >= 0)
		keep_received(ex, received, below);
	zc_bench_path(ex->bench->backing, below, copy);
	zc_bench_path(ex->bench->backing, ex->bench->source, source);
	zc_failure_set(
	    ex->failure, ZC_EXIT_DIFFERS, 0, copy, "not what its source is",
	    "the first byte that differs is %lld (%s, %s; %lld bytes of %lld); both files "
	    "stay: look at %.80s",
	    (long long)difference->first, row->method->name, zc_route_names[row->route],
	    (long long)difference->size[1], (long long)difference->size[0], source);
	ex->bench->name[0] = '\0';
	return -EIO;
}

static int compare(struct experiment *ex, const struct row *row, const char *below, int received)
{
	struct zc_difference difference;
	int one = zc_bench_open(ex->bench, ex->bench->source), other, err;

	other = received >= 0 ? received : zc_bench_open(ex->bench, below);
	err = one < 0 ? one : other < 0 ? other : zc_verify(one, other, &difference);
	if (err) {
		zc_failure_of(ex->failure, ZC_STEP_READ, below, err);
	} else if (difference.first >= 0 ||
		   strcmp(difference.sha256[0], difference.sha256[1]) != 0) {
		err = tell_difference(ex, row, below, &difference, received);
	} else {
		ex->result->compared++;
		snprintf(ex->result->sha256, sizeof(ex->result->sha256), "%s",
			 difference.sha256[0]);
	}
	if (one >= 0)
		close(one);
	if (other >= 0 && other != received)
		close(other);
	return err;
}

static void fill_sample(struct zc_sample *sample, const struct zc_taken *taken,
			const struct zc_usage *before, const struct zc_usage *after)
{
	double ticks = after->user - before->user + after->system - before->system;
	double cpu = after->cpu - before->cpu;
	double user = ticks > 0 ? (after->user - before->user) / ticks : 0;

	sample->wall = taken->wall;
	sample->copier_user = taken->user;
	sample->copier_system = taken->system;
	sample->copier_clock = taken->clock;
	sample->copier_voluntary = taken->voluntary;
	sample->copier_involuntary = taken->involuntary;
	sample->copier_faults = taken->faults;
	sample->daemon_cpu = cpu;
	/* too short for a tick: all of what a mirror does is the kernel's work */
	sample->daemon_user = cpu * user;
	sample->daemon_system = cpu - sample->daemon_user;
	sample->daemon_voluntary = after->voluntary - before->voluntary;
	sample->daemon_involuntary = after->involuntary - before->involuntary;
	sample->daemon_faults = after->faults - before->faults;
}

static int time_once(struct experiment *ex, struct zc_way *way, const struct zc_job *job,
		     struct zc_cell *cell, int *ret_received)
{
	struct zc_sample *sample = &cell->sample[cell->samples];
	struct zc_usage before = { 0 }, after = { 0 };
	struct zc_taken taken;
	double resident;
	int err;

	if (ex->command->cold)
		zc_bench_cool(ex->bench);
	resident = zc_bench_resident(ex->bench);
	if (way->daemon.pid && zc_daemon_usage(&way->daemon, &before))
		return -ENOTCONN;
	err = zc_copier_run(job, &taken, ex->failure);
	if (err)
		return err;
	if (way->daemon.pid && zc_daemon_usage(&way->daemon, &after))
		return -ENOTCONN;
	*sample = (struct zc_sample){ .resident = resident };
	fill_sample(sample, &taken, &before, &after);
	cell->samples++;
	*ret_received = taken.received;
	return 0;
}

/* The last requests of a copy (RELEASE) come after it: until two reports are alike. */
static int settled_counters(const struct zc_daemon *daemon, struct zc_counters *ret_counters)
{
	static struct zc_counters again;
	int err = zc_daemon_counters(daemon, ret_counters);

	for (int tries = 0; !err && tries < 50; tries++) {
		usleep(1000);
		err = zc_daemon_counters(daemon, &again);
		if (err || !strcmp(again.text, ret_counters->text))
			break;
		*ret_counters = again;
	}
	return err;
}

static int watch_once(struct zc_way *way, const struct zc_job *job, struct zc_cell *cell,
		      struct zc_failure *failure, int *ret_received)
{
	static struct zc_counters before, after;
	struct zc_counts *counts = &cell->counts;
	struct zc_watched watched;
	struct zc_taken taken;
	bool counted = way->daemon.pid && !settled_counters(&way->daemon, &before);
	int err = zc_copier_watch(job, &taken, &watched, failure);

	*counts = (struct zc_counts){ .known = !err };
	if (err == -EPERM) {
		snprintf(counts->why_not, sizeof(counts->why_not),
			 "ptrace(2) is not permitted here");
		err = zc_copier_run(job, &taken, failure);
	}
	if (err)
		return err;
	*ret_received = taken.received;
	if (counts->known) {
		counts->system_calls = watched.system_calls;
		counts->copier_bytes = watched.bytes + taken.told_bytes;
		counts->mapped_bytes = taken.mapped_bytes;
	}
	if (counted && !settled_counters(&way->daemon, &after))
		zc_counters_tell(&before, &after, counts);
	return 0;
}

static void tell_copy(const struct experiment *ex, const struct row *row, const struct zc_way *way,
		      bool watched)
{
	if (ex->command->verbose)
		fprintf(stderr, "%s: %s: %s%s\n", zc_route_names[row->route], row->method->name,
			way->shown.name, watched ? ", counted" : "");
}

static void show_progress(struct experiment *ex, const struct row *row, long copies)
{
	char doing[120];

	snprintf(doing, sizeof(doing), "%s: %s", zc_route_names[row->route], row->method->name);
	zc_progress_step(&ex->progress, copies, doing);
}

static int make_copy(struct experiment *ex, const struct row *row, int number, bool watched)
{
	struct zc_way *way = &ex->ways->way[number];
	char below[PATH_MAX], in[PATH_MAX], out[PATH_MAX];
	struct zc_job job = { .method = row->method,
			      .route = row->route,
			      .in = in,
			      .out = out,
			      .mark = ex->bench->name,
			      .size = ex->bench->size,
			      .seconds = limit_for(ex->bench->size) };
	int received = -1, err = zc_bench_target(ex->bench, below, ex->failure);

	if (err)
		return err;
	tell_copy(ex, row, way, watched);
	show_progress(ex, row, 0);
	zc_bench_path(way->shown.dir, ex->bench->source, in);
	zc_bench_path(way->shown.dir, below, out);
	if (watched)
		err = watch_once(way, &job, cell_of(row, number), ex->failure, &received);
	else
		err = time_once(ex, way, &job, cell_of(row, number), &received);
	if (!err) {
		ex->result->copies++;
		err = compare(ex, row, below, received);
	} else if (err == -ETIME) {
		tell_too_long(ex, row, way, job.seconds);
	} else if (err != -EOPNOTSUPP) {
		err = look_for_the_mount(ex, way, err);
	}
	if (received >= 0)
		close(received);
	if (ex->bench->name[0])
		zc_bench_clear(ex->bench, below);
	show_progress(ex, row, 1);
	return err;
}

/* --- rows */

static void leave_out(struct zc_cell *cell, const char *why)
{
	cell->made = false;
	snprintf(cell->why_not, sizeof(cell->why_not), "%s", why);
}

static bool receives(enum zc_route route)
{
	return route == ZC_FILE_TO_TCP || route == ZC_FILE_TO_UNIX;
}

/* NULL: this row is made. */
static const char *why_not(const struct experiment *ex, const struct row *row)
{
	if (!(row->method->routes & (1u << row->route)))
		return row->method->else_where ? row->method->else_where : "not on this route";
	if (!zc_method_is_there(row->method))
		return "this program is not installed";
	if (receives(row->route) && ex->bench->size > ex->memory / 4)
		return "too little memory to keep what comes out of the socket";
	return NULL;
}

/* Each way once, watched; what does not work there is left out, by its own fault or not. */
static int watch_row(struct experiment *ex, const struct row *row)
{
	int err = 0;

	for (int way = 0; way < ex->ways->count && !err; way++) {
		struct zc_cell *cell = cell_of(row, way);

		cell->made = true;
		if (way == 1) { /* the control is the plain path */
			*cell = *cell_of(row, 0);
			continue;
		}
		err = make_copy(ex, row, way, true);
		if (err == -EOPNOTSUPP) {
			leave_out(cell, "this file system does not take it");
			err = 0;
		}
	}
	return err;
}

/* In turns, each time beginning with another way. */
static int time_row(struct experiment *ex, const struct row *row)
{
	int err = 0, ways = ex->ways->count;

	for (int turn = 0; turn < ex->command->repeats && !err; turn++)
		for (int i = 0; i < ways && !err; i++)
			if (cell_of(row, (i + turn) % ways)->made)
				err = make_copy(ex, row, (i + turn) % ways, false);
	return err;
}

static int run_row(struct experiment *ex, const struct row *row)
{
	const char *why = why_not(ex, row);
	int err = 0;

	for (int way = 0; way < ex->ways->count && why; way++)
		leave_out(cell_of(row, way), why);
	if (why)
		return 0;
	if (!ex->command->cold)
		zc_bench_warm(ex->bench);
	err = watch_row(ex, row);
	if (!err)
		err = time_row(ex, row);
	if (!err && !zc_bench_unchanged(ex->bench, ex->failure))
		err = -EIO;
	return err;
}

static bool wanted_route(const struct experiment *ex, int route)
{
	return ex->command->routes & (1u << route);
}

static long count_rows(const struct experiment *ex)
{
	long rows = 0;

	for (int route = 0; route < ZC_ROUTES; route++)
		for (int i = 0; i < zc_method_count; i++)
			if (wanted_route(ex, route) && ex->command->methods & (1ull << i)) {
				struct row row = { .method = &zc_methods[i],
						   .route = (enum zc_route)route };

				rows += !why_not(ex, &row);
			}
	return rows;
}

/* Their names, before anything is measured: one result for each method that was asked for. */
static int name_methods(struct experiment *ex)
{
	struct zc_result *result = ex->result;

	result->method = calloc((size_t)zc_method_count, sizeof(*result->method));
	if (!result->method)
		return -ENOMEM;
	for (int i = 0; i < zc_method_count; i++) {
		struct zc_method_result *method = &result->method[result->methods];

		if (!(ex->command->methods & (1ull << i)))
			continue;
		result->methods++;
		snprintf(method->name, sizeof(method->name), "%s", zc_methods[i].name);
		snprintf(method->what, sizeof(method->what), "%s", zc_methods[i].what);
		method->program = zc_methods[i].program;
		for (int route = 0; route < ZC_ROUTES; route++)
			for (int way = 0; way < ZC_MAX_WAYS; way++)
				leave_out(&method->cell[route][way], "not asked for");
	}
	return 0;
}

static const struct zc_method *method_of(const struct zc_method_result *result)
{
	for (int i = 0; i < zc_method_count; i++)
		if (!strcmp(zc_methods[i].name, result->name))
			return &zc_methods[i];
	return NULL;
}

static int run_rows(struct experiment *ex)
{
	int err = 0;

	/* the control is not watched */
	zc_progress_begin(&ex->progress,
			  count_rows(ex) * (ex->ways->count * (ex->command->repeats + 1) - 1));
	for (int route = 0; route < ZC_ROUTES && !err; route++)
		for (int i = 0; i < ex->result->methods && !err; i++) {
			struct row row = { .method = method_of(&ex->result->method[i]),
					   .result = &ex->result->method[i],
					   .route = (enum zc_route)route };

			if (row.method && wanted_route(ex, route))
				err = run_row(ex, &row);
			if (!err && zc_interrupted())
				err = -EINTR;
		}
	zc_progress_end(&ex->progress);
	return err;
}

int zc_experiment_run(const struct zc_command *command, struct zc_bench *bench,
		      struct zc_ways *ways, struct zc_result *result,
		      struct zc_failure *ret_failure)
{
	struct experiment ex = { .command = command,
				 .bench = bench,
				 .ways = ways,
				 .result = result,
				 .failure = ret_failure,
				 .memory = memory_available() };
	double start = now();
	int err;

	result->cold = command->cold;
	result->quick = command->quick;
	result->repeats = command->repeats;
	result->size = bench->size;
	snprintf(result->source, sizeof(result->source), "%s", bench->given);
	result->ways = ways->count;
	for (int i = 0; i < ways->count; i++)
		result->way[i] = ways->way[i].shown;
	err = name_methods(&ex);
	if (err)
		zc_failure_of(ret_failure, ZC_STEP_MEMORY, bench->backing, err);
	else
		err = run_rows(&ex);
	result->interrupted = err == -EINTR;
	result->seconds = now() - start;
	return err;
}
