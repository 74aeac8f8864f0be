/* SPDX-License-Identifier: MIT */
/*
 * What went wrong, as people are told: one line, an exit code. Pure but for the printing.
 * Must not know what was being measured.
 */
#ifndef ZC_COMPARE_FAILURE_H
#define ZC_COMPARE_FAILURE_H

#include <limits.h>
#include <stdio.h>

/* The exit codes of zcfs-compare. Told by --help and zcfs-compare(1), guarded by a test. */
enum zc_exit {
	ZC_EXIT_FINE = 0,
	ZC_EXIT_DIFFERS = 1,	   /* a copy is not what its source is */
	ZC_EXIT_USAGE = 2,	   /* the command line */
	ZC_EXIT_MISSING = 3,	   /* a file or directory is not there */
	ZC_EXIT_NOT_A_FILE = 4,	   /* a directory, device or the like instead of a regular file */
	ZC_EXIT_PERMISSION = 5,	   /* no permission, or a read-only file system */
	ZC_EXIT_NO_SPACE = 6,	   /* disk full, quota, limit of a file's size */
	ZC_EXIT_GONE = 7,	   /* the mount went away in the middle */
	ZC_EXIT_CHANGED = 8,	   /* the source changed while it was copied */
	ZC_EXIT_NO_MOUNT = 9,	   /* nothing is mounted there, or not zcfs */
	ZC_EXIT_OTHER = 10,	   /* all else: read errors, memory, ... */
	ZC_EXIT_CANNOT_MOUNT = 11, /* --self */
	ZC_EXIT_EXISTS = 12,	   /* something is where a file was to be made */
	ZC_EXIT_INTERRUPTED = 130, /* SIGINT, SIGTERM, SIGHUP */
};

/* code ZC_EXIT_FINE: nothing failed, the rest means nothing. err is a positive errno. */
struct zc_failure {
	enum zc_exit code;
	int err;
	char object[PATH_MAX];
	char what[200];
	char advice[320];
};

/* What was being done with the object when an errno came. */
enum zc_step {
	ZC_STEP_OPEN,	/* a source, or a directory, opened or looked at */
	ZC_STEP_READ,	/* a source, or a copy when it is compared */
	ZC_STEP_CREATE, /* a copy, a report or a temporary directory */
	ZC_STEP_WRITE,	/* any of these */
	ZC_STEP_COPY,	/* from one to the other: whose errno it is cannot be told */
	ZC_STEP_MEMORY, /* a buffer */
	ZC_STEP_SOCKET, /* made, connected, written to */
	ZC_STEP_RUN,	/* a program, or a process of our own */
	ZC_STEP_FIND,	/* the mount and its daemon */
	ZC_STEP_MOUNT,	/* --self */
	ZC_STEPS
};

/* Fills in everything, from a negative errno (the convention inside). Returns the code. */
enum zc_exit zc_failure_of(struct zc_failure *ret_failure, enum zc_step step, const char *object,
			   int err);

/* Fills in what no errno tells; err is a negative errno too. Texts are cut to what fits. */
enum zc_exit zc_failure_set(struct zc_failure *ret_failure, enum zc_exit code, int err,
			    const char *object, const char *what, const char *advice, ...)
    __attribute__((format(printf, 6, 7)));

/* Of a copy from one file to another: true where this negative errno is the target's (ENOSPC,
 * EDQUOT, EFBIG, EROFS). */
int zc_failure_is_of_target(int err);

/* "zcfs-compare: <object>: <what failed> (<ERRNO>): <what to do>" and a line end; without (<ERRNO>)
 * where it was no call that failed. Whatever the
 * object is called, it is one line and no terminal command. Returns the code, for main(). */
int zc_failure_print(const struct zc_failure *failure, FILE *out);

/* What a code means, a short sentence; NULL: not one of ours. */
const char *zc_exit_meaning(int code);

#endif
