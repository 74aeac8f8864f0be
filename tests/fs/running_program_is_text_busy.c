/* SPDX-License-Identifier: MIT */
/*
 * A program that runs cannot be opened for writing, whether it was started on the mount or in the
 * backing directory; and a file that is open for writing cannot be started. Must not know: where
 * executables come from: this program copies itself.
 */
#include "zct.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/wait.h>

static void copy_self(const char *path)
{
	int in = (int)MUST(open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
	int out = (int)MUST(open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755));

	while (MUST(sendfile(out, in, NULL, 1 << 20)) > 0)
		;
	close(in);
	close(out);
}

static void become_program(int dir, const char *path, int report)
{
	int err;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	MUST(fchdir(dir));
	execl(path, path, "--wait", NULL);
	err = errno;
	MUST(write(report, &err, sizeof(err)));
	_exit(1);
}

/* Starts it; *ret_pid is 0 where exec failed. The pipe closes by itself when exec succeeds. */
static long start(int dir, const char *path, pid_t *ret_pid)
{
	int report[2], err = 0;
	pid_t pid;

	MUST(pipe2(report, O_CLOEXEC));
	pid = (pid_t)MUST(fork());
	if (pid == 0)
		become_program(dir, path, report[1]);
	close(report[1]);
	if (read(report[0], &err, sizeof(err)) == (ssize_t)sizeof(err)) {
		waitpid(pid, NULL, 0);
		pid = 0;
	}
	close(report[0]);
	*ret_pid = pid;
	errno = err;
	return err ? -1 : 0;
}

/* FUSE releases a closed file a moment later; then the backing file can be started. */
static long start_when_released(int dir, const char *path, pid_t *ret_pid)
{
	long err = -1;

	for (int ms = 0; ms < 5000 && (err = start(dir, path, ret_pid)) < 0 && errno == ETXTBSY;
	     ms += 5)
		usleep(5000);
	return err;
}

static void stop(const pid_t pid[2])
{
	for (int side = MNT; side <= TWIN; side++)
		if (pid[side]) {
			kill(pid[side], SIGKILL);
			waitpid(pid[side], NULL, 0);
		}
}

static void refuse_writers(const char *path)
{
	FAILS(ETXTBSY, open(path, O_WRONLY));
	FAILS(ETXTBSY, open(path, O_RDWR));
	FAILS(ETXTBSY, open(path, O_WRONLY | O_TRUNC));
	FAILS(ETXTBSY, open(path, O_RDWR | O_APPEND));
	FAILS(ETXTBSY, truncate(path, 0));
	GIVES(0, zct_try_open(path, O_RDONLY, 0));
}

static void started_on_the_mount(void **state)
{
	(void)state;
	pid_t pid[2];

	BOTH(copy_self("p"));
	GIVES(0, start(zct.fd[zct.side], "./p", &pid[zct.side]));
	refuse_writers("p");
	stop(pid);
	GIVES(0, zct_try_open("p", O_WRONLY, 0));
	WORKS(zct_cat("p"));
}

static void started_in_the_backing_directory(void **state)
{
	(void)state;
	pid_t pid[2];

	BOTH(copy_self("q"));
	GIVES(0, start_when_released(zct.fd[zct.side == MNT ? BACK : TWIN], "./q", &pid[zct.side]));
	refuse_writers("q");
	stop(pid);
	GIVES(0, zct_try_open("q", O_WRONLY, 0));
	WORKS(zct_cat("q"));
}

static void open_for_writing_cannot_be_started(void **state)
{
	(void)state;
	pid_t pid[2];
	int fd[2];

	BOTH(copy_self("r"));
	zct_open_pair(fd, "r", O_WRONLY, 0);
	FAILS(ETXTBSY, start(zct.fd[zct.side], "./r", &pid[zct.side]));
	FAILS(ETXTBSY, start(zct.fd[zct.side == MNT ? BACK : TWIN], "./r", &pid[zct.side]));
	zct_close_pair(fd);
	GIVES(0, start(zct.fd[zct.side], "./r", &pid[zct.side]));
	stop(pid);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(started_on_the_mount),
		cmocka_unit_test(started_in_the_backing_directory),
		cmocka_unit_test(open_for_writing_cannot_be_started),
	};

	if (argc > 1 && !strcmp(argv[1], "--wait")) {
		alarm(120);
		pause();
		return 0;
	}
	return ZCT_RUN("", tests);
}
