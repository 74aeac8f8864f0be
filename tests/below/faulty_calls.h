/* SPDX-License-Identifier: MIT */
/*
 * One call of every kind on a name that a faulty file system knows, for the tests that compare what it says.
 * Must not know faults, sides or mounts.
 */
#ifndef FAULTY_CALLS_H
#define FAULTY_CALLS_H

#include "faulty.h"

#include <stddef.h>

struct faulty_call {
	const char *name;
	enum faulty_op op;   /* the request that is the call's own */
	int flags;	     /* open(2) flags for `fd`, or -1: none is wanted */
	const char *path;    /* what `fd` is of */
	long (*run)(int fd); /* in the directory that was prepared; -1 and errno */
};
extern const struct faulty_call faulty_calls[];
extern const size_t faulty_call_count;

/* Makes what the calls need: in the current directory. 0, or -1 and errno. */
int faulty_calls_prepare(void);

#endif
