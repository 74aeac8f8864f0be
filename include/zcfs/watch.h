/* SPDX-License-Identifier: MIT */
/*
 * Changes that others make in the backing file systems, told to the kernel as they happen, so that
 * what it remembers may be remembered without a limit. Must not know requests.
 *
 * A reply that was made of something that has changed meanwhile must not be remembered: the kernel
 * drops what it has when it is told, not what is on its way to it. So every request notes
 * zc_watch_now() before it looks at anything, and asks zc_watch_timeouts() when it replies. What is
 * on its way inside the kernel is the kernel's to sort out, and it does: a name is instantiated and
 * invalidated under its directory's lock, and attributes carry a version (fs/fuse/inode.c,
 * fuse_reverse_inval_inode).
 */
#ifndef ZCFS_WATCH_H
#define ZCFS_WATCH_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "zcfs/inode.h"
#include "zcfs/timeouts.h"

struct fuse_session;

/* A mount of the backing tree, by the file system that it shows. */
struct zc_watched_mount {
	int32_t fsid[2];
	uint16_t mount; /* as in zc_mounts */
};

struct zc_watch {
	struct zc_inodes *inodes;
	struct fuse_session *session;
	int fd; /* of fanotify; -1: not watching */
	/* Every mount that inodes are known of is watched. Once false it stays so. */
	_Atomic bool trusted;
	_Atomic bool stop;
	_Atomic uint64_t changes; /* by others, noticed so far */
	pthread_t thread;
	pthread_mutex_t lock; /* guards the list; innermost */
	struct zc_watched_mount *list;
	uint16_t count;
};

/*
 * Begins to watch the file system that root_fd is on. 0, or why it cannot be done: -EPERM (not root),
 * -ENOSYS (the kernel has no epochs: before Linux 6.16), -EOPNOTSUPP, -EXDEV, -ENODEV (this file
 * system has no handles or no id that fanotify(7) could report), -EMFILE, -ENOMEM. A zeroed struct, or
 * one that could not be started, gives the time-outs that it is asked with.
 */
int zc_watch_start(struct zc_watch *watch, struct zc_inodes *inodes, struct fuse_session *session,
		   int root_fd);

/*
 * Nothing is trusted and told any more. Call while requests are still served: a notification may wait
 * for a lock in the kernel that is held until one of them is answered. Waits some seconds at most; where a
 * request hangs the thread is left behind, and the session must not be destroyed (false). Legal again,
 * and for one that was not started.
 */
bool zc_watch_stop(struct zc_watch *watch);

/* A mount below has been found. If it cannot be watched nothing is trusted from here on. */
void zc_watch_add_mount(struct zc_watch *watch, uint16_t mount, int fd);

/* How many changes there have been. */
uint64_t zc_watch_now(const struct zc_watch *watch);

/* How long a reply may be believed that was begun at `then`; `given`: where nothing is watched. */
struct zc_timeouts zc_watch_timeouts(const struct zc_watch *watch, const struct zc_timeouts *given,
				     uint64_t then);

#endif
