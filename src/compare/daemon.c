// SPDX-License-Identifier: MIT
// Finds the daemon of a mount in /proc and reads what it used and counted.
// Must not know what is copied, nor link anything of the daemon's.
#include "daemon.h"

#include "text.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* A file of /proc, or of the daemon: bytes read, the text ends with 0. */
static ssize_t read_text(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	size_t used = 0;
	ssize_t got = 0;

	if (fd < 0)
		return -errno;
	while (used < size - 1 && (got = read(fd, text + used, size - 1 - used)) > 0)
		used += (size_t)got;
	close(fd);
	text[used] = '\0';
	return got < 0 ? -EIO : (ssize_t)used;
}

static bool fd_serves(pid_t pid, const char *fd, unsigned minor)
{
	char path[64], text[1024];
	const char *number;

	snprintf(path, sizeof(path), "/proc/%d/fdinfo/%.16s", pid, fd);
	if (read_text(path, text, sizeof(text)) < 0)
		return false;
	number = zc_text_behind(text, "fuse_connection:");
	return number && zc_text_number(number) == minor;
}

static bool has_connection(pid_t pid, unsigned minor)
{
	struct dirent *entry;
	bool found = false;
	char path[64];
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/fdinfo", pid);
	dir = opendir(path);
	if (!dir)
		return false;
	while (!found && (entry = readdir(dir)))
		found = isdigit((unsigned char)entry->d_name[0]) &&
			fd_serves(pid, entry->d_name, minor);
	closedir(dir);
	return found;
}

/* Its arguments one after the other, each ended by 0; size: of all. */
struct arguments {
	char text[8192];
	size_t size;
};

static bool read_arguments(pid_t pid, struct arguments *ret_arguments)
{
	char path[64];
	ssize_t got;

	snprintf(path, sizeof(path), "/proc/%d/cmdline", pid);
	got = read_text(path, ret_arguments->text, sizeof(ret_arguments->text));
	ret_arguments->size = got > 0 ? (size_t)got : 0;
	return got > 0;
}

/* Counted from the last one, which is 0. */
static const char *argument_from_end(const struct arguments *arguments, int number)
{
	const char *text = arguments->text;
	size_t at = arguments->size;

	while (at > 0 && number >= 0) {
		at--;
		while (at > 0 && text[at - 1])
			at--;
		if (number-- == 0)
			return text + at;
	}
	return "";
}

static bool is_zcfs_on(pid_t pid, const struct arguments *arguments, const char *mountpoint)
{
	char path[64], name[64], real[PATH_MAX];

	snprintf(path, sizeof(path), "/proc/%d/comm", pid);
	return read_text(path, name, sizeof(name)) > 0 && !strcmp(name, "zcfs\n") &&
	       realpath(argument_from_end(arguments, 0), real) && !strcmp(real, mountpoint);
}

/* The value of stats= in any argument: commas in it are written "\,". */
static void find_stats(const struct arguments *arguments, char *ret_path)
{
	const char *text = arguments->text, *end = text + arguments->size;
	size_t used = 0;

	ret_path[0] = '\0';
	for (; text < end; text += strlen(text) + 1) {
		const char *at = strstr(text, "stats=");

		if (!at || (at > text && at[-1] != ',' && strncmp(text, "-o", 2) != 0))
			continue;
		for (at += strlen("stats="); *at && *at != ',' && used < PATH_MAX - 1; at++) {
			if (*at == '\\' && at[1])
				at++;
			ret_path[used++] = *at;
		}
		/* of another directory than ours if it is relative */
		ret_path[ret_path[0] == '/' ? used : 0] = '\0';
		return;
	}
}

static void describe(pid_t pid, const struct arguments *arguments, struct zc_daemon *ret_daemon)
{
	*ret_daemon = (struct zc_daemon){ .pid = pid };
	find_stats(arguments, ret_daemon->stats);
	snprintf(ret_daemon->backing, sizeof(ret_daemon->backing), "%.*s", PATH_MAX - 1,
		 argument_from_end(arguments, 1));
}

/* Two rounds: the connection's number is proof, the command line only likely. */
int zc_daemon_find(unsigned minor, const char *mountpoint, struct zc_daemon *ret_daemon)
{
	struct arguments *arguments = malloc(sizeof(*arguments));
	DIR *dir = opendir("/proc");
	struct dirent *entry;
	int err = -ESRCH;

	for (int round = 0; arguments && dir && round < 2 && err; round++) {
		rewinddir(dir);
		while (err && (entry = readdir(dir))) {
			pid_t pid = (pid_t)zc_text_number(entry->d_name);

			if (pid <= 0 || (round == 0 && !has_connection(pid, minor)) ||
			    !read_arguments(pid, arguments) ||
			    (round == 1 && !is_zcfs_on(pid, arguments, mountpoint)))
				continue;
			describe(pid, arguments, ret_daemon);
			err = 0;
		}
	}
	if (dir)
		closedir(dir);
	free(arguments);
	return err;
}

/* --- what it used */

static long status_value(const char *text, const char *key)
{
	const char *number = zc_text_behind(text, key);

	return number ? (long)zc_text_number(number) : 0;
}

