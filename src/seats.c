// SPDX-License-Identifier: MIT
// Workers follow their caller to its core, as long as there is one and nobody else wants the core.
// Must not know requests.
#include "zcfs/seats.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define LOOK_MS	   1	  /* between two looks at callers */
#define ALIKE	   8	  /* so many looks in a row have to see one core */
#define ROUND	   32	  /* looks; of so many, when bound, */
#define STRAYS	   12	  /* so many at callers on another core: there are several callers */
#define CHECK_MS   10L	  /* between two looks at the workers' delays */
#define IDLE_MS	   200	  /* without requests: workers are let go */
#define STARVED_NS 800000 /* of each millisecond a worker has waited for the core: too much */
#define FEW	   2	  /* requests served since the last look: next to nothing */
#define PAUSE_MS   125	  /* after that, at first */
#define LONGEST_MS 8000
#define GOOD_MS	   250 /* bound for so long without delay: the next pause is a short one */

static int64_t now_ms(clockid_t clock)
{
	struct timespec now = { 0 };

	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Reads a file of /proc into a string; false if it cannot. */
static bool slurp(int fd, char *text, size_t size)
{
	ssize_t got = pread(fd, text, size - 1, 0);

	if (got <= 0)
		return false;
	text[got] = '\0';
	return true;
}

/* The file that tells of a thread; that of the last one stays open. */
static void open_stat(struct zc_seats *seats, pid_t tid)
{
	char path[40];

	if (seats->caller == tid && seats->stat >= 0)
		return;
	if (seats->stat >= 0)
		close(seats->stat);
	snprintf(path, sizeof(path), "/proc/%d/stat", (int)tid);
	seats->stat = open(path, O_RDONLY | O_CLOEXEC);
	seats->caller = tid;
}

/* The core where a thread sleeps: field 39 of proc(5)'s stat, the 37th behind the name. -1: it is gone, or
 * its number is another's by now. */
static int core_of(struct zc_seats *seats, pid_t tid)
{
	char text[1024], *at = NULL;

	open_stat(seats, tid);
	if (slurp(seats->stat, text, sizeof(text)))
		at = strrchr(text, ')');
	else
		seats->caller = 0;
	for (int field = 2; field < 39 && at; field++)
		at = strchr(at + 1, ' ');
	return at ? (int)strtol(at, NULL, 10) : -1;
}

/* ---- binding: the lock is held --------------------------------------------------------------- */

static void place(const struct zc_seats *seats, pid_t tid)
{
	const struct sched_param none = { 0 };
	cpu_set_t one;

	if (syscall(SYS_tgkill, getpid(), tid, 0) < 0)
		return; /* has ended; the number may be somebody else's by now */
	if (seats->core < 0) {
		sched_setscheduler(tid, SCHED_OTHER, &none);
		if (!seats->settled)
			sched_setaffinity(tid, sizeof(seats->all), &seats->all);
		return;
	}
	CPU_ZERO(&one);
	CPU_SET(seats->core, &one);
	if (seats->settled || sched_setaffinity(tid, sizeof(one), &one) == 0)
		sched_setscheduler(tid, SCHED_IDLE, &none);
}

/* Whether a worker has been ready to run ever since, and others ran instead, while next to nothing was served:
 * workers that get in each other's way, one for each request, wait as long, but not in vain. `elapsed`:
 * milliseconds since the last look; 0: only looks. */
static bool one_is_starved(struct zc_seats *seats, int64_t elapsed)
{
	uint64_t delay;
	bool starved = false;
	unsigned served = 0;
	char text[96];

	for (unsigned i = 0; i < seats->count; i++) {
		struct zc_seat *worker = &seats->workers[i];

		/* time that it ran, time that it was ready and did not */
		if (!slurp(worker->schedstat, text, sizeof(text)) || !strchr(text, ' '))
			continue;
		delay = strtoull(strchr(text, ' '), NULL, 10);
		starved |= elapsed && delay - worker->delay > (uint64_t)elapsed * STARVED_NS;
		worker->delay = delay;
		served += atomic_load_explicit(&worker->served, memory_order_relaxed);
	}
	starved &= served - seats->served <= FEW;
	seats->served = served;
	return starved;
}

/* Whether the caller that was looked at last waits for us, rather than run on the core itself, and keep what a
 * worker still has to do behind a reply from being done. True also where that cannot be known. */
static bool caller_waits(const struct zc_seats *seats)
{
	char text[1024], waiting[24], *at = NULL;

	if (slurp(seats->waiting, waiting, sizeof(waiting)) && strtol(waiting, NULL, 10) == 0)
		return false;
	if (slurp(seats->stat, text, sizeof(text)))
		at = strrchr(text, ')');
	return !at || at[1] != ' ' || at[2] != 'R';
}

static void bind_all(struct zc_seats *seats, int core)
{
	seats->core = core;
	for (unsigned i = 0; i < seats->count; i++)
		place(seats, seats->workers[i].tid);
	seats->looked = now_ms(CLOCK_MONOTONIC);
	if (core >= 0)
		one_is_starved(seats, 0);
}

/* Not to be bound for a while; each time for longer, unless it went well for long. */
static void pause_binding(struct zc_seats *seats, int64_t now)
{
	if (now - seats->since > GOOD_MS || !seats->pause)
		seats->pause = PAUSE_MS;
	else if (seats->pause < LONGEST_MS)
		seats->pause *= 2;
	seats->not_before = now + seats->pause;
	seats->wanted = -1;
	seats->times = 0;
}

static void check(struct zc_seats *seats)
{
	int64_t now = now_ms(CLOCK_MONOTONIC);
	int64_t elapsed = now - seats->looked;

	if (elapsed < CHECK_MS)
		return;
	seats->looked = now;
	if (one_is_starved(seats, elapsed) && caller_waits(seats))
		pause_binding(seats, now);
	else if (now - atomic_load(&seats->next_look) > IDLE_MS)
		seats->wanted = -1;
}

/* ---- the thread ------------------------------------------------------------------------------ */

static void wait_a_little(struct zc_seats *seats)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += CHECK_MS * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_nsec -= 1000000000;
		until.tv_sec++;
	}
	pthread_cond_timedwait(&seats->changed, &seats->lock, &until);
}

