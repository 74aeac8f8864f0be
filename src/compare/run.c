// SPDX-License-Identifier: MIT
// Bench, ways, experiment, reports; and all of it taken away again.
// Must not know how any of them works.
#include "run.h"

#include "copier.h"
#include "experiment.h"
#include "machine.h"
#include "report.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

struct run {
	const struct zc_command *command;
	struct zc_failure *failure;
	struct zc_bench bench;
	struct zc_ways ways;
	struct zc_result result;
	int number; /* of the file, from 0 */
};

/* A word as a shell takes it. */
static void add_word(char *text, size_t size, const char *word)
{
	size_t used = strlen(text);
	bool plain = *word && !word[strcspn(word, " \t\n'\"\\$&;|<>()*?[]{}~#`!")];

	snprintf(text + used, size - used, plain ? "%s%s" : "%s'%s'", used ? " " : "", word);
}

static void describe(struct run *run, int argc, char **argv)
{
	struct zc_result *result = &run->result;

	snprintf(result->version, sizeof(result->version), "%s", ZCFS_VERSION);
	add_word(result->command, sizeof(result->command), "zcfs-compare");
	for (int i = 1; i < argc; i++)
		add_word(result->command, sizeof(result->command), argv[i]);
	zc_machine_describe(run->bench.backing, &result->machine);
}

/* What was just made in BACKING has to be seen through the mount, and be the same. */
static int check_mirror(struct run *run)
{
	char plain[PATH_MAX], seen[PATH_MAX];
	struct stat one, other;
	const struct zc_way *way = &run->ways.way[run->ways.count - 1];

	zc_bench_path(run->bench.backing, run->bench.source, plain);
	zc_bench_path(way->shown.dir, run->bench.source, seen);
	if (stat(plain, &one) || stat(seen, &other) || one.st_size != other.st_size ||
	    one.st_ino != other.st_ino) {
		zc_failure_set(run->failure, ZC_EXIT_NO_MOUNT, 0, way->shown.dir,
			       "does not show the backing directory",
			       "give the directory that is mounted there as BACKING, and its mount "
			       "point");
		return -ENXIO;
	}
	return 0;
}

static int prepare(struct run *run)
{
	const struct zc_command *command = run->command;
	const char *file = command->files ? command->file[run->number] : NULL;
	int err = zc_bench_create(&run->bench, command->backing, file, command->size, run->failure);

	if (err)
		return err;
	zc_ways_begin(&run->ways, run->bench.backing);
	if (command->mode == ZC_MODE_SELF)
		err = zc_ways_mount(&run->ways, run->bench.backing, command->planes,
				    command->planes_given, command->zcfs, run->failure);
	else
		err = zc_ways_add_mount(&run->ways, command->mountpoint, run->bench.source,
					run->failure);
	return err ? err : check_mirror(run);
}

/* "report.html" for the first file, "report-2.html" for the second. */
static void name_report(const char *name, int number, char *ret_path)
{
	const char *dot = strrchr(name, '.'), *slash = strrchr(name, '/');
	int stem = dot && (!slash || dot > slash + 1) ? (int)(dot - name) : (int)strlen(name);

	if (number)
		snprintf(ret_path, PATH_MAX, "%.*s-%d%s", stem, name, number + 1, name + stem);
	else
		snprintf(ret_path, PATH_MAX, "%s", name);
}

static int write_report(struct run *run, const char *name,
			int (*report)(const struct zc_result *result, FILE *out))
{
	char path[PATH_MAX];
	FILE *out;
	int err;

	name_report(name, run->number, path);
	out = fopen(path, "we");
	err = out ? report(&run->result, out) : -errno;
	if (out && fclose(out) && !err)
		err = -errno;
	if (err)
		zc_failure_of(run->failure, out ? ZC_STEP_WRITE : ZC_STEP_CREATE, path, err);
	return err;
}

static int columns(void)
{
	struct winsize size;
	const char *given = getenv("COLUMNS");

	if (given && zc_text_number(given) > 0 && zc_text_number(given) < 1000)
		return (int)zc_text_number(given);
	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_col ? 80 : size.ws_col;
}

