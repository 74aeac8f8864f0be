// SPDX-License-Identifier: MIT
// Follows a process from system call to system call.
// Must not know what it copies.
#include "trace.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* After the system headers: it has struct ptrace_syscall_info on older ones. */
#include <linux/ptrace.h>

#define THREADS 64

/* A thread that is inside a call. */
struct thread {
	pid_t id;
	uint64_t number, first; /* of the call, its first argument */
};

struct tracer {
	pid_t child;
	const struct zc_job *job;
	struct zc_watched *watched;
	struct thread thread[THREADS];
	int status; /* exit status of the child */
};

void zc_trace_me(void)
{
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL))
		_exit(126);
	raise(SIGSTOP);
}

/* Calls that bring a file's bytes into the memory of the caller, or take them from there. */
static bool moves_bytes(uint64_t number)
{
	static const long calls[] = {
		SYS_read,   SYS_pread64,  SYS_readv,	SYS_preadv,  SYS_preadv2,
		SYS_write,  SYS_pwrite64, SYS_writev,	SYS_pwritev, SYS_pwritev2,
		SYS_sendto, SYS_sendmsg,  SYS_recvfrom, SYS_recvmsg,
	};

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if ((uint64_t)calls[i] == number)
			return true;
	return false;
}

static bool is_of_the_experiment(pid_t id, uint64_t fd, const struct zc_job *job)
{
	char link[64], target[PATH_MAX];
	ssize_t size;

	snprintf(link, sizeof(link), "/proc/%d/fd/%d", id, (int)fd);
	size = readlink(link, target, sizeof(target) - 1);
	if (size < 0)
		return false;
	target[size] = '\0';
	return !strncmp(target, "socket:", 7) || !strncmp(target, "pipe:", 5) ||
	       strstr(target, job->mark) || !strcmp(target, job->in);
}

static struct thread *thread_of(struct tracer *tracer, pid_t id)
{
	struct thread *free_one = NULL;

	for (int i = 0; i < THREADS; i++) {
		if (tracer->thread[i].id == id)
			return &tracer->thread[i];
		if (!tracer->thread[i].id)
			free_one = &tracer->thread[i];
	}
	if (free_one)
		*free_one = (struct thread){ .id = id };
	return free_one;
}

static void forget_thread(struct tracer *tracer, pid_t id)
{
	for (int i = 0; i < THREADS; i++)
		if (tracer->thread[i].id == id)
			tracer->thread[i].id = 0;
}

static void at_a_call(struct tracer *tracer, pid_t id)
{
	struct __ptrace_syscall_info info;
	struct thread *thread = thread_of(tracer, id);

	if (!thread || ptrace(PTRACE_GET_SYSCALL_INFO, id, sizeof(info), &info) <= 0)
		return;
	if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
		tracer->watched->system_calls++;
		thread->number = info.entry.nr;
		thread->first = info.entry.args[0];
	} else if (info.op == PTRACE_SYSCALL_INFO_EXIT && info.exit.rval > 0 &&
		   moves_bytes(thread->number) &&
		   is_of_the_experiment(id, thread->first, tracer->job)) {
		tracer->watched->bytes += (uint64_t)info.exit.rval;
	}
}

/* The signal that it is to get when it goes on. */
static int at_a_stop(struct tracer *tracer, pid_t id, int status)
{
	int number = WSTOPSIG(status), event = status >> 16;

	if (number == (SIGTRAP | 0x80)) {
		at_a_call(tracer, id);
		return 0;
	}
	/* what the child did before it became the program was ours */
	if (event == PTRACE_EVENT_EXEC && id == tracer->child)
		*tracer->watched = (struct zc_watched){ 0 };
	if (event || number == SIGTRAP || number == SIGSTOP)
		return 0;
	return number;
}

/* True: the child itself has ended, and with it all that counts. */
static bool at_an_event(struct tracer *tracer, pid_t id, int status)
{
	if (WIFSTOPPED(status)) {
		ptrace(PTRACE_SYSCALL, id, NULL, (long)at_a_stop(tracer, id, status));
		return false;
	}
	forget_thread(tracer, id);
	if (id != tracer->child)
		return false;
	tracer->status = status;
	return true;
}

static volatile sig_atomic_t too_long;

static void on_alarm(int number)
{
	(void)number;
	too_long = 1;
}

static int follow(struct tracer *tracer)
{
	int status;
	pid_t id;

	for (;;) {
		id = waitpid(-tracer->child, &status, __WALL);
		if (id < 0 && errno == EINTR && zc_interrupted())
			return -EINTR;
		if (id < 0 && errno == EINTR && too_long)
			return -ETIME;
		if (id < 0 && errno != EINTR)
			return -errno;
		if (id > 0 && at_an_event(tracer, id, status))
			return 0;
	}
}

static int begin(pid_t child)
{
	long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
		       PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;
	int status;

	if (waitpid(child, &status, __WALL) != child || !WIFSTOPPED(status))
		return -EPERM;
	if (ptrace(PTRACE_SETOPTIONS, child, NULL, options) ||
	    ptrace(PTRACE_SYSCALL, child, NULL, 0L))
		return -errno;
	return 0;
}

int zc_trace_run(pid_t *pid, const struct zc_job *job, struct zc_watched *ret_watched)
{
	struct sigaction action = { .sa_handler = on_alarm };
	struct zc_watched watched = { 0 };
	struct tracer *tracer = calloc(1, sizeof(*tracer));
	int err = tracer ? begin(*pid) : -ENOMEM;

	too_long = 0;
	sigaction(SIGALRM, &action, NULL);
	alarm((unsigned)job->seconds);
	if (!err) {
		*tracer = (struct tracer){ .child = *pid, .job = job, .watched = &watched };
		err = follow(tracer);
	}
	alarm(0);
	if (!err) {
		*pid = 0;
		*ret_watched = watched;
		err = tracer->status ? -EIO : 0;
	}
	free(tracer);
	return err;
}
