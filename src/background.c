// SPDX-License-Identifier: MIT
// The two processes of a mount in the background: one that waits and returns, one that serves.
// Must not know FUSE.
#include "zcfs/session.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "zcfs/log.h"

/* How long the starting process waits for the mount to answer. */
#define READY_SECONDS 30

/* One byte, the exit code, or -1 if none comes in time. */
static int read_exit_code(int fd)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	uint8_t exit_code;

	if (poll(&pfd, 1, READY_SECONDS * 1000) <= 0 || read(fd, &exit_code, 1) != 1)
		return -1;
	return exit_code;
}

/* The starting process, in the background case. */
static enum zc_exit wait_until_ready(int fd, pid_t daemon, const char *mountpoint)
{
	int exit_code = read_exit_code(fd);
	struct statvfs st;

	if (exit_code < 0) {
		kill(daemon, SIGTERM);
		zc_log(
		    ZC_LOG_ERR,
		    "%s: the daemon did not get the mount ready (EIO): run zcfs -f -d to see why",
		    mountpoint);
		return ZC_EXIT_FAILURE;
	}
	alarm(READY_SECONDS); /* a mount that does not answer must not hang a terminal for ever */
	if (exit_code == ZC_EXIT_OK && statvfs(mountpoint, &st) < 0) {
		zc_log(ZC_LOG_ERR,
		       "%s: mounted, but does not answer (%s): run zcfs -f -d to see why",
		       mountpoint, zc_errno_name(errno));
		return ZC_EXIT_FAILURE;
	}
	return (enum zc_exit)exit_code;
}

/* Whatever the starting program left open (a lock, the end of a pipe somebody waits on) is not the
 * daemon's to hold; but for the standard streams and these two. */
static void close_inherited(int a, int b)
{
	unsigned low = (unsigned)(a < b ? a : b), high = (unsigned)(a < b ? b : a);

	if (low > 3)
		close_range(3, low - 1, 0);
	if (high > low + 1)
		close_range(low + 1, high - 1, 0);
	close_range(high + 1, ~0u, 0);
}

/* In the child: -1 in the foreground, else the fd that takes the exit code. In the parent: does not
 * return before the mount is ready, and then sets *ret_done. */
int zc_go_background(const struct zc_options *options, const struct zc_findings *findings,
		     bool *ret_done, enum zc_exit *ret_exit)
{
	const char *mountpoint = findings->mountpoint;
	int pipe_fds[2];
	pid_t pid;

	*ret_done = false;
	if (options->foreground)
		return -1;
	if (pipe2(pipe_fds, O_CLOEXEC) < 0 || (pid = fork()) < 0) {
		zc_log(ZC_LOG_ERR, "%s: no second process (%s): free some memory or use -f",
		       mountpoint, zc_errno_name(errno));
		*ret_done = true;
		*ret_exit = ZC_EXIT_FAILURE;
		return -1;
	}
	if (pid > 0) {
		close(pipe_fds[1]);
		*ret_exit = wait_until_ready(pipe_fds[0], pid, mountpoint);
		*ret_done = true;
		return -1;
	}
	close_inherited(pipe_fds[1], findings->backing_fd);
	setsid();
	return pipe_fds[1];
}

void zc_report_ready(int ready_fd, enum zc_exit exit_code)
{
	uint8_t byte = (uint8_t)exit_code;

	if (ready_fd < 0)
		return;
	if (write(ready_fd, &byte, 1) != 1)
		zc_log(ZC_LOG_DEBUG, "the starting process is gone");
	close(ready_fd);
}

/* A daemon keeps no terminal and no directory busy. */
void zc_leave_terminal(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	zc_log_to_syslog();
	if (chdir("/") < 0)
		zc_log(ZC_LOG_DEBUG, "/: cannot be entered (%s)", zc_errno_name(errno));
	if (null < 0)
		return;
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	if (null > STDERR_FILENO)
		close(null);
}

/* Runs until the other end of the pipe is closed, which only the end of the daemon does. */
static void unmount_at_death(int fd, const char *mountpoint)
{
	struct statvfs st;
	char byte;

	while (read(fd, &byte, 1) < 0 && errno == EINTR)
		;
	/* ENOTCONN: a mount without a daemon; anything else is not ours to unmount. */
	if (statvfs(mountpoint, &st) < 0 && errno == ENOTCONN)
		umount2(mountpoint, MNT_DETACH | UMOUNT_NOFOLLOW);
	_exit(0);
}

/* A child that keeps nothing of ours but one end of a pipe, as its standard input; the other end is open as
 * long as any thread of the daemon lives. 0 in the child; in the daemon its end, or -errno. */
static int spawn_watcher(const char *name, pid_t *ret_pid)
{
	int pipe_fds[2];
	pid_t pid;

	if (pipe2(pipe_fds, O_CLOEXEC) < 0)
		return -errno;
	pid = fork();
	if (pid < 0) {
		int err = -errno;

		close(pipe_fds[0]);
		close(pipe_fds[1]);
		return err;
	}
	*ret_pid = pid;
	if (pid > 0) {
		close(pipe_fds[0]);
		return pipe_fds[1];
	}
	setsid();
	prctl(PR_SET_NAME, name);
	if (chdir("/") < 0)
		_exit(1);
	dup2(pipe_fds[0], STDIN_FILENO);
	/* somebody may wait for the end of what we would write */
	if (dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO) < 0 ||
	    dup2(STDOUT_FILENO, STDERR_FILENO) < 0)
		_exit(1);
	close_range(STDERR_FILENO + 1, ~0u, 0);
	return 0;
}

int zc_watch_for_death(const char *mountpoint)
{
	pid_t pid;
	int fd = spawn_watcher("zcfs-watch", &pid);

	if (fd == 0)
		unmount_at_death(STDIN_FILENO, mountpoint);
	return fd;
}

/* So long the threads of a daemon that was killed may take to end. */
#define LAST_MS 1000

static void abort_connection(unsigned number, const char *mountpoint)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/sys/fs/fuse/connections/%u/abort", number);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, "1", 1) != 1)
		umount2(mountpoint, MNT_FORCE | UMOUNT_NOFOLLOW);
}

/* Told by a signal that the daemon's first thread has ended: the others end too, and with them the pipe,
 * unless one of them hangs. */
static void abort_if_hanging(unsigned number, const char *mountpoint, const sigset_t *death)
{
	struct pollfd pipe = { .fd = STDIN_FILENO };
	int sig;

	while (sigwait(death, &sig) != 0)
		;
	if (poll(&pipe, 1, LAST_MS) == 0)
		abort_connection(number, mountpoint);
	_exit(0);
}

int zc_guard_against_hang(unsigned number, const char *mountpoint, pid_t *ret_pid)
{
	const pid_t daemon = getpid();
	sigset_t death;
	int fd;

	sigemptyset(&death);
	sigaddset(&death, SIGUSR1);
	fd = spawn_watcher("zcfs-guard", ret_pid);
	if (fd)
		return fd;
	sigprocmask(SIG_SETMASK, &death, NULL);
	signal(SIGPIPE, SIG_IGN);
	prctl(PR_SET_PDEATHSIG, SIGUSR1);
	if (getppid() != daemon)
		raise(SIGUSR1); /* it has ended already */
	abort_if_hanging(number, mountpoint, &death);
	return 0;
}

void zc_guard_dismiss(pid_t pid)
{
	if (pid <= 0)
		return;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}
