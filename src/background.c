// SPDX-License-Identifier: MIT
// The two processes of a mount in the background: one that waits and returns, one that serves.
// Must not know FUSE.
#include "zcfs/session.h"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include <errno.h>

#include "zcfs/log.h"

/* How long the starting process waits for the mount to answer. */
#define READY_SECONDS 30

/* The starting process, in the background case: waits for one byte, the exit code. */
static enum zc_exit wait_until_ready(int fd, const char *mountpoint)
{
	uint8_t exit_code = ZC_EXIT_FAILURE;
	struct statvfs st;

	alarm(READY_SECONDS); /* nothing below may hang a terminal for ever */
	if (read(fd, &exit_code, 1) != 1) {
		zc_log(ZC_LOG_ERR,
		       "%s: the daemon died before the mount was ready (EIO): run zcfs -f to "
		       "see why",
		       mountpoint);
		return ZC_EXIT_FAILURE;
	}
	if (exit_code == ZC_EXIT_OK && statvfs(mountpoint, &st) < 0) {
		zc_log(ZC_LOG_ERR,
		       "%s: mounted, but does not answer (%s): run zcfs -f -d to see why",
		       mountpoint, zc_errno_name(errno));
		return ZC_EXIT_FAILURE;
	}
	return exit_code;
}

/* In the child: -1 in the foreground, else the fd that takes the exit code. In the parent: does not
 * return before the mount is ready, and then sets *ret_done. */
int zc_go_background(const struct zc_options *options, const char *mountpoint, bool *ret_done,
		     enum zc_exit *ret_exit)
{
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
		*ret_exit = wait_until_ready(pipe_fds[0], mountpoint);
		*ret_done = true;
		return -1;
	}
	close(pipe_fds[0]);
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
