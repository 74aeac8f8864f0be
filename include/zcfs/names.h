/* SPDX-License-Identifier: MIT */
/* Where an inode without a kernel handle was last seen: parent and name. That is how its fd is had
 * again after the fd cache has dropped it. Must not know fds. */
#ifndef ZCFS_NAMES_H
#define ZCFS_NAMES_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

struct zc_name; /* parent nodeid and name of one slot */

struct zc_names {
	/* Guards everything here. Rank: innermost. */
	pthread_mutex_t lock;
	struct zc_name *list; /* by slot number */
	uint32_t capacity;
};

/* An empty list; it grows as names are noted. */
void zc_names_init(struct zc_names *names);
void zc_names_fini(struct zc_names *names);

/* Notes parent and name of a nodeid. *ret_old_parent is the parent noted before (to be unpinned by
 * the caller, who has pinned `parent`), or 0. -ENOMEM. */
int zc_names_set(struct zc_names *names, uint64_t nodeid, uint64_t parent, const char *name,
		 uint64_t *ret_old_parent);

/* Copies the name (at most 255 bytes and a zero). -ESTALE if none is noted. */
int zc_names_get(struct zc_names *names, uint64_t nodeid, uint64_t *ret_parent, char ret_name[256]);

/* Forgets what is noted; the parent (to be unpinned by the caller), or 0. */
uint64_t zc_names_clear(struct zc_names *names, uint64_t nodeid);

#endif
