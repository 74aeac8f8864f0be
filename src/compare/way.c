// SPDX-License-Identifier: MIT
// Finds the mount that is there, and makes mounts for --self.
// Must not know what is copied.
#include "way.h"

#include "catalogue.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#define SECONDS_TO_MOUNT   20
#define SECONDS_TO_UNMOUNT 20

static struct zc_way *add(struct zc_ways *ways, const char *name, const char *plane,
			  const char *dir)
{
	struct zc_way *way = &ways->way[ways->count++];

	*way = (struct zc_way){ 0 };
	snprintf(way->shown.name, sizeof(way->shown.name), "%s", name);
	snprintf(way->shown.plane, sizeof(way->shown.plane), "%s", plane);
	snprintf(way->shown.dir, sizeof(way->shown.dir), "%s", dir);
	return way;
}

void zc_ways_begin(struct zc_ways *ways, const char *backing)
{
	*ways = (struct zc_ways){ 0 };
	add(ways, "plain", "", backing);
	add(ways, "plain again", "", backing);
}

/* --- a mount that is there */

/* "\040" and the like of /proc/self/mountinfo, in place. */
static void unescape(char *text)
{
	char *to = text;

	while (*text) {
		if (text[0] == '\\' && text[1] && text[2] && text[3]) {
			*to++ =
			    (char)((text[1] - '0') << 6 | (text[2] - '0') << 3 | (text[3] - '0'));
			text += 4;
		} else {
			*to++ = *text++;
		}
	}
	*to = '\0';
}

/* Of the mount on top of that directory: its minor number; -1: none of zcfs. */
static int zcfs_minor(const char *dir)
{
	FILE *in = fopen("/proc/self/mountinfo", "re");
	char *line = NULL;
	size_t room = 0;
	int found = -1;

	while (in && getline(&line, &room, in) > 0) {
		char place[PATH_MAX], device[32], *type = strstr(line, " - ");
		unsigned major, minor;

		zc_text_word(line, 2, device, sizeof(device));
		zc_text_device(device, &major, &minor);
		zc_text_word(line, 4, place, sizeof(place));
		unescape(place);
		if (type && !strcmp(place, dir))
			found = !strncmp(type, " - fuse.zcfs ", 13) ? (int)minor : -1;
	}
	free(line);
	if (in)
		fclose(in);
	return found;
}

/* The plane that the command line asks for; "" if it leaves the choice to the daemon. */
static void find_plane(struct zc_way *way)
{
	struct zc_counters counters;
	int err = zc_daemon_counters(&way->daemon, &counters);
	static const char *const names[] = { "passthrough", "splice", "copy" };
	uint64_t most = 0;

	if (err) {
		snprintf(way->shown.note, sizeof(way->shown.note),
			 "requests and bytes of the daemon are not known: %s",
			 err == -ENOENT	 ? "mount with -o stats=/absolute/path"
			 : err == -EPERM ? "the daemon is another user's"
					 : strerror(-err));
		return;
	}
	/* of what was opened so far; before the first open nothing is known */
	for (int i = 0; i < 3; i++) {
		char key[64];

		snprintf(key, sizeof(key), "open.%s", names[i]);
		if (zc_counter(&counters, key) > most) {
			most = zc_counter(&counters, key);
			snprintf(way->shown.plane, sizeof(way->shown.plane), "%s", names[i]);
		}
	}
}

static void find_daemon(struct zc_way *way, int minor)
{
	int err = zc_daemon_find((unsigned)minor, way->shown.dir, &way->daemon);

	way->shown.daemon = !err;
	if (err)
		snprintf(way->shown.note, sizeof(way->shown.note),
			 "the daemon cannot be seen from here: its CPU time is not counted");
	else
		find_plane(way);
}

/* An open file tells by the counters which plane serves. */
static void open_something(const char *dir, const char *below)
{
	char path[2 * PATH_MAX];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, below);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		close(fd);
}

int zc_ways_add_mount(struct zc_ways *ways, const char *mountpoint, const char *below,
		      struct zc_failure *ret_failure)
{
	char dir[PATH_MAX];
	struct zc_way *way;
	int minor;

