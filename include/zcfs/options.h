/* SPDX-License-Identifier: MIT */
/* The command line. One table drives parsing, defaults and --help. Must not touch the file
 * system. */
#ifndef ZCFS_OPTIONS_H
#define ZCFS_OPTIONS_H

#include <stdbool.h>

#include <fuse_opt.h>

#include "zcfs/timeouts.h"
#include "zcfs/view.h"

/* -o plane= */
/* How requests come and who serves them. */
enum zc_transport {
	ZC_TRANSPORT_AUTO,  /* by /dev/fuse; workers follow their caller (seats.h) */
	ZC_TRANSPORT_DEV,   /* by /dev/fuse; workers run where the kernel puts them */
	ZC_TRANSPORT_URING, /* by libfuse's FUSE-over-io_uring, one worker on each core */
};

enum zc_plane_wish {
	ZC_WISH_AUTO,
	ZC_WISH_PASSTHROUGH,
	ZC_WISH_SPLICE,
	ZC_WISH_COPY,
	ZC_WISH_CACHED,
};

/* -o coherence=. AUTO: events where they can be had. */
enum zc_coherence { ZC_COHERENCE_AUTO, ZC_COHERENCE_EVENTS, ZC_COHERENCE_TIMEOUT };

/* What the user asked for; constant after zc_options_parse. */
struct zc_options {
	char *backing;	  /* as given */
	char *mountpoint; /* as given */
	bool foreground;
	bool debug;
	bool help;
	bool version;
	bool nonempty;	 /* -o nonempty: do not look at what MOUNTPOINT holds */
	bool no_handles; /* -o nohandles */
	bool fsname_given;
	bool readonly;
	bool auto_unmount;
	enum zc_plane_wish plane;
	struct zc_timeouts timeouts;
	enum zc_coherence coherence;
	enum zc_transport transport;
	char *stats_file; /* absolute; NULL: none */
	unsigned threads; /* at most so many worker threads */
	struct zc_view view;
	/* argv for fuse_session_new(3): what libfuse and mount(2) are told. */
	struct fuse_args session_args;
};

/* Fills *options. 0, or -EINVAL after one line on standard error that says what is wrong. */
int zc_options_parse(struct zc_options *options, int argc, char **argv);
void zc_options_fini(struct zc_options *options);

/* The text of --help and of --version, on standard output. */
void zc_options_print_help(void);
void zc_options_print_version(void);

#endif
