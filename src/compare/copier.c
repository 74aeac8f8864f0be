// SPDX-License-Identifier: MIT
// The process that makes one copy: started, timed, ended.
// Must not know planes nor daemons.
#include "copier.h"

#include "peer.h"
#include "trace.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* What the child tells, in memory that both see. */
struct told {
	int err;
	enum zc_step step;
	bool of_out; /* the failure is that of out, else of in */
	struct zc_taken taken;
};

static volatile sig_atomic_t interrupted;

static void on_interrupt(int number)
{
	interrupted = number;
}

void zc_interrupts_begin(void)
{
	struct sigaction action = { .sa_handler = on_interrupt };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
}

bool zc_interrupted(void)
{
	return interrupted;
}

static double seconds_of(struct timeval time)
{
	return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void usage_into(const struct rusage *usage, int sign, struct zc_taken *taken)
{
	taken->user += sign * seconds_of(usage->ru_utime);
	taken->system += sign * seconds_of(usage->ru_stime);
	taken->voluntary += sign * usage->ru_nvcsw;
	taken->involuntary += sign * usage->ru_nivcsw;
	taken->faults += sign * (usage->ru_minflt + usage->ru_majflt);
}

/* --- in the child */

static int tell(struct told *told, enum zc_step step, bool of_out, int err)
{
	told->step = step;
	told->of_out = of_out;
	return err;
}

static bool is_socket_source(const struct zc_job *job)
{
	return job->route == ZC_SOCKET_TO_FILE;
}

static bool is_socket_target(const struct zc_job *job)
{
	return job->route == ZC_FILE_TO_TCP || job->route == ZC_FILE_TO_UNIX;
}

/* EINVAL of an open with O_DIRECT says that there is no such thing here. */
static int open_file(const struct zc_job *job, const char *path, int flags)
{
	int fd = open(path, flags | job->method->flags | O_CLOEXEC, 0600);

	if (fd < 0)
		return job->method->flags && errno == EINVAL ? -EOPNOTSUPP : -errno;
	return fd;
}

static int open_both(const struct zc_job *job, int socket, struct zc_copy *copy, struct told *told)
{
	copy->from = is_socket_source(job) ? socket : open_file(job, job->in, O_RDONLY);
	if (copy->from < 0)
		return tell(told, ZC_STEP_OPEN, false, copy->from);
	copy->to =
	    is_socket_target(job) ? socket : open_file(job, job->out, O_WRONLY | O_CREAT | O_EXCL);
	if (copy->to < 0)
		return tell(told, ZC_STEP_CREATE, true, copy->to);
	return 0;
}

/* close(2) may say what became of the data. */
static int close_both(struct zc_copy *copy, struct told *told)
{
	close(copy->from);
	return close(copy->to) ? tell(told, ZC_STEP_WRITE, true, -errno) : 0;
}

static int copy_within(const struct zc_job *job, int socket, struct told *told)
{
	struct zc_copy copy = { .size = job->size,
				.from_socket = is_socket_source(job),
				.to_socket = is_socket_target(job) };
	int err = open_both(job, socket, &copy, told);

	if (err)
		return err;
	err = job->method->copy(&copy);
	if (err)
		return tell(told, err == -ENOMEM ? ZC_STEP_MEMORY : ZC_STEP_COPY,
			    zc_failure_is_of_target(err), err);
	told->taken.told_bytes = copy.told_bytes;
	told->taken.mapped_bytes = copy.mapped_bytes;
	return close_both(&copy, told);
}

/* As the article does it: clocks around the copy, from before the files are opened. */
static void copy_timed(const struct zc_job *job, int socket, struct told *told)
{
	struct zc_taken *taken = &told->taken;
	struct rusage before, after;
	clock_t clock_before = clock();
	double start;

	getrusage(RUSAGE_SELF, &before);
	start = now();
	told->err = copy_within(job, socket, told);
	taken->wall = now() - start;
	getrusage(RUSAGE_SELF, &after);
	taken->clock = (double)(clock() - clock_before) / CLOCKS_PER_SEC;
	usage_into(&after, 1, taken);
	usage_into(&before, -1, taken);
}

/* {in} and the like in one word of argv; the rest as it is. buf holds PATH_MAX * 4. */
static void put_in(const struct zc_job *job, const char *word, char *buf)
{
	const char *slash = strrchr(job->in, '/'), *out_slash = strrchr(job->out, '/');
	size_t used = 0;

	if (!strcmp(word, "{in-url}")) {
		used = (size_t)sprintf(buf, "file://");
		for (const char *at = job->in; *at; at++)
			used += (size_t)sprintf(buf + used,
						strchr("/._-", *at) || (*at >= '0' && *at <= '9') ||
							(*at >= 'A' && *at <= 'Z') ||
							(*at >= 'a' && *at <= 'z')
						    ? "%c"
						    : "%%%02X",
						(unsigned char)*at);
		return;
	}
	if (!strncmp(word, "if={in}", 7))
		sprintf(buf, "if=%s", job->in);
	else if (!strcmp(word, "{in}"))
		sprintf(buf, "%s", job->in);
	else if (!strcmp(word, "{out}"))
		sprintf(buf, "%s", job->out);
	else if (!strcmp(word, "{in-dir}"))
		sprintf(buf, "%.*s", (int)(slash - job->in), job->in);
	else if (!strcmp(word, "{out-dir}"))
		sprintf(buf, "%.*s", (int)(out_slash - job->out), job->out);
	else
		sprintf(buf, "%s", strcmp(word, "{name}") ? word : slash + 1);
}

static bool names_out(const char *const *argv)
{
	for (; *argv; argv++)
		if (!strncmp(*argv, "{out", 4))
			return true;
	return false;
}

static int redirect(int fd, int to, struct told *told, bool of_out)
{
	if (fd < 0)
		return tell(told, of_out ? ZC_STEP_CREATE : ZC_STEP_OPEN, of_out, -errno);
	return dup2(fd, to) < 0 ? tell(told, ZC_STEP_RUN, of_out, -errno) : 0;
}

/* Standard error goes nowhere: what failed is told by the exit status, and by the comparison. */
static int redirect_all(const struct zc_job *job, const char *const *argv, int socket,
			struct told *told)
{
	int nothing = open("/dev/null", O_RDWR | O_CLOEXEC), out = nothing, err;

	if (is_socket_target(job))
		out = socket;
	else if (!names_out(argv))
		out = open(job->out, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	err = redirect(out, STDOUT_FILENO, told, true);
	if (!err)
		err = redirect(is_socket_source(job) ? socket : nothing, STDIN_FILENO, told, false);
	if (!err)
		err = redirect(nothing, STDERR_FILENO, told, false);
	return err;
}

#define WORDS 16

static void run_program(const struct zc_job *job, int socket, struct told *told)
{
	const struct zc_method *method = job->method;
	bool by_socket = is_socket_source(job) && method->socket_argv;
	const char *const *argv = by_socket ? method->socket_argv : method->argv;
	char *words[WORDS] = { NULL };

	for (int i = 0; argv[i] && i < WORDS - 1; i++) {
		words[i] = malloc((size_t)4 * PATH_MAX);
		if (!words[i])
			_exit(127);
		put_in(job, argv[i], words[i]);
	}
	if (!words[0])
		_exit(127);
	told->err = redirect_all(job, argv, socket, told);
	if (told->err)
		_exit(1);
	signal(SIGPIPE, SIG_DFL);
	execvp(words[0], words);
	told->err = tell(told, ZC_STEP_RUN, false, -errno);
	_exit(127);
}

static void be_copier(const struct zc_job *job, int socket, int go, bool watched, struct told *told)
{
	char byte;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setpgid(0, 0);
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	if (watched)
		zc_trace_me();
	else if (read(go, &byte, 1) != 1)
		_exit(1);
	if (job->method->program)
		run_program(job, socket, told);
	else if (watched)
		told->err = copy_within(job, socket, told);
	else
		copy_timed(job, socket, told);
	_exit(told->err ? 1 : 0);
}

/* --- in the parent */

struct copier {
	pid_t pid;
	int go; /* one byte written here and it begins */
	struct told *told;
	struct zc_peer peer;
};

static int start_peer(const struct zc_job *job, struct zc_peer *peer)
{
	*peer = ZC_PEER_NONE;
	if (is_socket_source(job))
		return zc_peer_send(job->in, peer);
	if (is_socket_target(job))
		return zc_peer_receive(job->route == ZC_FILE_TO_TCP, job->size, peer);
	return 0;
}

static int start(const struct zc_job *job, bool watched, struct copier *copier)
{
	int go[2], err = start_peer(job, &copier->peer);

	if (!err && pipe2(go, O_CLOEXEC))
		err = -errno;
	if (err)
		return err;
	copier->pid = fork();
	if (!copier->pid)
		be_copier(job, copier->peer.socket, go[0], watched, copier->told);
	err = copier->pid < 0 ? -errno : 0;
	close(go[0]);
	copier->go = go[1];
	return err;
}

/* 0: it ended; else it was killed. */
static int wait_until_end(pid_t pid, int seconds)
{
	struct pollfd ended = { .fd = (int)syscall(SYS_pidfd_open, pid, 0), .events = POLLIN };
	double end = now() + seconds;
	int ready = -1;

	if (ended.fd < 0)
		return -errno;
	while (!interrupted && ready < 0) {
		ready = poll(&ended, 1, (int)((end - now()) * 1000));
		if (ready < 0 && errno != EINTR)
			break;
	}
	close(ended.fd);
	if (interrupted)
		return -EINTR;
	return ready > 0 ? 0 : ready == 0 ? -ETIME : -errno;
}

/* A program's cost is that of its process, of a copy of our own what the child told. */
static int time_it(const struct zc_job *job, struct copier *copier)
{
	struct zc_taken *taken = &copier->told->taken;
	struct rusage usage;
	double start = now();
	int status, err;

	if (write(copier->go, "", 1) != 1)
		return -errno;
	err = wait_until_end(copier->pid, job->seconds);
	if (err)
		return err;
	if (wait4(copier->pid, &status, 0, &usage) < 0)
		return -errno;
	copier->pid = 0;
	if (job->method->program) {
		taken->wall = now() - start;
		usage_into(&usage, 1, taken);
		taken->clock = taken->user + taken->system;
	}
	return status ? -EIO : 0;
}

static int fail(const struct zc_job *job, const struct told *told, int err,
		struct zc_failure *ret_failure)
{
	const char *object = told->of_out && !is_socket_target(job) ? job->out : job->in;

	if (err == -EINTR || err == -ETIME || told->err == -EOPNOTSUPP)
		return told->err == -EOPNOTSUPP ? -EOPNOTSUPP : err;
	if (told->err)
		zc_failure_of(ret_failure, told->step, object, told->err);
	else
		zc_failure_of(ret_failure, ZC_STEP_RUN,
			      job->method->program ? job->method->program : job->method->name, err);
	return err;
}

static void end(struct copier *copier)
{
	if (copier->pid > 0) {
		kill(-copier->pid, SIGKILL);
		kill(copier->pid, SIGKILL);
		waitpid(copier->pid, NULL, 0);
	}
	if (copier->go >= 0)
		close(copier->go);
	zc_peer_abort(&copier->peer);
	munmap(copier->told, sizeof(*copier->told));
}

/* watched NULL: timed. */
static int run(const struct zc_job *job, struct zc_taken *ret_taken, struct zc_watched *watched,
	       struct zc_failure *ret_failure)
{
	struct copier copier = { .go = -1, .peer = ZC_PEER_NONE };
	int err;

	copier.told = mmap(NULL, sizeof(*copier.told), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (copier.told == MAP_FAILED) {
		zc_failure_of(ret_failure, ZC_STEP_MEMORY, job->in, -errno);
		return -ENOMEM;
	}
	err = start(job, watched, &copier);
	if (!err && watched)
		err = zc_trace_run(&copier.pid, job, watched);
	else if (!err)
		err = time_it(job, &copier);
	if (!err)
		err = zc_peer_end(&copier.peer, job->seconds);
	if (err) {
		err = fail(job, copier.told, err, ret_failure);
	} else {
		*ret_taken = copier.told->taken;
		ret_taken->received = copier.peer.received;
		copier.peer.received = -1;
	}
	end(&copier);
	return err;
}

int zc_copier_run(const struct zc_job *job, struct zc_taken *ret_taken,
		  struct zc_failure *ret_failure)
{
	return run(job, ret_taken, NULL, ret_failure);
}

int zc_copier_watch(const struct zc_job *job, struct zc_taken *ret_taken,
		    struct zc_watched *ret_watched, struct zc_failure *ret_failure)
{
	return run(job, ret_taken, ret_watched, ret_failure);
}
