/* SPDX-License-Identifier: MIT */
/*
 * One copy, made by a process of its own, by one method on one route: timed, or watched call by
 * call. Must not know planes, daemons, nor how often it is asked.
 */
#ifndef ZC_COMPARE_COPIER_H
#define ZC_COMPARE_COPIER_H

#include "failure.h"
#include "method.h"

/* What is to be copied: strings belong to the caller. */
struct zc_job {
	const struct zc_method *method;
	enum zc_route route;
	const char *in;	 /* read from; on SOCKET_TO_FILE its bytes come by the socket */
	const char *out; /* made anew (must not exist); not looked at if the bytes go to a socket */
	const char *mark; /* a part of the path of all files of the experiment, and of no other */
	uint64_t size;
	int seconds; /* that it may take */
};

/* What it took. Seconds; clock: as clock(3) told the copier, or would have. */
struct zc_taken {
	double wall, user, system, clock;
	long voluntary, involuntary, faults;
	uint64_t told_bytes, mapped_bytes;
	int received; /* a memory file with what came out of the socket, to be closed; -1: none */
};

/* What a watched one did. */
struct zc_watched {
	long system_calls;
	uint64_t
	    bytes; /* of the experiment's files, sockets and pipes, by read, write and their kin */
};

/*
 * 0: made; -EINTR: a signal came (zc_interrupted), the copier was killed; -ETIME: it took too long
 * and was killed; -EOPNOTSUPP: this method does not work on these files (O_DIRECT, io_uring), which
 * is no failure; other: *ret_failure tells. What was written to out stays for the caller to remove.
 */
int zc_copier_run(const struct zc_job *job, struct zc_taken *ret_taken,
		  struct zc_failure *ret_failure);

/* The same under ptrace(2): taken is not worth anything but for received and the bytes. -EPERM: it
 * may not be used here. */
int zc_copier_watch(const struct zc_job *job, struct zc_taken *ret_taken,
		    struct zc_watched *ret_watched, struct zc_failure *ret_failure);

/* From here on SIGINT, SIGTERM and SIGHUP only set the flag. */
void zc_interrupts_begin(void);
bool zc_interrupted(void);

#endif
