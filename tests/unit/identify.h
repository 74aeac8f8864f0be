/* SPDX-License-Identifier: MIT */
/* Asks the mounts room what names an inode, by path.
 * Must not know the table of inodes. */
#ifndef ZCFS_IDENTIFY_H
#define ZCFS_IDENTIFY_H

#include <stdbool.h>
#include <sys/stat.h>

#include "zcfs/handle.h"

/* What names the inode at `path`, with its attributes, and what zc_mounts_identify returned. */
struct identified {
	struct zc_identification id;
	struct statx stx;
	int err;
};
struct identified identify(struct zc_mounts *mounts, const char *path);

/* Whether the two are one inode to the table. */
bool identified_same(const struct identified *a, const struct identified *b);

/* Whether the kernel opens the file at `path` by its handle for this process: asked without zcfs. */
bool handle_can_be_opened(const char *path);

#endif
