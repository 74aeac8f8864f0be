/* SPDX-License-Identifier: MIT */
/* A bounded cache of open fds of inodes, least recently used first out. Holds only what can be had
 * again: dropping an entry costs time, never correctness (pinned entries excepted, which stay).
 * Must not know how an fd is opened. */
#ifndef ZCFS_FDCACHE_H
#define ZCFS_FDCACHE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* What an fd was opened for; used as bits of a mask too. */
enum zc_fd_kind {
	ZC_FD_PATH = 1,	   /* O_PATH */
	ZC_FD_READ = 2,	   /* O_RDONLY, regular file */
	ZC_FD_WRITE = 4,   /* O_WRONLY */
	ZC_FD_RDWR = 8,	   /* O_RDWR */
	ZC_FD_APPEND = 16, /* O_WRONLY | O_APPEND */
	ZC_FD_DIR = 32,	   /* O_RDONLY | O_DIRECTORY, with a position: one user at a time */
	ZC_FD_OWN = 64,	   /* of other flags (O_DIRECT): of use to its owner only */
};

#define ZC_FD_CAN_READ	(ZC_FD_READ | ZC_FD_RDWR)
#define ZC_FD_CAN_WRITE (ZC_FD_WRITE | ZC_FD_RDWR)
#define ZC_FD_DATA	(ZC_FD_CAN_READ | ZC_FD_CAN_WRITE | ZC_FD_APPEND)
#define ZC_FD_ANY	(ZC_FD_PATH | ZC_FD_DATA)

/* How much an entry resists eviction. */
enum zc_fd_grip {
	ZC_GRIP_LOOSE,	/* an fd that is had again by the inode's handle */
	ZC_GRIP_OPEN,	/* of an open file: goes only when nothing loose is left */
	ZC_GRIP_PINNED, /* the inode has lost its last name: goes when the inode is forgotten */
};

/* A borrowed fd. `entry` is the cache's, or UINT32_MAX for an fd that the cache had no room for. */
struct zc_fd {
	int fd;
	uint32_t entry;
};
#define ZC_FD_NONE zc_fd_of(-1)

/* For an fd that the cache is not to keep: zc_fdcache_put closes it. */
static inline struct zc_fd zc_fd_of(int fd)
{
	return (struct zc_fd){ .fd = fd, .entry = UINT32_MAX };
}

struct zc_fd_entry;

struct zc_fdcache {
	/* Guards everything here. Rank: innermost. No fd is opened or closed under it. */
	pthread_mutex_t lock;
	struct zc_fd_entry *entries;
	uint32_t *buckets;
	uint32_t mask;
	uint32_t capacity;
	uint32_t most;
	uint32_t used;
	uint32_t free;		       /* entries that were used and are free again */
	uint32_t high_water;	       /* entries from here on were never used */
	uint32_t oldest[2], newest[2]; /* idle entries, by grip (pinned ones are in no list) */
	uint32_t tick;
};

/* -ENOMEM. The cache keeps `capacity` fds, at least 1, and more than that, up to `most`, only while
 * so many are borrowed or pinned that there is nothing else to let go. */
int zc_fdcache_init(struct zc_fdcache *cache, uint32_t capacity, uint32_t most);
/* Keeps at most `capacity` fds from here on, if that is less. Before the cache is used. */
void zc_fdcache_keep(struct zc_fdcache *cache, uint32_t capacity);
/* Closes all; none may be borrowed. */
void zc_fdcache_fini(struct zc_fdcache *cache);

/* Borrows an fd of this inode of one of these kinds (not ZC_FD_DIR). False if there is none. */
bool zc_fdcache_get(struct zc_fdcache *cache, uint64_t nodeid, unsigned kinds, struct zc_fd *ret);

/* Hands `fd` over to the cache, which closes it in time, and borrows it at once. */
void zc_fdcache_add(struct zc_fdcache *cache, uint64_t nodeid, enum zc_fd_kind kind, int fd,
		    enum zc_fd_grip grip, struct zc_fd *ret);

/* Ends a loan. Legal for ZC_FD_NONE; sets it to ZC_FD_NONE. */
void zc_fdcache_put(struct zc_fdcache *cache, struct zc_fd *fd);

/* Takes a directory fd out of the cache, preferably one that stands at `position`: the fd is the
 * caller's until zc_fdcache_give_dir. -1 if there is none. */
int zc_fdcache_take_dir(struct zc_fdcache *cache, uint64_t nodeid, int64_t position,
			int64_t *ret_position);
void zc_fdcache_give_dir(struct zc_fdcache *cache, uint64_t nodeid, int fd, int64_t position,
			 enum zc_fd_grip grip);

/* Gives the entries of these kinds of this inode another grip. */
void zc_fdcache_regrip(struct zc_fdcache *cache, uint64_t nodeid, unsigned kinds,
		       enum zc_fd_grip grip);

/* Forgets the entries of these kinds of this inode; borrowed ones close when they are given
 * back. */
void zc_fdcache_drop(struct zc_fdcache *cache, uint64_t nodeid, unsigned kinds);

/* Makes a borrowed fd that of one open of the inode (a number other than 0); others may borrow it all
 * the same. zc_fdcache_get_own: borrows the fd of that open, if the cache still has it. */
void zc_fdcache_own(struct zc_fdcache *cache, const struct zc_fd *fd, uint64_t owner);
bool zc_fdcache_get_own(struct zc_fdcache *cache, uint64_t nodeid, uint64_t owner,
			struct zc_fd *ret);

/* Takes the entries of these kinds of this inode (of this owner alone, unless it is 0) out that are not
 * pinned, in one step; borrowed ones close when they are given back. The list is for zc_fdcache_close, which closes the other fds: not to
 * be called under a lock. */
uint32_t zc_fdcache_detach(struct zc_fdcache *cache, uint64_t nodeid, unsigned kinds,
			   uint64_t owner);
void zc_fdcache_close(struct zc_fdcache *cache, uint32_t list);

/* The clock: closes loose entries that nobody borrowed during the last `ticks` calls. */
void zc_fdcache_expire(struct zc_fdcache *cache, uint32_t ticks);

/* Fds that the cache holds now. */
uint32_t zc_fdcache_used(struct zc_fdcache *cache);

#endif
