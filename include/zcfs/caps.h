/* SPDX-License-Identifier: MIT */
/* What zcfs wanted from the kernel, what it was offered, and what is in use. */
#ifndef ZCFS_CAPS_H
#define ZCFS_CAPS_H

#include <stdbool.h>

#include "zcfs/arena.h"

struct zc_caps {
	enum zc_plane best;	  /* the plane of this mount: what an ordinary open gets */
	char why[160];		  /* why that one: one clause for people */
	enum zc_plane instead_of; /* the plane that was asked for by name and could not be had */
	bool posix_acl;		  /* the kernel checks POSIX ACLs */
	bool no_opendir;	  /* OPENDIR is answered with ENOSYS and never sent again */
	bool flush;	      /* FLUSH is served: the backing file system reports errors at close */
	bool splice_requests; /* requests are read from the kernel through a pipe */
	const char *unwatched; /* why changes below are not watched; NULL: they are */
	const char *no_ring;   /* why requests do not come by io_uring, though asked for; or NULL */
	bool ring;	       /* they do */
	unsigned stack_depth;  /* 1, or 2 when the backing directory is itself stacked */
};

#endif
