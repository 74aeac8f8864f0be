/* SPDX-License-Identifier: MIT */
/*
 * What zcfs-compare measured: plain data, filled in by the measuring rooms, read by the reports.
 * Must not know how a copy is made, nor how a report looks.
 *
 * A way is a directory through which a file is reached (the plain backing path, the mount on one
 * plane), a route is where its bytes go, a method is how a program moves them. A cell is one
 * method on one route by one way.
 */
#ifndef ZC_COMPARE_RESULT_H
#define ZC_COMPARE_RESULT_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

/* The first way is the plain path, the second the plain path again: the control that tells how
 * much two equal figures differ on this machine. */
#define ZC_MAX_WAYS	8
#define ZC_MAX_REPEATS	99
#define ZC_MAX_REQUESTS 64
#define ZC_MAX_FILES	32

enum zc_route { ZC_FILE_TO_FILE, ZC_FILE_TO_TCP, ZC_FILE_TO_UNIX, ZC_SOCKET_TO_FILE, ZC_ROUTES };

/* "file-to-file", "file-to-tcp", "file-to-unix", "socket-to-file" */
extern const char *const zc_route_names[ZC_ROUTES];

/* One timed copy. Seconds, or counts. copier: the process that copies, with its children; daemon:
 * all threads of zcfs; 0 where there is none. */
struct zc_sample {
	double wall;
	double copier_user, copier_system;
	double
	    copier_clock; /* clock(3) of the article: user and system of the copier, in seconds */
	double daemon_user, daemon_system; /* the split is that of the kernel's 10 ms ticks */
	double daemon_cpu;		   /* both, by the scheduler's clock: exact */
	long copier_voluntary, copier_involuntary; /* context switches */
	long daemon_voluntary, daemon_involuntary;
	long copier_faults, daemon_faults; /* page faults, minor and major */
	double resident; /* part of the source in the page cache before the copy, 0 to 1 */
};

/* One copy that was watched, not timed: exact counts. */
struct zc_counts {
	bool known;	   /* false: not watched (why_not says why) */
	bool daemon_known; /* the counters of the daemon could be read */
	long system_calls; /* of the copier, from the first byte asked for to the end */
	uint64_t
	    copier_bytes; /* of file data into and out of the copier's memory, by system calls */
	uint64_t mapped_bytes;	 /* that the copier looked at in the page cache itself (mmap) */
	uint64_t daemon_copied;	 /* through the daemon's memory, in and out */
	uint64_t daemon_spliced; /* by the daemon, but not through its memory */
	int requests;
	struct {
		char name[24]; /* "read", "write", "open", ... as the daemon's counters have them */
		uint64_t count;
	} request[ZC_MAX_REQUESTS]; /* those that are not 0 */
	char why_not[160];
};

struct zc_cell {
	bool made;	   /* false: this method does not exist there (why_not) */
	char why_not[160]; /* "copy_file_range needs two files" */
	int samples;
	struct zc_sample sample[ZC_MAX_REPEATS];
	struct zc_counts counts;
};

struct zc_method_result {
	char name[32];	/* "read+write 64 KiB", "cp" */
	char what[160]; /* one sentence for people who do not know it */
	bool program;	/* a program of the system, not code of zcfs-compare */
	struct zc_cell cell[ZC_ROUTES][ZC_MAX_WAYS];
};

struct zc_way_result {
	char name
	    [24]; /* "plain", "plain again", "passthrough", "splice", "copy", "cached", "mount" */
	char plane[24]; /* what served: "" for plain */
	char dir[PATH_MAX];
	bool daemon;	/* a daemon was found and measured */
	char note[200]; /* why something could not be measured, or "" */
};

struct zc_machine {
	char kernel[256], processor[128], file_system[64], distribution[128], date[40];
	int processors;
	uint64_t memory;
};

struct zc_result {
	char version[32], command[1024];
	struct zc_machine machine;
	bool cold, quick, interrupted;
	uint64_t size;	       /* bytes of the source */
	char source[PATH_MAX]; /* "" for one that was made */
	char sha256[65];
	long copies, compared; /* made, and compared byte by byte and by SHA-256: equal numbers */
	double seconds;	       /* that all took */
	int repeats;
	int ways;
	struct zc_way_result way[ZC_MAX_WAYS];
	int methods;
	struct zc_method_result *method; /* owned; zc_result_fini frees it */
};

void zc_result_fini(struct zc_result *result);

#endif
