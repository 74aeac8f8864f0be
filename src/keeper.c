// SPDX-License-Identifier: MIT
// One thread for what is nobody's request: signals, the counters' report, and the clock's ticks.
// Must not reply to requests.
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <fuse_lowlevel.h>

#include "zcfs/counters.h"
#include "zcfs/log.h"
#include "zcfs/session.h"
#include "zcfs/sys.h"

#define TICK_SECONDS	 1
#define FD_IDLE_TICKS	 5   /* loose fds go after so many ticks without use */
#define SWEEP_PER_TICK	 256 /* idle backing ids looked at in a tick */
#define PATIENCE_SECONDS 2   /* from then on another signal ends the process whatever hangs */

struct zc_keeper {
	struct zc_fs *fs;
	pthread_t thread;
	atomic_bool stop;
	bool ending;	  /* a signal has asked for the end already */
	time_t end_asked; /* monotonic */
};

/* SIGUSR2 only wakes the keeper when it is to stop. */
static void fill_signals(sigset_t *set)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2 };

	sigemptyset(set);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaddset(set, signals[i]);
}

void zc_keeper_block_signals(void)
{
	sigset_t set;

	fill_signals(&set);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
}

/* ---- counters -------------------------------------------------------------------------------- */

static void print_report(struct zc_fs *fs, FILE *out)
{
	struct zc_counts counts;

	zc_counters_read(&counts);
	zc_counters_print(&counts, out);
	fprintf(out, "inodes.known %u\n", zc_table_used(&fs->inodes.table));
	fprintf(out, "fds.cached %u\n", zc_fdcache_used(&fs->inodes.fds));
	fprintf(out, "backing.ids %u\n", zc_backing_count(&fs->backing));
}

/* A reader never sees half a report: it is written beside the file and moved over it. */
static int write_report(struct zc_fs *fs, const char *path)
{
	char *beside;
	FILE *out;
	int err = 0;
	int fd;

	if (asprintf(&beside, "%s.new", path) < 0)
		return -ENOMEM;
	/* Never through a link or into a FIFO that somebody else has put there. */
	unlink(beside);
	fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	out = fd < 0 ? NULL : fdopen(fd, "w");
	if (!out) {
		err = -errno;
		if (fd >= 0)
			close(fd);
		goto out;
	}
	print_report(fs, out);
	if (fclose(out) != 0 || rename(beside, path) != 0)
		err = -errno;
out:
	free(beside);
	return err;
}

static void log_report(struct zc_fs *fs)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	char *rest, *line;

	if (!out)
		return;
	print_report(fs, out);
	fclose(out);
	for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		zc_log(ZC_LOG_INFO, "counter: %s", line);
	free(text);
}

static void report(struct zc_fs *fs)
{
	const char *path = fs->options->stats_file;
	int err;

	if (!path) {
		log_report(fs);
		return;
	}
	err = write_report(fs, path);
	if (err)
		zc_log(ZC_LOG_ERR,
		       "%s: writing the counters failed (%s): give -o stats a file that can "
		       "be written",
		       path, zc_errno_name(-err));
}

/* ---- the end --------------------------------------------------------------------------------- */

/* An ordinary user's mounts are unmounted by fusermount3. */
static int fusermount(const char *mountpoint)
{
	const char *const argv[] = { "fusermount3", "-u", "-q", "--", mountpoint, NULL };
	int status = 0;
	pid_t pid;
	/* posix_spawn(3) leaves the strings alone, whatever its prototype says. */
	int err = posix_spawnp(&pid, argv[0], NULL, NULL, (char *const *)argv, environ);

	if (err)
		return -err;
	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return -errno;
	}
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -EBUSY;
}

/* Whether it is our mount that is on top of the mount point. */
static bool is_ours(struct zc_fs *fs)
{
	int fd = zc_sys_openat(AT_FDCWD, fs->mountpoint_path, O_PATH | O_DIRECTORY, 0);
	struct statx stx;
	bool ours;

	if (fd < 0)
		return true; /* umount will tell */
	ours = zc_sys_statx_cached(fd, &stx) == 0 &&
	       zc_dev_of(&stx) == fs->inodes.mounts.forbidden_dev;
	close(fd);
	return ours;
}

