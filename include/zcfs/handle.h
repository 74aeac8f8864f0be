/* SPDX-License-Identifier: MIT */
/* The mounts that the backing tree consists of, and what names an inode in each: a kernel file
 * handle, or, where there is none, device, inode number and birth time. Must not know who asks. */
#ifndef ZCFS_HANDLE_H
#define ZCFS_HANDLE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "zcfs/table.h"

struct zc_mount {
	uint64_t id; /* mount id of the kernel, statx(2) stx_mnt_id */
	/* ST_NOSUID, ST_NODEV and ST_NOEXEC of statvfs(3), where this mount has them and the first
	 * has not. */
	unsigned long flags;
	bool birth_times; /* stay the same for an inode's whole life */
	bool handles;	  /* open_by_handle_at works there, for us */
	/* Anything on that mount, not O_PATH; -1 where `handles` is false, or while it is not used:
	 * an open fd would keep the mount busy (umount: target is busy). */
	int fd;
	_Atomic uint32_t users; /* of `fd` */
	_Atomic uint32_t tick;	/* when it was used last */
	/* Where the root of the mount is found again: a directory on another mount, and a name in
	 * it. `name` NULL: nowhere, so `fd` stays open. */
	struct zc_handle anchor;
	uint16_t anchor_mount;
	char *name;
};

struct zc_mounts {
	/* Guards the list. Entries never go once they are in, and only `fd` changes, under the
	 * write lock; `users` and `tick` change under the read lock. Rank 3. */
	pthread_rwlock_t lock;
	_Atomic uint32_t now; /* in ticks */
	struct zc_mount *list;
	uint16_t count;
	uint32_t forbidden_dev;	    /* our own mount: entering it would make us our own client */
	_Atomic bool some_stricter; /* a mount with `flags` is in the list */
	_Atomic bool some_lack;	    /* a mount without handles is in the list */
	bool use_handles;	    /* false: do as if no file system had handles */
	/* Told of each mount after the first, before anything on it is known. May be NULL. */
	void (*on_learn)(void *arg, uint16_t mount, int fd);
	void *on_learn_arg;
};

/* An empty list; mounts are learnt as inodes on them are identified. */
void zc_mounts_init(struct zc_mounts *mounts, bool use_handles);
void zc_mounts_fini(struct zc_mounts *mounts);

/* Says which device our own mount is (as zc_dev_of). Call once, before requests are served. */
void zc_mounts_forbid(struct zc_mounts *mounts, uint32_t dev);

/* Device of a statx result as 32 bits: major << 20 | minor, as the kernel itself has it. */
uint32_t zc_dev_of(const struct statx *stx);

/* Fills *ret with what names the inode that `fd` refers to and whose attributes are *stx. `parent`
 * and `name` tell where it was found, if that is known (else NULL); they matter for the root of a
 * mount. -ELOOP: it lies on our own mount; -ENOSPC: more than 65,535 mounts. */
int zc_mounts_identify(struct zc_mounts *mounts, int fd, const struct statx *stx,
		       const struct zc_slot *parent, const char *name,
		       struct zc_identification *ret);

/* The clock: lets go of the fds of nested mounts that were not used during the last `ticks` calls,
 * so that they can be unmounted. Only where mount ids are never used again (STATX_MNT_ID_UNIQUE,
 * Linux 6.8): before, the open fd is what keeps an id from naming another mount one day. */
void zc_mounts_expire(struct zc_mounts *mounts, uint32_t ticks);

/* Takes out of *stx what the mount that the inode was reached by forbids although the backing
 * directory's own mount allows it: setuid and setgid bits of files (nosuid), execution (noexec),
 * device numbers (nodev). All of them show through one FUSE mount, whose flags cannot differ from
 * place to place. */
void zc_mounts_restrict(struct zc_mounts *mounts, struct statx *stx);

/* Whether this mount is nosuid although the backing directory's own mount is not. */
bool zc_mounts_forbid_suid(struct zc_mounts *mounts, uint16_t index);

/* Opens an inode by its kernel handle. -ESTALE: gone. The slot must not be ZC_HANDLE_BY_NUMBER. */
int zc_mounts_open(struct zc_mounts *mounts, const struct zc_slot *slot, int flags);

/* Whether any mount seen so far has no handles. */
bool zc_mounts_some_lack_handles(struct zc_mounts *mounts);

/* Whether the first mount seen, that of the backing directory, has handles. */
bool zc_mounts_root_has_handles(const struct zc_mounts *mounts);

#endif
