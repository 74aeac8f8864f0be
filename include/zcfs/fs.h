/* SPDX-License-Identifier: MIT */
/* The one struct that every room is handed: what was asked for, what was agreed, and what is
 * known. */
#ifndef ZCFS_FS_H
#define ZCFS_FS_H

#include <sys/types.h>

#include "zcfs/backing.h"
#include "zcfs/caps.h"
#include "zcfs/identity.h"
#include "zcfs/inode.h"
#include "zcfs/options.h"
#include "zcfs/seats.h"
#include "zcfs/watch.h"

struct fuse_session;
struct fuse_conn_info;

struct zc_fs {
	/* Constant while requests are served. */
	const struct zc_options *options;
	char *backing_path;    /* absolute, for messages */
	char *mountpoint_path; /* absolute */
	struct zc_caps caps;
	struct zc_identity_rules identity;
	struct fuse_session *session;
	struct fuse_conn_info *conn; /* libfuse's, valid from INIT to the end of the session */
	/* The backing file system is a network or FUSE one: it has opinions of its own. */
	bool remote;

	/* Run-time state, each with locks of its own. */
	_Atomic bool serving;	/* requests may be looked at: all above is there */
	_Atomic bool unmounted; /* by the keeper: there is nothing left to unmount */
	struct zc_inodes inodes;
	struct zc_backing backing;
	struct zc_watch watch;
	struct zc_seats seats;
	bool watch_lost; /* its thread hangs, and still uses the session */
	pid_t guard;	 /* process that aborts the connection if a killed daemon hangs; 0: none */
};

#endif
