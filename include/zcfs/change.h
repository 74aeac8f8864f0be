/* SPDX-License-Identifier: MIT */
/* A change of a file system as fanotify(7) reports it: bytes to struct zc_change. Pure. Must not
 * know who asks, nor what follows from a change. */
#ifndef ZCFS_CHANGE_H
#define ZCFS_CHANGE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "zcfs/sys.h"

/* What of it concerns a mirror. */
enum zc_change_kind {
	ZC_CHANGE_NAME = 1,	  /* `name` in `dir` came, went, or means another inode */
	ZC_CHANGE_ATTRIBUTES = 2, /* of `inode`, or of `dir` where no inode is told */
	ZC_CHANGE_CONTENT = 4,	  /* of `inode`: attributes too */
	ZC_CHANGE_WRITE = 8,	  /* goes with CONTENT: by a write, not at a close */
	ZC_CHANGE_LOST = 16,	  /* the queue ran over: anything may have changed */
};

struct zc_change {
	unsigned kinds;
	pid_t pid;	 /* thread group that made it */
	int32_t fsid[2]; /* of the file system, as statfs(2) tells */
	bool has_dir, has_inode, has_name;
	struct zc_handle dir, inode;
	char name[NAME_MAX + 1];
};

/*
 * The next event of what read(2) gave, from *at on; moves *at behind it. 1: *ret is filled (kinds 0:
 * nothing that concerns us); 0: there is no more; -EBADMSG: not what the kernel writes (a length that
 * does not fit, another version), and nothing behind it can be read. Numbers of the format:
 * include/uapi/linux/fanotify.h.
 */
int zc_change_decode(const void *events, size_t size, size_t *at, struct zc_change *ret);

#endif
