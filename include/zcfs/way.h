/* SPDX-License-Identifier: MIT */
/* Finds an inode without a kernel handle again by noted parents and names. Must not know requests. */
#ifndef ZCFS_WAY_H
#define ZCFS_WAY_H

#include "zcfs/inode.h"

/* Opens (O_PATH) the inode of `nodeid`, which has no handle, and makes sure that it is the same. In a
 * loop, not by recursion: a tree may be deeper than a stack. -ESTALE: it is no longer where it was
 * seen last; -ENOMEM; what open(2) gives. */
int zc_way_open(struct zc_inodes *inodes, uint64_t nodeid);

#endif