	if (!realpath(mountpoint, dir)) {
		int err = -errno;

		zc_failure_of(ret_failure, ZC_STEP_FIND, mountpoint, err);
		return err;
	}
	minor = zcfs_minor(dir);
	if (minor < 0) {
		zc_failure_set(ret_failure, ZC_EXIT_NO_MOUNT, 0, mountpoint,
			       "no zcfs is mounted there",
			       "mount it (zcfs BACKING %s), or let --self DIR do it", mountpoint);
		return -ENXIO;
	}
	open_something(dir, below);
	way = add(ways, "mount", "", dir);
	find_daemon(way, minor);
	if (way->shown.plane[0])
		snprintf(way->shown.name, sizeof(way->shown.name), "%s", way->shown.plane);
	return 0;
}

/* --- mounts of our own */

static int is_inside(const char *dir, const char *backing)
{
	size_t size = strlen(backing);
	char real[PATH_MAX];

	return !realpath(dir, real) || size == 1 ||
	       (!strncmp(real, backing, size) && (real[size] == '/' || !real[size]));
}

/* Not in the backing directory: zcfs would see its own mount. */
static int make_room(struct zc_ways *ways, const char *backing, struct zc_failure *failure)
{
	const char *given = getenv("TMPDIR");
	const char *const places[] = { given && *given ? given : "/tmp", "/tmp", "/run", "/dev/shm",
				       "/var/tmp" };

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (is_inside(places[i], backing))
			continue;
		snprintf(ways->mounts, sizeof(ways->mounts), "%.4000s/zcfs-compare.XXXXXX",
			 places[i]);
		if (mkdtemp(ways->mounts))
			return 0;
	}
	ways->mounts[0] = '\0';
	zc_failure_set(failure, ZC_EXIT_CANNOT_MOUNT, 0, backing, "no place for mount points",
		       "set TMPDIR to a directory outside of it that may be written to");
	return -ENOENT;
}

/* Beside this program in the build or where it is installed, else found by PATH. */
static void find_zcfs(const char *given, char *ret_path)
{
	static const char *const places[] = { "zcfs", "../zcfs", "../sbin/zcfs" };
	char self[PATH_MAX], *slash;
	ssize_t size = readlink("/proc/self/exe", self, sizeof(self) - 1);

	snprintf(ret_path, PATH_MAX, "%s", given ? given : "zcfs");
	if (given || size <= 0)
		return;
	self[size] = '\0';
	slash = strrchr(self, '/');
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		char path[PATH_MAX + 32];
		struct stat st;

		snprintf(path, sizeof(path), "%.*s/%s", (int)(slash - self), self, places[i]);
		if (!stat(path, &st) && S_ISREG(st.st_mode) && !access(path, X_OK)) {
			snprintf(ret_path, PATH_MAX, "%.*s", PATH_MAX - 1, path);
			return;
		}
	}
}