static void add_threads(pid_t pid, struct zc_usage *usage)
{
	char path[320], text[4096];
	struct dirent *entry;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	dir = opendir(path);
	if (!dir)
		return;
	while ((entry = readdir(dir))) {
		snprintf(path, sizeof(path), "/proc/%d/task/%s/status", pid, entry->d_name);
		if (entry->d_name[0] == '.' || read_text(path, text, sizeof(text)) < 0)
			continue;
		usage->voluntary += status_value(text, "\nvoluntary_ctxt_switches:");
		usage->involuntary += status_value(text, "\nnonvoluntary_ctxt_switches:");
	}
	closedir(dir);
}

/* Of /proc/PID/stat, numbered as man 5 proc does; behind the name, which may hold anything, the
 * third field comes. */
static double stat_field(const char *behind_name, int number)
{
	char word[32];

	zc_text_word(behind_name, number - 3, word, sizeof(word));
	return (double)zc_text_number(word);
}

static int read_stat(pid_t pid, struct zc_usage *usage)
{
	double tick = 1.0 / (double)sysconf(_SC_CLK_TCK);
	char path[64], text[2048];
	const char *behind;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	if (read_text(path, text, sizeof(text)) < 0)
		return -ESRCH;
	behind = strrchr(text, ')');
	if (!behind || behind[1] != ' ' || behind[2] == 'Z')
		return -ESRCH;
	behind += 2;
	usage->faults = (long)(stat_field(behind, 10) + stat_field(behind, 12));
	usage->user = stat_field(behind, 14) * tick;
	usage->system = stat_field(behind, 15) * tick;
	return 0;
}

int zc_daemon_usage(const struct zc_daemon *daemon, struct zc_usage *ret_usage)
{
	struct zc_usage usage = { 0 };
	struct timespec used;
	clockid_t clock;
	int err = read_stat(daemon->pid, &usage);

	if (err)
		return err;
	if (clock_getcpuclockid(daemon->pid, &clock) || clock_gettime(clock, &used))
		return -ESRCH;
	usage.cpu = (double)used.tv_sec + (double)used.tv_nsec / 1e9;
	add_threads(daemon->pid, &usage);
	*ret_usage = usage;
	return 0;
}

/* --- what it counted */

/* The file is made anew for each report: by a rename, so that who finds it finds all of it. */
int zc_daemon_counters(const struct zc_daemon *daemon, struct zc_counters *ret_counters)
{
	struct stat before = { 0 }, now;
	struct timespec pause = { 0, 1000000 };

	if (!daemon->stats[0])
		return -ENOENT;
	stat(daemon->stats, &before);
	if (kill(daemon->pid, SIGUSR1))
		return -errno;
	for (int ms = 0; ms < 10000; ms++) {
		if (!stat(daemon->stats, &now) && now.st_size > 0 &&
		    (now.st_ino != before.st_ino || now.st_mtim.tv_sec != before.st_mtim.tv_sec ||
		     now.st_mtim.tv_nsec != before.st_mtim.tv_nsec))
			return read_text(daemon->stats, ret_counters->text,
					 sizeof(ret_counters->text)) > 0
				   ? 0
				   : -EIO;
		nanosleep(&pause, NULL);
	}
	return -ETIMEDOUT;
}

uint64_t zc_counter(const struct zc_counters *counters, const char *key)
{
	size_t size = strlen(key);

	for (const char *at = counters->text; *at; at += strcspn(at, "\n") + 1) {
		if (!strncmp(at, key, size) && at[size] == ' ')
			return strtoull(at + size, NULL, 10);
		if (!at[strcspn(at, "\n")])
			break;
	}
	return 0;
}

static void tell_request(const char *line, const struct zc_counters *before,
			 struct zc_counts *counts)
{
	char key[64], value[32];
	uint64_t count;

	if (!zc_text_word(line, 0, key, sizeof(key)) ||
	    !zc_text_word(line, 1, value, sizeof(value)) || counts->requests == ZC_MAX_REQUESTS)
		return;
	count = zc_text_number(value) - zc_counter(before, key);
	if (!count)
		return;
	snprintf(counts->request[counts->requests].name,
		 sizeof(counts->request[counts->requests].name), "%.23s", key + strlen("request."));
	counts->request[counts->requests++].count = count;
}

static uint64_t grown(const struct zc_counters *before, const struct zc_counters *after,
		      const char *key)
{
	return zc_counter(after, key) - zc_counter(before, key);
}

void zc_counters_tell(const struct zc_counters *before, const struct zc_counters *after,
		      struct zc_counts *counts)
{
	counts->requests = 0;
	for (const char *at = after->text; *at; at += strcspn(at, "\n"), at += *at == '\n' ? 1 : 0)
		if (!strncmp(at, "request.", strlen("request.")))
			tell_request(at, before, counts);
	/* into its memory and out of it again */
	counts->daemon_copied = 2 * (grown(before, after, "bytes.read.copy") +
				     grown(before, after, "bytes.write.copy"));
	counts->daemon_spliced =
	    grown(before, after, "bytes.read.splice") + grown(before, after, "bytes.write.splice");
	counts->daemon_known = true;
}
