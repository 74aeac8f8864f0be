/* SPDX-License-Identifier: MIT */
/*
 * Changes that others make in the backing file systems, told to the kernel as they happen, so that
 * what it remembers may be remembered without a limit. Must not know requests.
 *
 * Names, and attributes that are set, are told by one mark on the whole file system, which costs those
 * who only write next to nothing. To be told of writes as well would cost each write(2) on that file
 * system as much again (include/linux/fsnotify.h: an event is made for each). So writes are told by a
 * mark on the single file, set when the kernel is given its attributes to remember, and taken away by
 * the first write: from then on the file is not watched, its attributes are not to be remembered, and
 * its writers pay nothing, until somebody asks for them again.
 *
 * A reply that was made of something that has changed meanwhile must not be remembered: the kernel
 * drops what it has when it is told, not what is on its way to it. So every request notes
 * zc_watch_now() before it looks at anything, and asks for the time-outs when it replies. What is
 * on its way inside the kernel is the kernel's to sort out, and it does: a name is instantiated and
 * invalidated under its directory's lock, and attributes carry a version (fs/fuse/inode.c,
 * fuse_reverse_inval_inode). Only an inode that it is just being told of it does not know yet:
 * zc_watch_recheck, after the reply.
 */
#ifndef ZCFS_WATCH_H
#define ZCFS_WATCH_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "zcfs/inode.h"
#include "zcfs/timeouts.h"

struct fuse_session;

/* A mount of the backing tree, by the file system that it shows. */
struct zc_watched_mount {
	int32_t fsid[2];
	uint16_t mount; /* as in zc_mounts */
	bool watched;	/* else time-outs apply to what is on it */
};

#define ZC_WATCH_LOCKS 64u

struct zc_watch {
	struct zc_inodes *inodes;
	struct fuse_session *session;
	int fd; /* of fanotify; -1: not watching */
	/* Changes are told. Once false it stays so. */
	_Atomic bool trusted;
	_Atomic bool some_unwatched; /* among the mounts in the list */
	_Atomic bool
	    twice; /* a file system is shown by two of them: what we change by one way is news by the other */
	FILE *mounts;	  /* mountinfo; NULL: cannot be read */
	const char *path; /* of the backing directory */
	_Atomic bool stop;
	bool data_cached;	  /* the kernel keeps data of files: constant while watching */
	_Atomic uint64_t changes; /* by others of what is known here, noticed so far */
	pthread_t thread;
	/* Each for the files whose handle has that hash: a mark comes and goes together with what the slots
	 * say of it. Outermost but for slot locks; file systems are called under it. */
	pthread_mutex_t files[ZC_WATCH_LOCKS];
	pthread_mutex_t lock; /* guards the list; innermost */
	struct zc_watched_mount *list;
	uint16_t count;
};

/*
 * Begins to watch the file system that root_fd, the directory `path`, is on. 0, or why it cannot be done: -EPERM (not root),
 * -ENOSYS (the kernel has no epochs: before Linux 6.16), -EOPNOTSUPP, -EXDEV, -ENODEV (this file
 * system has no handles or no id that fanotify(7) could report), -EMFILE, -ENOMEM. A zeroed struct, or
 * one that could not be started, gives the time-outs that it is asked with.
 */
int zc_watch_start(struct zc_watch *watch, struct zc_inodes *inodes, struct fuse_session *session,
		   int root_fd, const char *path);

/*
 * Nothing is trusted and told any more. Call while requests are still served: a notification may wait
 * for a lock in the kernel that is held until one of them is answered. Waits some seconds at most; where a
 * request hangs the thread is left behind, and the session must not be destroyed (false). Legal again,
 * and for one that was not started.
 */
bool zc_watch_stop(struct zc_watch *watch);

/* A mount below has been found. If it cannot be watched the time-outs apply to what is on it. */
void zc_watch_add_mount(struct zc_watch *watch, uint16_t mount, int fd);

/* Whether changes are told: else time-outs apply. */
static inline bool zc_watch_is_on(const struct zc_watch *watch)
{
	return atomic_load_explicit(&watch->trusted, memory_order_acquire);
}

/* How many changes there have been. */
uint64_t zc_watch_now(const struct zc_watch *watch);

/*
 * Call before the attributes of an inode are read for a reply: from here on its changes are told. True: that
 * was not so before, and what was read earlier may be out of date. `name` in `dirfd`, or, where it is NULL,
 * `dirfd` itself refers to the inode. Where it cannot be watched (out of memory, written to a moment ago)
 * zc_watch_attr_timeout says so.
 */
bool zc_watch_inode(struct zc_watch *watch, uint64_t nodeid, int dirfd, const char *name);

/* The inode is about to be forgotten: nothing is told of it any more. Its slot has left the hash table. */
void zc_watch_forget(struct zc_watch *watch, const struct zc_slot *slot);

/* How long the attributes of `nodeid` may be believed in a reply to a request that was begun at `then`, and how
 * long that `parent` has, or has not, the name that was asked for; `given`: where nothing is watched. */
double zc_watch_attr_timeout(struct zc_watch *watch, double given, uint64_t then, uint64_t nodeid);
double zc_watch_name_timeout(struct zc_watch *watch, double given, uint64_t then, uint64_t parent);

/* After the kernel was told of an inode that it may not have known, by a request begun at `then`: if there
 * was a change, the attributes are asked for again. */
void zc_watch_recheck(struct zc_watch *watch, uint64_t then, uint64_t nodeid);

#endif