static int report(struct run *run)
{
	const struct zc_command *command = run->command;
	int err;

	if (command->json && !command->json_file)
		err = zc_report_json(&run->result, stdout);
	else
		err = zc_report_table(&run->result, stdout, columns());
	if (err)
		zc_failure_of(run->failure, ZC_STEP_WRITE, "standard output", err);
	if (!err && command->json_file)
		err = write_report(run, command->json_file, zc_report_json);
	if (!err && command->html_file)
		err = write_report(run, command->html_file, zc_report_html);
	return err;
}

static int tell_interrupted(struct run *run)
{
	zc_failure_set(run->failure, ZC_EXIT_INTERRUPTED, 0, run->command->backing, "interrupted",
		       "nothing is left behind; start it again");
	return -EINTR;
}

static int run_file(struct run *run, int argc, char **argv)
{
	int err = prepare(run);

	describe(run, argc, argv);
	if (!err && !zc_interrupted())
		err = zc_experiment_run(run->command, &run->bench, &run->ways, &run->result,
					run->failure);
	zc_ways_end(&run->ways);
	zc_bench_remove(&run->bench);
	if (zc_interrupted())
		err = tell_interrupted(run);
	if (!err)
		err = report(run);
	zc_result_fini(&run->result);
	return err;
}

enum zc_exit zc_run_experiment(const struct zc_command *command, int argc, char **argv,
			       struct zc_failure *ret_failure)
{
	struct run *run = calloc(1, sizeof(*run));
	int err = run ? 0 : -ENOMEM;

	if (err)
		return zc_failure_of(ret_failure, ZC_STEP_MEMORY, command->backing, err);
	zc_interrupts_begin();
	run->command = command;
	run->failure = ret_failure;
	for (int i = 0; !err && i < (command->files ? command->files : 1); i++) {
		run->number = i;
		err = run_file(run, argc, argv);
	}
	free(run);
	return err ? ret_failure->code : ZC_EXIT_FINE;
}

/* --- one copy */

static void print_once(const struct zc_job *job, const struct zc_taken *taken)
{
	printf("%s: %llu bytes\n", job->method->name, (unsigned long long)job->size);
	printf("  wall      %.6f s\n", taken->wall);
	printf("  clock()   %.6f s\n", taken->clock);
	printf("  user      %.6f s\n", taken->user);
	printf("  system    %.6f s\n", taken->system);
	printf("  switches  %ld voluntary, %ld involuntary\n", taken->voluntary,
	       taken->involuntary);
	printf("  faults    %ld\n", taken->faults);
}

static int look_at(const char *path, struct stat *ret_st, struct zc_failure *failure)
{
	int err = stat(path, ret_st) ? -errno : 0;

	if (err) {
		zc_failure_of(failure, ZC_STEP_OPEN, path, err);
	} else if (!S_ISREG(ret_st->st_mode) || !ret_st->st_size) {
		err = -EINVAL;
		zc_failure_set(failure, ZC_EXIT_NOT_A_FILE, 0, path,
			       S_ISREG(ret_st->st_mode) ? "empty" : "not a regular file",
			       "give a file with bytes to copy");
	}
	return err;
}

enum zc_exit zc_run_once(const struct zc_command *command, struct zc_failure *ret_failure)
{
	struct zc_job job = { .method = command->once,
			      .route = ZC_FILE_TO_FILE,
			      .mark = command->out,
			      .seconds = 24 * 3600 };
	char in[PATH_MAX];
	struct zc_taken taken;
	struct stat st;
	int err = look_at(command->in, &st, ret_failure);

	if (err || !realpath(command->in, in))
		return err ? ret_failure->code
			   : zc_failure_of(ret_failure, ZC_STEP_OPEN, command->in, -errno);
	job.in = in;
	job.out = command->out;
	job.size = (uint64_t)st.st_size;
	zc_interrupts_begin();
	if (!access(command->out, F_OK))
		return zc_failure_of(ret_failure, ZC_STEP_CREATE, command->out, -EEXIST);
	err = zc_copier_run(&job, &taken, ret_failure);
	if (!err) {
		print_once(&job, &taken);
		return ZC_EXIT_FINE;
	}
	unlink(command->out);
	if (err == -EOPNOTSUPP)
		return zc_failure_set(ret_failure, ZC_EXIT_OTHER, err, command->in,
				      "this method does not work on these files",
				      "try another: zcfs-compare --list");
	if (err == -EINTR || err == -ETIME)
		return zc_failure_set(ret_failure, ZC_EXIT_INTERRUPTED, 0, command->out,
				      "interrupted", "the copy has been removed");
	return ret_failure->code;
}
