/* SPDX-License-Identifier: MIT */
/* Backing ids: one per inode, registered at its first open in passthrough and kept while the inode
 * is known, up to a bound; the one that has been idle longest goes first. Must not know
 * requests. */
#ifndef ZCFS_BACKING_H
#define ZCFS_BACKING_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "zcfs/inode.h"

struct zc_backing {
	/* Guards all below and of every slot idle_prev and idle_next. Rank 2: inside a slot's
	 * lock. */
	pthread_mutex_t lock;
	struct zc_inodes *inodes;
	int dev_fd;		 /* of the FUSE connection that the ids live in */
	uint32_t capacity;	 /* ids that may exist while some are idle */
	uint32_t count;		 /* ids that exist */
	uint32_t oldest, newest; /* slots with an id that are not open */
};

/* Ids of files that are not open at the moment pin their inode in memory and, once it is deleted
 * behind our back, on disk; so they are bounded. */
#define ZC_BACKING_CAPACITY 16384u

/* Ids of `inodes` in the FUSE connection `dev_fd`; neither is taken over. */
void zc_backing_init(struct zc_backing *backing, struct zc_inodes *inodes, int dev_fd,
		     uint32_t capacity);
void zc_backing_fini(struct zc_backing *backing);

/* All calls named _slot_: the slot's lock is held. */

/* Whether the slot has an id that an open by `owner` may share. While the file is open there is no
 * choice: a second id would be EBUSY in the kernel and EIO for the application. */
bool zc_backing_slot_fits(const struct zc_slot *slot, enum zc_backing_owner owner, bool writes);

/* Registers `fd` (O_PATH will do) for a slot that is not open, with the credentials that the
 * calling thread has now; an id that the slot had is given back. Returns 0, or -errno of the
 * ioctl. */
int zc_backing_slot_register(struct zc_backing *backing, struct zc_slot *slot, int fd,
			     enum zc_backing_owner owner);

/* The slot's file is open now / is not open any more. */
void zc_backing_slot_busy(struct zc_backing *backing, struct zc_slot *slot);
void zc_backing_slot_idle(struct zc_backing *backing, struct zc_slot *slot);

/* Gives the slot's id back, if it has one. The file is not open. */
void zc_backing_slot_release(struct zc_backing *backing, struct zc_slot *slot);

/* Gives back the ids that have been idle longest until the bound holds. No slot lock is held. */
void zc_backing_trim(struct zc_backing *backing);

/* Gives back ids of idle files that have lost their last name or lie on a nested mount, at most
 * `most` of them looked at, longest idle first. No slot lock is held. */
void zc_backing_sweep(struct zc_backing *backing, uint32_t most);

/* Ids that exist now. */
uint32_t zc_backing_count(struct zc_backing *backing);

#endif