static void *watch(void *arg)
{
	struct zc_seats *seats = arg;
	bool was_free;

	pthread_mutex_lock(&seats->lock);
	while (!seats->stop) {
		if (seats->wanted != seats->core) {
			was_free = seats->core < 0;
			bind_all(seats, seats->wanted);
			if (was_free)
				seats->since = seats->looked;
		}
		if (seats->core < 0)
			pthread_cond_wait(&seats->changed, &seats->lock);
		else
			wait_a_little(seats);
		if (seats->core >= 0 && seats->wanted == seats->core)
			check(seats);
	}
	bind_all(seats, -1);
	pthread_mutex_unlock(&seats->lock);
	return NULL;
}

/* ---- callers --------------------------------------------------------------------------------- */

/* The calling thread serves requests. */
static struct zc_seat *join(struct zc_seats *seats)
{
	struct zc_seat *mine = NULL;
	pid_t tid = (pid_t)syscall(SYS_gettid);
	char path[60];

	snprintf(path, sizeof(path), "/proc/self/task/%d/schedstat", (int)tid);
	pthread_mutex_lock(&seats->lock);
	if (seats->count < ZC_SEATS_WORKERS && !seats->stop) {
		mine = &seats->workers[seats->count++];
		mine->tid = tid;
		mine->schedstat = open(path, O_RDONLY | O_CLOEXEC);
		place(seats, tid);
	}
	pthread_mutex_unlock(&seats->lock);
	return mine;
}

/* Bound. The kernel's load balancing takes a caller elsewhere now and then, and the workers follow at once; of
 * several callers they would find another each time. */
static void follow(struct zc_seats *seats, int core, int64_t now)
{
	seats->strays += !seats->settled && core != seats->core;
	if (++seats->looks < ROUND) {
		seats->wanted = seats->settled ? seats->core : core;
		return;
	}
	if (seats->strays > STRAYS)
		pause_binding(seats, now);
	seats->looks = seats->strays = 0;
}

