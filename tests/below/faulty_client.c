/* SPDX-License-Identifier: MIT */
/*
 * Starts the faulty file systems over the backing directory and its twin, and steers them.
 * Must not know what is called on them, nor how they fail.
 */
#include "faulty.h"
#include "zct.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>

enum { WAIT_MS = 20000, STEP_MS = 5 };

static struct faulty_control *control;
static int control_fd;

static void nap(void)
{
	nanosleep(&(struct timespec){ 0, STEP_MS * 1000000L }, NULL);
}

static void exec_faulty(const char *top, int index)
{
	static const char *const under[] = { "backing", "twin" };
	char fd[16], number[16], store[300], mountpoint[300];
	const char *program = getenv("FAULTY");

	snprintf(fd, sizeof(fd), "%d", control_fd);
	snprintf(number, sizeof(number), "%d", index);
	snprintf(store, sizeof(store), "%s/store.%s", top, under[index]);
	snprintf(mountpoint, sizeof(mountpoint), "%s/%s", top, under[index]);
	if (program && mkdir(store, 0755) == 0 && fcntl(control_fd, F_SETFD, 0) == 0)
		execl(program, program, fd, number, store, mountpoint, NULL);
	dprintf(2, "cannot run %s: %m\n", program ? program : "FAULTY, which is not set");
	_exit(127);
}

/* In the keeper, whose end is theirs. */
static void start_both(const char *top)
{
	for (int i = 0; i < 2; i++) {
		pid_t pid = fork();

		if (pid == 0)
			exec_faulty(top, i);
	}
	for (int ms = 0; ms < WAIT_MS && atomic_load(&control->ready) < 2; ms += STEP_MS) {
		if (waitpid(-1, NULL, WNOHANG) > 0)
			return; /* the tests will notice */
		nap();
	}
}

void faulty_prepare(void)
{
	control_fd = memfd_create("faulty control", MFD_CLOEXEC);
	if (control_fd >= 0 && ftruncate(control_fd, sizeof(*control)) == 0)
		control =
		    mmap(NULL, sizeof(*control), PROT_READ | PROT_WRITE, MAP_SHARED, control_fd, 0);
	if (!control || control == MAP_FAILED)
		abort();
	zct_before_start = start_both;
}

void faulty_check_started(void)
{
	CHECK_EQ(atomic_load(&control->ready), 2);
}

void faulty_begin(enum faulty_op op, int err)
{
	atomic_store(&control->hits, 0);
	atomic_store(&control->err, err);
	atomic_store(&control->op, (int)op);
}

int faulty_end(void)
{
	atomic_store(&control->op, FAULTY_NOTHING);
	return atomic_load(&control->hits);
}

/* Asked anew each time: the kernel knows nothing of a mount whose server is gone but that. */
static bool is_dead(enum zct_side side)
{
	struct stat st;

	return stat(zct.dir[side], &st) < 0 && errno == ENOTCONN;
}

void faulty_kill(void)
{
	for (int i = 0; i < 2; i++) {
		pid_t pid = atomic_load(&control->pid[i]);

		CHECK(pid > 1 && kill(pid, SIGKILL) == 0);
	}
	for (int ms = 0; ms < WAIT_MS && !(is_dead(BACK) && is_dead(TWIN)); ms += STEP_MS)
		nap();
	CHECK(is_dead(BACK) && is_dead(TWIN));
}
