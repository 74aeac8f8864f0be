/* SPDX-License-Identifier: MIT */
/*
 * The zcfs that serves a mount: which process it is, what it used, what it counted.
 * Must not know what is copied.
 */
#ifndef ZC_COMPARE_DAEMON_H
#define ZC_COMPARE_DAEMON_H

#include "result.h"

#include <stdio.h>
#include <sys/types.h>

struct zc_daemon {
	pid_t pid;
	char stats[PATH_MAX];	/* its counters' file (-o stats=), "" if it has none */
	char backing[PATH_MAX]; /* as its command line names it, "" if not to be seen */
};

/* What all its threads used until now; those that ended are in cpu, user and system only. */
struct zc_usage {
	double cpu, user, system;
	long voluntary, involuntary, faults;
};

#define ZC_COUNTERS_SIZE 16384
struct zc_counters {
	char text[ZC_COUNTERS_SIZE]; /* lines "key value" */
};

/*
 * Of the mount that has this minor device number (st_dev). Found by /proc/PID/fdinfo, which names
 * a /dev/fuse's connection from Linux 6.17 on, else by the command line: a zcfs whose last argument
 * is mountpoint. 0; -ESRCH: none that we may see.
 */
int zc_daemon_find(unsigned minor, const char *mountpoint, struct zc_daemon *ret_daemon);

/* 0; -ESRCH: it has ended. */
int zc_daemon_usage(const struct zc_daemon *daemon, struct zc_usage *ret_usage);

/*
 * Asks for the counters (SIGUSR1) and waits for them, 10 seconds at most. 0; -ENOENT: it has no
 * stats=; -EPERM: it is another user's; -ETIMEDOUT; -ESRCH.
 */
int zc_daemon_counters(const struct zc_daemon *daemon, struct zc_counters *ret_counters);

/* The value of a key, 0 if there is no such. */
uint64_t zc_counter(const struct zc_counters *counters, const char *key);

/* What was counted from before to after, into counts: requests by name, bytes. */
void zc_counters_tell(const struct zc_counters *before, const struct zc_counters *after,
		      struct zc_counts *counts);

#endif