/* All that were seen lately were on one core: there. */
static void consider(struct zc_seats *seats, int core, int64_t now)
{
	bool usable = core >= 0 && core < CPU_SETSIZE && CPU_ISSET(core, &seats->all);

	if (core < 0)
		return;
	seats->times = core == seats->seen ? seats->times + 1 : 1;
	seats->seen = core;
	if (seats->core >= 0)
		follow(seats, usable ? core : -1, now);
	else if (seats->core < 0 && usable && now >= seats->not_before &&
		 (seats->settled || seats->times >= ALIKE))
		seats->wanted = core;
	if (seats->wanted != seats->core)
		pthread_cond_signal(&seats->changed);
}

void zc_seats_serve(struct zc_seats *seats, pid_t caller)
{
	static _Thread_local struct zc_seat *mine;
	static _Thread_local bool joined;
	int64_t now, next;

	if (!atomic_load_explicit(&seats->on, memory_order_relaxed))
		return;
	if (!joined) {
		joined = true;
		mine = join(seats);
	}
	if (mine)
		atomic_fetch_add_explicit(&mine->served, 1, memory_order_relaxed);
	now = now_ms(CLOCK_MONOTONIC);
	next = atomic_load_explicit(&seats->next_look, memory_order_relaxed);
	if (!caller || now < next ||
	    !atomic_compare_exchange_strong(&seats->next_look, &next, now + LOOK_MS))
		return;
	pthread_mutex_lock(&seats->lock);
	consider(seats, core_of(seats, caller), now);
	pthread_mutex_unlock(&seats->lock);
}

int zc_seats_core(struct zc_seats *seats)
{
	int core = -1;

	if (atomic_load(&seats->on)) {
		pthread_mutex_lock(&seats->lock);
		core = seats->core;
		pthread_mutex_unlock(&seats->lock);
	}
	return core;
}

/* ---- begin and end --------------------------------------------------------------------------- */

static int may_be_bound(struct zc_seats *seats)
{
	if (geteuid() != 0)
		return -EPERM;
	if (sched_getscheduler(0) != SCHED_OTHER ||
	    sched_getaffinity(0, sizeof(seats->all), &seats->all) < 0 ||
	    CPU_COUNT(&seats->all) < 2 || access("/proc/self/schedstat", R_OK) < 0)
		return -ENOTSUP;
	return 0;
}

int zc_seats_start(struct zc_seats *seats, unsigned connection, bool settled)
{
	pthread_condattr_t by_clock;
	char path[60];
	int err = may_be_bound(seats);

	if (err)
		return err;
	seats->core = seats->wanted = seats->seen = -1;
	seats->settled = settled;
	snprintf(path, sizeof(path), "/sys/fs/fuse/connections/%u/waiting", connection);
	seats->stat = -1;
	seats->waiting = open(path, O_RDONLY | O_CLOEXEC);
	pthread_mutex_init(&seats->lock, NULL);
	pthread_condattr_init(&by_clock);
	pthread_condattr_setclock(&by_clock, CLOCK_MONOTONIC);
	pthread_cond_init(&seats->changed, &by_clock);
	pthread_condattr_destroy(&by_clock);
	if (pthread_create(&seats->thread, NULL, watch, seats) != 0) {
		pthread_cond_destroy(&seats->changed);
		pthread_mutex_destroy(&seats->lock);
		return -EAGAIN;
	}
	atomic_store(&seats->on, true);
	return 0;
}

void zc_seats_stop(struct zc_seats *seats)
{
	if (!atomic_exchange(&seats->on, false))
		return;
	pthread_mutex_lock(&seats->lock);
	seats->stop = true;
	pthread_cond_signal(&seats->changed);
	pthread_mutex_unlock(&seats->lock);
	pthread_join(seats->thread, NULL);
	for (unsigned i = 0; i < seats->count; i++) {
		if (seats->workers[i].schedstat >= 0)
			close(seats->workers[i].schedstat);
	}
	if (seats->waiting >= 0)
		close(seats->waiting);
	if (seats->stat >= 0)
		close(seats->stat);
	seats->stat = -1;
	/* the lock stays: a worker may be about to look at it */
}
