// SPDX-License-Identifier: MIT
// A child that works, and a parent that waits for its end or for a signal.
// Must not know what the work is.
#include "apart.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static bool is_ignored(int number)
{
	struct sigaction action;

	return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

void zc_signals_hold(struct zc_signals *signals)
{
	static const int ends[] = { SIGINT, SIGTERM, SIGHUP };

	/* a child's end is only told where nobody has said to ignore it */
	signal(SIGCHLD, SIG_DFL);
	sigemptyset(&signals->held);
	sigaddset(&signals->held, SIGCHLD);
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		/* a blocked signal is kept even where it is ignored (nohup) */
		if (!is_ignored(ends[i]))
			sigaddset(&signals->held, ends[i]);
	}
	sigprocmask(SIG_BLOCK, &signals->held, &signals->before);
}

void zc_signals_release(struct zc_signals *signals)
{
	static const struct timespec now;

	while (sigtimedwait(&signals->held, NULL, &now) > 0)
		;
	sigprocmask(SIG_SETMASK, &signals->before, NULL);
}

void *zc_shared_create(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

void zc_shared_destroy(void *memory, size_t size)
{
	if (memory)
		munmap(memory, size);
}

__attribute__((noreturn)) static void work_as_child(const struct zc_signals *signals, pid_t parent,
						    void (*work)(void *data), void *data)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	sigprocmask(SIG_SETMASK, &signals->before, NULL);
	work(data);
	_exit(0);
}

/* 0: the child has ended by itself; -EINTR: a signal came, and it still runs. SIGCHLD has the highest
 * number of them all, so that a signal which ended both is seen as what it is. It also comes when
 * the child is stopped and goes on. */
static int wait_for_end(const struct zc_signals *signals, pid_t child, int *ret_status)
{
	for (;;) {
		int number = sigwaitinfo(&signals->held, NULL);
		pid_t ended;

		if (number < 0)
			continue;
		if (number != SIGCHLD)
			return -EINTR;
		ended = waitpid(child, ret_status, WNOHANG);
		if (ended != 0)
			return ended < 0 ? -errno : 0;
	}
}

static void end_child(pid_t child)
{
	kill(child, SIGKILL);
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
}

int zc_apart(const struct zc_signals *signals, void (*work)(void *data), void *data,
	     int *ret_signal)
{
	pid_t parent = getpid(), child;
	int status = 0, err;

	fflush(NULL);
	child = fork();
	if (child < 0)
		return -errno;
	if (child == 0)
		work_as_child(signals, parent, work, data);
	err = wait_for_end(signals, child, &status);
	if (err == -EINTR)
		end_child(child);
	if (err || (WIFEXITED(status) && WEXITSTATUS(status) == 0))
		return err;
	*ret_signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	return sigismember(&signals->held, *ret_signal) == 1 ? -EINTR : -ECANCELED;
}
