/* SPDX-License-Identifier: MIT */
/* The two ioctls of a FUSE connection, played: linked in place of src/sys/fuse_dev.c.
 * Must not know who registers what, nor keep more state than the kernel would. */
#ifndef ZCFS_FAKE_CONNECTION_H
#define ZCFS_FAKE_CONNECTION_H

#include "zcfs/backing.h"

#define FAKE_DEV_FD 12345 /* what the fake expects as the connection */

struct fake_connection {
	int refuse;   /* -errno for the next registrations; 0: they succeed */
	unsigned ids; /* that exist */
	int last_id;
	int last_closed;
};
extern struct fake_connection fake_connection;

/* The slot as the kernel opens and closes a file of it: what ops/open.c does around the room. */
void fake_open(struct zc_backing *backing, struct zc_slot *slot);
void fake_close(struct zc_backing *backing, struct zc_slot *slot);

/* An inode room with made-up inodes 1 to `count` in its table; slots are the numbers. */
void fake_inodes(struct zc_inodes *inodes, uint32_t count);

#endif
