/* SPDX-License-Identifier: MIT */
/*
 * Work in a process of its own, so that this one can clean up whatever happens to it: a signal, a
 * bug, the kernel that runs out of memory. Must not know what the work is.
 */
#ifndef ZC_COMPARE_APART_H
#define ZC_COMPARE_APART_H

#include <signal.h>
#include <stddef.h>

/* What was asked of this process meanwhile waits: SIGINT, SIGTERM, SIGHUP, but for those that are
 * ignored, and SIGCHLD. Between hold and release what was made can be noted and removed in peace. */
struct zc_signals {
	sigset_t held, before;
};

void zc_signals_hold(struct zc_signals *signals);

/* Those that came and were not acted upon are forgotten. */
void zc_signals_release(struct zc_signals *signals);

/* Zeroed memory that a child shares. NULL: ENOMEM. Undoing NULL is legal. */
void *zc_shared_create(size_t size);
void zc_shared_destroy(void *memory, size_t size);

/*
 * work(data) in a child, whose signals are as before the hold; it has to end with a return and tells
 * what it found in shared memory. It dies with this process. 0: it returned; -EINTR: one of the held
 * signals came, it was killed; -ECANCELED: it died of itself, of the signal *ret_signal; others:
 * there is no process for it.
 */
int zc_apart(const struct zc_signals *signals, void (*work)(void *data), void *data,
	     int *ret_signal);

#endif