/* In a process group of its own: a Ctrl-C is for us, who then unmount. */
static pid_t spawn(const char *zcfs, const char *options, const char *backing, const char *dir,
		   const char *log)
{
	pid_t pid = fork();
	int out;

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	setpgid(0, 0);
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	out = open(log, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (out < 0 || dup2(out, STDOUT_FILENO) < 0 || dup2(out, STDERR_FILENO) < 0)
		_exit(127);
	execlp(zcfs, zcfs, "-f", "-o", options, backing, dir, (char *)NULL);
	fprintf(stderr, "%s: %s\n", zcfs, strerror(errno));
	_exit(127);
}

/* Its last line without the end, or "". */
static void last_line(const char *log, char *ret_line, size_t size)
{
	FILE *in = fopen(log, "re");
	char line[1000];

	ret_line[0] = '\0';
	while (in && fgets(line, sizeof(line), in))
		snprintf(ret_line, size, "%.*s", (int)strcspn(line, "\n"), line);
	if (in)
		fclose(in);
}

/* Waits for its line at start, "... plane NAME (why)...". 0: it serves this plane; -ENOTSUP: another;
 * -EIO: it ended or said nothing. line: what it said. */
static int wait_to_serve(pid_t *pid, const char *log, const char *plane, char *line, size_t size)
{
	char wanted[40], said[40];

	snprintf(wanted, sizeof(wanted), ": plane %s ", plane);
	for (int ms = 0; ms < SECONDS_TO_MOUNT * 1000; ms += 10) {
		last_line(log, line, size);
		if (strstr(line, wanted))
			return 0;
		if (sscanf(line, "%*[^:]:%*[^:]: plane %39s", said) == 1)
			return -ENOTSUP;
		if (waitpid(*pid, NULL, WNOHANG) == *pid) {
			last_line(log, line, size);
			if (!line[0])
				snprintf(line, size, "zcfs ended and said nothing");
			*pid = 0;
			return -EIO;
		}
		usleep(10000);
	}
	return -EIO;
}

static int wait_for_end(pid_t pid)
{
	for (int ms = 0; ms < SECONDS_TO_UNMOUNT * 1000; ms += 10) {
		if (waitpid(pid, NULL, WNOHANG) != 0)
			return 0;
		usleep(10000);
	}
	return -ETIME;
}

/* SIGTERM unmounts; what does not end is detached and killed. */
static void end_mount(const char *dir, pid_t pid)
{
	if (pid <= 0)
		return;
	kill(pid, SIGTERM);
	if (wait_for_end(pid)) {
		umount2(dir, MNT_DETACH);
		kill(pid, SIGKILL);
		wait_for_end(pid);
	}
}

/* line: what zcfs said, of LINE bytes. */
#define LINE 300

static int mount_one(struct zc_ways *ways, const char *backing, const char *plane, const char *zcfs,
		     char *line)
{
	char dir[PATH_MAX + 32], log[PATH_MAX + 32], stats[PATH_MAX + 32];
	char options[PATH_MAX + 80];
	struct zc_way *way;
	pid_t pid;
	int err;

	snprintf(dir, sizeof(dir), "%s/%s", ways->mounts, plane);
	snprintf(log, sizeof(log), "%s/%s.log", ways->mounts, plane);
	snprintf(stats, sizeof(stats), "%s/%s.stats", ways->mounts, plane);
	snprintf(options, sizeof(options), "plane=%s,stats=%s", plane, stats);
	snprintf(line, LINE, "zcfs said nothing");
	if (mkdir(dir, 0700))
		return -errno;
	pid = spawn(zcfs, options, backing, dir, log);
	err = pid < 0 ? -errno : wait_to_serve(&pid, log, plane, line, LINE);
	if (err) {
		end_mount(dir, pid);
		return err;
	}
	way = add(ways, plane, plane, dir);
	way->mounted = true;
	way->shown.daemon = true;
	way->daemon.pid = pid;
	snprintf(way->daemon.stats, sizeof(way->daemon.stats), "%.*s", PATH_MAX - 1, stats);
	return 0;
}

int zc_ways_mount(struct zc_ways *ways, const char *backing, unsigned planes, bool required,
		  const char *zcfs, struct zc_failure *ret_failure)
{
	char program[PATH_MAX], line[LINE], first[LINE] = "";
	int err = make_room(ways, backing, ret_failure), failed = 0;

	if (err)
		return err;
	find_zcfs(zcfs, program);
	for (int i = 0; zc_catalogue_plane(i) && (!failed || !required); i++) {
		if (!(planes & (1u << i)))
			continue;
		err = mount_one(ways, backing, zc_catalogue_plane(i), program, line);
		if (err && !failed)
			snprintf(first, sizeof(first), "%s", line);
		failed = err ? err : failed;
	}
	if (!failed || (!required && ways->count > 2))
		return 0;
	zc_failure_set(ret_failure, ZC_EXIT_CANNOT_MOUNT, 0, backing, "cannot be mounted", "%s",
		       first);
	return failed;
}

static void remove_files(const struct zc_ways *ways, const char *plane)
{
	static const char *const ends[] = { "", ".log", ".stats" };
	char path[PATH_MAX + 64];

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s%s", ways->mounts, plane, ends[i]);
		remove(path);
	}
}

void zc_ways_end(struct zc_ways *ways)
{
	for (int i = ways->count - 1; i >= 0; i--)
		if (ways->way[i].mounted)
			end_mount(ways->way[i].shown.dir, ways->way[i].daemon.pid);
	if (!ways->mounts[0])
		return;
	for (int i = 0; zc_catalogue_plane(i); i++)
		remove_files(ways, zc_catalogue_plane(i));
	rmdir(ways->mounts);
	ways->mounts[0] = '\0';
}
