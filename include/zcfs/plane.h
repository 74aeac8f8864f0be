/* SPDX-License-Identifier: MIT */
/* Which way the data of an open file takes. Pure: a table of facts to a plane, without system
 * calls. */
#ifndef ZCFS_PLANE_H
#define ZCFS_PLANE_H

#include <stdbool.h>

#include "zcfs/arena.h"

/* What matters about one open of one inode. */
struct zc_open_facts {
	enum zc_plane already; /* the plane of the opens that exist, or ZC_PLANE_NONE */
	bool writes;	       /* opened for writing */
	bool setid;	       /* the file has a setuid or setgid bit */
};

/* The plane for this open. `best` is the mount's best plane. All opens of an inode share one plane:
 * the kernel (fs/fuse/iomode.c, Linux 6.9) answers EIO to a cached open of an inode that is open in
 * passthrough, and the other way round. A file with setuid or setgid bits that is opened for
 * writing goes by splice: in passthrough the kernel writes with credentials fixed at registration,
 * so it could not clear the bits for a user's write and keep them for root's. */
enum zc_plane zc_plane_choose(enum zc_plane best, const struct zc_open_facts *facts);

/* The plane for an inode whose backing file could not be registered. */
enum zc_plane zc_plane_fallback(void);

/* "passthrough", "splice", "copy", "cached" or "none". */
const char *zc_plane_name(enum zc_plane plane);

#endif
