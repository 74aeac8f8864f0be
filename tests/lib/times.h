/* SPDX-License-Identifier: MIT */
/*
 * times: which times of which objects a call moves, on mount and twin, and whether the mount shows what
 * is stored below. Must not know: the calls.
 */
#ifndef ZCT_TIMES_H
#define ZCT_TIMES_H

#include "zct.h"

/* How a call is looked at. */
struct times_look {
	const char *open; /* what is open as times_file while it is made, or NULL */
	int flags;
	const char
	    *except; /* letters (amc) of the times that the mount is known not to mark, or NULL */
	bool late; /* known to be shown only when the mount is told to ask (AT_STATX_FORCE_SYNC) */
};

/* The directory in which a call is made:
 *   d/f = e/h   a program of TIMES_SIZE bytes, mode 0755, with an extended attribute user.old
 *   d/empty     mode 0666          d/link   to f          d/fifo
 *   e/g         a few bytes        d/sub, e/sub   empty directories
 * All belong to root. Calls may make d/new and e/new. */
enum { TIMES_SIZE = 8192 };
extern int times_file;

/* Inside SAME(): TIMES_OF(look, expr) makes the directory, waits until the clock of the file system has
 * moved, evaluates expr there, and notes what moved. Its value is that of expr, with its errno. */
#define TIMES_OF(look, expr) (times_before(look), times_after((long)(expr), look))
void times_before(const struct times_look *look);
long times_after(long result, const struct times_look *look);

/* An access time older than the last change, which also file systems mark that spare themselves. */
int times_grow_old(const char *name);

#endif
