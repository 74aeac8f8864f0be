/* SPDX-License-Identifier: MIT */
/* How long the kernel may believe a name, its absence, or attributes without asking again. Pure. */
#ifndef ZCFS_TIMEOUTS_H
#define ZCFS_TIMEOUTS_H

/* All in seconds, 0 or more. A change made directly in the backing directory is seen through the
 * mount at the latest after these times; a change made through the mount is seen at once. */
struct zc_timeouts {
	double entry;	 /* a name that exists */
	double attr;	 /* attributes */
	double negative; /* a name that does not exist */
};

#define ZC_TIMEOUT_DEFAULT 1.0

#endif
