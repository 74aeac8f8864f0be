/* SPDX-License-Identifier: MIT */
/* What OPEN and CREATE have in common. Must not be included outside this room. */
#ifndef ZCFS_OPS_OPEN_H
#define ZCFS_OPS_OPEN_H

#include <fcntl.h>

#include "zcfs/ops.h"

/* Flags of open(2) that the backing file has to be opened with to fail where it should fail. */
#define ZC_OPEN_CHECKED_FLAGS                                                                      \
	(O_ACCMODE | O_TRUNC | O_APPEND | O_DIRECT | O_SYNC | O_DSYNC | O_LARGEFILE)

/* The kind under which an fd opened with these flags is kept. */
enum zc_fd_kind zc_open_kind(int flags);

/* `fd` refers to the file, or is -1 for an open that needed none; `mode` is its mode, or 0. */
int zc_open_take_plane(struct zc_request *r, uint64_t nodeid, int fd, mode_t mode,
		       struct fuse_file_info *fi);

/* The last close lets go of the fds kept for the file: a writable one would make it busy for those
 * who want to execute it, and one that only reads keeps the blocks of a deleted file. A READ or WRITE
 * may still have one borrowed, which has been answered. In one step with the count, for the next open
 * keeps its own. */
void zc_open_let_go(struct zc_fs *fs, uint64_t nodeid, uint64_t owner, bool counted);

/* The handle of an open is a number, by which fsync finds the fd that was opened for it: errors of writing
 * back are told once to each fd. Handles of an earlier process are just not found. */
uint64_t zc_open_next_owner(void);

#endif
