/* SPDX-License-Identifier: MIT */
/* Inodes as the handlers see them: from a fresh fd to a nodeid, from a nodeid to an fd, and back to
 * nothing. Must not know requests, replies or planes. */
#ifndef ZCFS_INODE_H
#define ZCFS_INODE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "zcfs/fdcache.h"
#include "zcfs/handle.h"
#include "zcfs/names.h"
#include "zcfs/table.h"

#define ZC_INODE_LOCKS 64u

struct zc_inodes {
	struct zc_table table;
	struct zc_fdcache fds;
	struct zc_mounts mounts;
	struct zc_names names;
	/* Slot locks, shared by slots of equal number modulo ZC_INODE_LOCKS. Each guards opens,
	 * plane, backing_id and backing_owner of its slots. Rank 1: the only calls made under one
	 * are those that register a backing file and give it back, which touch no file system. */
	pthread_mutex_t locks[ZC_INODE_LOCKS];
	uint32_t root_dev; /* device of the backing directory, as zc_dev_of */
	/* How directory fds are kept between two requests: ZC_GRIP_OPEN where OPENDIR is
	 * counted. */
	enum zc_fd_grip dir_grip;
	/* Files are opened and closed without our hearing of it: any may be open. So no fd that can write
	 * is kept, and each file that loses its last name here is pinned until it is forgotten. Constant
	 * once requests are served. */
	bool opens_unknown;
	/* Called with the nodeid of an inode that nobody knows any more, before its slot is freed,
	 * so that layers above can give back what they attached. */
	void (*on_bury)(void *arg, uint64_t nodeid, struct zc_slot *slot);
	void *on_bury_arg;
};

/* Takes over `root_fd` (O_PATH, a directory), which becomes nodeid 1. `fd_capacity` and
 * `fds_at_most` bound the fd cache (fdcache.h). `use_handles` false: as if no file system had file
 * handles. -ENOMEM and what statx gives. */
int zc_inodes_init(struct zc_inodes *inodes, int root_fd, uint32_t fd_capacity,
		   uint32_t fds_at_most, bool use_handles);
void zc_inodes_fini(struct zc_inodes *inodes);

/* The lock that guards opens, plane and backing id of this inode's slot. */
static inline pthread_mutex_t *zc_inode_lock(struct zc_inodes *inodes, uint64_t nodeid)
{
	return &inodes->locks[(uint32_t)nodeid % ZC_INODE_LOCKS];
}

/* Makes what `fd` refers to known, with one lookup more, and borrows the fd as *ret_fd (which the
 * caller puts; the cache owns it from here on, also when this fails). *ret_stx are its attributes.
 * `parent` and `name` tell where it was found; name NULL: nowhere (O_TMPFILE).
 * -ELOOP: it lies on our own mount; -ENOMEM. */
int zc_inode_adopt(struct zc_inodes *inodes, int fd, enum zc_fd_kind kind, uint64_t parent,
		   const char *name, uint64_t *ret_nodeid, struct statx *ret_stx,
		   struct zc_fd *ret_fd);

/* The nodeid of what `fd` refers to, if it is known, else 0; *ret_stx and *ret_id are filled if it is. */
uint64_t zc_inode_find(struct zc_inodes *inodes, int fd, struct statx *ret_stx,
		       struct zc_identification *ret_id);

/* Borrows an fd of one of `kinds` (a mask): from the cache, or opened as `kind_if_opened`.
 * -ESTALE: the inode is gone or was never known; -EMFILE; what open(2) gives. */
int zc_inode_fd(struct zc_inodes *inodes, uint64_t nodeid, unsigned kinds,
		enum zc_fd_kind kind_if_opened, struct zc_fd *ret);

/* Opens the inode with these flags of open(2); the fd is the caller's, not the cache's. */
int zc_inode_open(struct zc_inodes *inodes, uint64_t nodeid, int flags);

/* Borrows an fd that is good for fstat, *at calls, fchown and the like. */
int zc_inode_path_fd(struct zc_inodes *inodes, uint64_t nodeid, struct zc_fd *ret);

/* Ends a loan of any of these. Legal for ZC_FD_NONE. */
void zc_inode_put_fd(struct zc_inodes *inodes, struct zc_fd *fd);

/* A directory fd for getdents, standing at `position`; the caller's until zc_inode_give_dir. */
int zc_inode_take_dir(struct zc_inodes *inodes, uint64_t nodeid, int64_t position);
void zc_inode_give_dir(struct zc_inodes *inodes, uint64_t nodeid, int fd, int64_t position);

/* The kernel forgets `count` lookups. */
void zc_inode_forget(struct zc_inodes *inodes, uint64_t nodeid, uint64_t count);

/* The nodeid of what `name` in the directory `dirfd` is, if that inode is known and has no handle,
 * so that zc_inode_moved has to be told; else 0. Costs nothing where all mounts have handles. */
uint64_t zc_inode_known(struct zc_inodes *inodes, int dirfd, const char *name);

/* Before `name` in the directory `dirfd` loses its inode: if the inode is known, keeps it reachable
 * for those who have it open, and gives its nodeid; else 0. -ENFILE, -EMFILE, -ENOMEM: it is open
 * and would be lost, so the name has to stay. */
int zc_inode_before_unlink(struct zc_inodes *inodes, int dirfd, const char *name,
			   uint64_t *ret_nodeid);

/* After that name turned out to stay: the inode needs no special keeping. Legal for nodeid 0. */
void zc_inode_unlink_failed(struct zc_inodes *inodes, uint64_t nodeid, uint64_t parent,
			    const char *name);

/* After a known inode got another name (only matters where there are no handles). */
void zc_inode_moved(struct zc_inodes *inodes, uint64_t nodeid, uint64_t parent, const char *name);

/* The inode number that the mount shows: the backing file system's own on the backing directory's
 * device; made unique over all devices on those below nested mount points. */
uint64_t zc_inode_number(const struct zc_inodes *inodes, uint32_t dev, uint64_t ino);

#endif
