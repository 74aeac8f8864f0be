/* SPDX-License-Identifier: MIT */
/*
 * The directories through which the backing directory is seen: itself, a mount that is there, or
 * mounts of our own, one a plane. Must not know what is copied.
 */
#ifndef ZC_COMPARE_WAY_H
#define ZC_COMPARE_WAY_H

#include "daemon.h"
#include "failure.h"

struct zc_way {
	struct zc_way_result shown;
	struct zc_daemon daemon; /* pid 0: none, or not to be found */
	bool mounted;		 /* by us: zc_ways_end unmounts it */
};

struct zc_ways {
	int count;
	struct zc_way way[ZC_MAX_WAYS];
	char mounts[PATH_MAX]; /* directory of our mount points and logs; "": none */
};

/* The plain path, and once more as the control. */
void zc_ways_begin(struct zc_ways *ways, const char *backing);

/* A mount that is there; below: a file in it that may be opened. -ENXIO (ZC_EXIT_NO_MOUNT): no zcfs
 * is mounted on that very directory. */
int zc_ways_add_mount(struct zc_ways *ways, const char *mountpoint, const char *below,
		      struct zc_failure *ret_failure);

/* One mount for each bit of planes, by the daemon zcfs (NULL: beside this program, then PATH). A
 * plane that does not serve is left out with a line on standard error and a note, or is a failure
 * where required. */
int zc_ways_mount(struct zc_ways *ways, const char *backing, unsigned planes, bool required,
		  const char *zcfs, struct zc_failure *ret_failure);

/* Unmounts in reverse, waits for the daemons with a limit, removes the mount points. */
void zc_ways_end(struct zc_ways *ways);

#endif
