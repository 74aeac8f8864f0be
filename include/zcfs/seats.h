/* SPDX-License-Identifier: MIT */
/*
 * On which core requests are answered. A caller sleeps while its request is served; where the thread that
 * serves it runs on another core, each request and each reply wakes a core that has gone to sleep. Measured
 * (src/README.md), that takes twice as long as serving on the caller's own core.
 *
 * The kernel's scheduler would have it otherwise: it gives whoever is woken a core that is idle. So while one
 * core sends all requests, the workers are bound to it (sched_setaffinity(2)) and made SCHED_IDLE: a core that
 * runs only such threads counts as idle (sched_idle_cpu in kernel/sched/fair.c), and so the caller stays.
 *
 * The danger: such threads get next to nothing of a core that others want too. A thread, which is not
 * bound, looks every few milliseconds whether a worker has waited for the core all the time
 * (/proc/PID/task/TID/schedstat), next to nothing was served, and the caller waits for an answer
 * (/sys/fs/fuse/connections/N/waiting, /proc/TID/stat). It lets go at the first sign; if that happens again soon, each time for longer. It sleeps while nobody is bound.
 * Must not know requests.
 */
#ifndef ZCFS_SEATS_H
#define ZCFS_SEATS_H

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define ZC_SEATS_WORKERS 64u /* threads beyond are left where they are */

/* One thread that serves requests. */
struct zc_seat {
	pid_t tid;
	int schedstat;		 /* fd; -1: cannot be read */
	_Atomic unsigned served; /* requests */
	uint64_t
	    delay; /* ready to run, and others ran instead: when last looked at, in nanoseconds */
};

struct zc_seats {
	_Atomic bool on;	   /* else all calls return at once */
	_Atomic int64_t next_look; /* at a caller, in milliseconds */
	cpu_set_t all;		   /* where the process may run: constant */
	pthread_t thread;
	/* Guards all below. Innermost; only the scheduler and /proc are asked under it. */
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct zc_seat workers[ZC_SEATS_WORKERS];
	unsigned count;
	int core;	    /* to which they are bound; -1: to none */
	int wanted;	    /* to which they should be */
	pid_t caller;	    /* that was looked at last */
	int stat;	    /* fd that tells of it; or -1 */
	int seen;	    /* the core of the last caller that was looked at */
	unsigned times;	    /* and of so many before it */
	int64_t not_before; /* no binding until then, in milliseconds */
	int64_t pause;	    /* the last time that was not to be bound, in milliseconds */
	int64_t since;	    /* when the workers were bound last that had not been */
	unsigned looks;	    /* at callers, lately */
	unsigned strays;    /* of these, at callers on another core */
	int64_t looked;	    /* at the workers, in milliseconds */
	unsigned served;    /* by all of them, until then */
	int waiting;	    /* fd of the file that tells how many requests are; or -1 */
	bool settled;	    /* each worker is bound to a core of its own already: constant */
	bool stop;
};

/* Starts to watch callers; `connection`: its number below /sys/fs/fuse/connections. `settled`:
 * there is a worker bound to each core, which serves that core's callers (io_uring): none is moved, all are made
 * SCHED_IDLE while there are requests. 0, or why workers are not bound: -EPERM (not root: a thread could not leave SCHED_IDLE
 * again, sched(7)), -ENOTSUP (this process was given another scheduling policy, there is one core, or the kernel
 * keeps no schedstat), -EAGAIN (no thread). A zeroed struct, or one that could not be started, does nothing. */
int zc_seats_start(struct zc_seats *seats, unsigned connection, bool settled);
/* Workers are free again, and stay so. Legal twice, and for one that was not started. */
void zc_seats_stop(struct zc_seats *seats);

/* A worker serves a request of this thread (0: not known). Cheap: a look at the caller, which takes some
 * microseconds, is taken every few milliseconds. */
void zc_seats_serve(struct zc_seats *seats, pid_t caller);

/* The core to which the workers are bound, or -1. */
int zc_seats_core(struct zc_seats *seats);

#endif
