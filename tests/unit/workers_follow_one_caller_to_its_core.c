// SPDX-License-Identifier: MIT
// Workers are bound to the core of their only caller, follow him, and are let go for several callers, for none, and
// where somebody else wants the core. Must not know how long that takes.
#include "unit.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "zcfs/seats.h"

#define NO_CONNECTION 0	   /* that has a number: then callers count as waiting */
#define PATIENCE      2000 /* times 10 ms */

static struct zc_seats seats;
static int cores[2];

static void nap(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 100000 }, NULL);
}

static void stay_on(pid_t tid, int core)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(core, &one);
	MUST(sched_setaffinity(tid, sizeof(one), &one));
}

/* A thread that does nothing but sleep, or run, on one core. */
struct dweller {
	pthread_t thread;
	_Atomic pid_t tid;
	_Atomic bool stop;
	bool runs;
};

static void *dwell(void *arg)
{
	struct dweller *d = arg;

	d->tid = (pid_t)syscall(SYS_gettid);
	while (!d->stop) {
		if (!d->runs)
			nap();
	}
	return NULL;
}

static void begin(struct dweller *d, int core)
{
	d->tid = 0;
	d->stop = false;
	MUST(-pthread_create(&d->thread, NULL, dwell, d));
	while (!d->tid)
		nap();
	stay_on(d->tid, core);
}

static void end(struct dweller *d)
{
	d->stop = true;
	pthread_join(d->thread, NULL);
}

/* Serves one caller after the other, by turns. */
static struct dweller callers[2] = { { .runs = false } };
static _Atomic int callers_now;
static _Atomic bool no_more;

static void *serve(void *arg)
{
	*(pid_t *)arg = (pid_t)syscall(SYS_gettid);
	for (unsigned i = 0; !no_more; i++) {
		if (callers_now)
			zc_seats_serve(&seats, callers[i / 8 % (unsigned)callers_now].tid);
		nap();
	}
	return NULL;
}

static void until_core_is(int core)
{
	for (int i = 0; i < PATIENCE && zc_seats_core(&seats) != core; i++)
		nanosleep(&(struct timespec){ .tv_nsec = 10000000 }, NULL);
	assert_int_equal(zc_seats_core(&seats), core);
}

static void is_bound(pid_t worker, int core)
{
	cpu_set_t now;

	MUST(sched_getaffinity(worker, sizeof(now), &now));
	assert_int_equal(CPU_COUNT(&now), core < 0 ? CPU_COUNT(&seats.all) : 1);
	if (core >= 0)
		assert_true(CPU_ISSET(core, &now));
	assert_int_equal(MUST(sched_getscheduler(worker)), core < 0 ? SCHED_OTHER : SCHED_IDLE);
}

static void everything(void **state)
{
	struct dweller hog = { .runs = true };
	pthread_t worker;
	pid_t tid = 0;

	(void)state;
	MUST(zc_seats_start(&seats, NO_CONNECTION, false));
	begin(&callers[0], cores[0]);
	begin(&callers[1], cores[1]);
	MUST(-pthread_create(&worker, NULL, serve, &tid));

	callers_now = 1;
	until_core_is(cores[0]);
	is_bound(tid, cores[0]);
	stay_on(callers[0].tid, cores[1]);
	until_core_is(cores[1]);
	is_bound(tid, cores[1]);
	callers_now = 0;
	until_core_is(-1);
	is_bound(tid, -1);

	callers_now = 1;
	until_core_is(cores[1]);
	stay_on(callers[1].tid, cores[0]);
	callers_now = 2;
	until_core_is(-1);

	callers_now = 1;
	until_core_is(cores[1]);
	begin(&hog, cores[1]);
	until_core_is(-1);
	is_bound(tid, -1);
	end(&hog);
	until_core_is(cores[1]);

	no_more = true;
	pthread_join(worker, NULL);
	zc_seats_stop(&seats);
	assert_int_equal(zc_seats_core(&seats), -1);
	zc_seats_stop(&seats);
	end(&callers[0]);
	end(&callers[1]);
}

static void one_that_was_not_started(void **state)
{
	struct zc_seats none = { 0 };

	(void)state;
	zc_seats_serve(&none, getpid());
	assert_int_equal(zc_seats_core(&none), -1);
	zc_seats_stop(&none);
}

/* Another policy was chosen by somebody who will have had his reasons. */
static void policy_of_ones_own(void **state)
{
	struct zc_seats none = { 0 };

	(void)state;
	MUST(sched_setscheduler(0, SCHED_BATCH, &(struct sched_param){ 0 }));
	assert_int_equal(zc_seats_start(&none, NO_CONNECTION, false), -ENOTSUP);
	MUST(sched_setscheduler(0, SCHED_OTHER, &(struct sched_param){ 0 }));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_that_was_not_started),
		cmocka_unit_test(policy_of_ones_own),
		cmocka_unit_test(everything),
	};
	cpu_set_t all;
	int found = 0;

	MUST(sched_getaffinity(0, sizeof(all), &all));
	for (int core = 0; core < CPU_SETSIZE && found < 2; core++) {
		if (CPU_ISSET(core, &all))
			cores[found++] = core;
	}
	if (geteuid() != 0 || found < 2) {
		printf("skipped: needs root and two cores\n");
		return 77;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