static int unmount(struct zc_fs *fs)
{
	if (!is_ours(fs))
		return -ENOENT;
	if (geteuid() != 0)
		return fusermount(fs->mountpoint_path);
	return umount2(fs->mountpoint_path, UMOUNT_NOFOLLOW) < 0 ? -errno : 0;
}

static time_t now(void)
{
	struct timespec ts = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec;
}

/* A request that hangs in the backing file system keeps its worker, and so the session, from
 * ending. */
static void abandon(const struct zc_fs *fs)
{
	zc_log(ZC_LOG_WARNING,
	       "%s: ends on a second signal, without waiting for requests that hang in the "
	       "backing file system (ETIMEDOUT)",
	       fs->mountpoint_path);
	_exit(ZC_EXIT_FAILURE);
}

/* A clean unmount ends the session by itself; a busy mount is detached when the session ends. One
 * that another mount covers, or that was detached already, is none of our business: it dies with
 * us. */
static void end_session(struct zc_keeper *keeper)
{
	struct zc_fs *fs = keeper->fs;
	const char *mountpoint = fs->mountpoint_path;
	int err;

	if (keeper->ending) {
		if (now() - keeper->end_asked >= PATIENCE_SECONDS)
			abandon(fs);
		return;
	}
	keeper->ending = true;
	keeper->end_asked = now();
	zc_watch_stop(&fs->watch);
	err = unmount(fs);
	if (err == -EBUSY)
		zc_log(ZC_LOG_WARNING,
		       "%s: busy (EBUSY): detached all the same; programs that still use "
		       "it get ENOTCONN (find them beforehand with: fuser -vm MOUNTPOINT)",
		       mountpoint);
	if (err == -ENOENT)
		zc_log(
		    ZC_LOG_WARNING,
		    "%s: covered by another mount or detached already (ENOENT): ours ends without "
		    "unmounting it; a dead mount below is cleared with: umount -l MOUNTPOINT",
		    mountpoint);
	atomic_store(&fs->unmounted, err == 0 || err == -ENOENT);
	fuse_session_exit(fs->session);
}

/* ---- the thread ------------------------------------------------------------------------------ */

/* Looking at a file of a network or FUSE file system may take for ever, and signals have to be
 * heard. */
static void tick(struct zc_fs *fs)
{
	zc_fdcache_expire(&fs->inodes.fds, FD_IDLE_TICKS);
	zc_mounts_expire(&fs->inodes.mounts, FD_IDLE_TICKS);
	if (fs->caps.best == ZC_PLANE_PASSTHROUGH && !fs->remote)
		zc_backing_sweep(&fs->backing, SWEEP_PER_TICK);
}

static void *keep(void *arg)
{
	const struct timespec second = { .tv_sec = TICK_SECONDS };
	struct zc_keeper *keeper = arg;
	sigset_t set;

	fill_signals(&set);
	while (!atomic_load(&keeper->stop)) {
		int sig = sigtimedwait(&set, NULL, &second);

		if (sig == SIGUSR1)
			report(keeper->fs);
		else if (sig == SIGTERM || sig == SIGINT || sig == SIGHUP)
			end_session(keeper);
		else if (sig < 0 && errno == EAGAIN)
			tick(keeper->fs);
	}
	return NULL;
}

int zc_keeper_start(struct zc_fs *fs, struct zc_keeper **ret)
{
	struct zc_keeper *keeper = calloc(1, sizeof(*keeper));
	int err;

	if (!keeper)
		return -ENOMEM;
	keeper->fs = fs;
	err = pthread_create(&keeper->thread, NULL, keep, keeper);
	if (err) {
		free(keeper);
		return -err;
	}
	*ret = keeper;
	return 0;
}

void zc_keeper_stop(struct zc_keeper *keeper)
{
	if (!keeper)
		return;
	atomic_store(&keeper->stop, true);
	pthread_kill(keeper->thread, SIGUSR2);
	pthread_join(keeper->thread, NULL);
	free(keeper);
}

void zc_keeper_last_report(struct zc_fs *fs)
{
	if (fs->options->stats_file)
		report(fs);
}
