/* SPDX-License-Identifier: MIT */
/* Is this backing directory, this mount point, this system usable? Every "no" is one sentence on
 * standard error and an exit code of its own. Must not mount or change anything. */
#ifndef ZCFS_CHECK_H
#define ZCFS_CHECK_H

#include <stdbool.h>

#include "zcfs/options.h"

/* Exit codes of zcfs; README and --help list them. */
enum zc_exit {
	ZC_EXIT_OK = 0,
	ZC_EXIT_USAGE = 2,
	ZC_EXIT_NO_BACKING = 3,
	ZC_EXIT_BACKING_NOT_DIR = 4,
	ZC_EXIT_BACKING_UNREADABLE = 5,
	ZC_EXIT_BAD_MOUNTPOINT = 6,
	ZC_EXIT_ALREADY_MOUNTED = 7,
	ZC_EXIT_OVERLAP = 8,
	ZC_EXIT_NO_FUSE = 9,
	ZC_EXIT_NOT_PERMITTED = 10,
	ZC_EXIT_MOUNT_FAILED = 11,
	ZC_EXIT_FAILURE = 12,
};

/* What was found out on the way. */
struct zc_findings {
	int backing_fd;		     /* O_PATH, owned by the caller */
	char *backing;		     /* absolute path, to be freed */
	char *mountpoint;	     /* absolute path, to be freed */
	unsigned long backing_flags; /* ST_* flags of statvfs(3) */
	const char *fs_name;	     /* of the backing file system, "ext4", or "this file system" */
	bool remote; /* network and FUSE file systems: they judge permissions and report at close */
	bool stacked; /* overlayfs and the like: passthrough needs stack depth 2 */
};

/* ZC_EXIT_OK and *ret filled, or another code after one line on standard error. */
enum zc_exit zc_check(const struct zc_options *options, struct zc_findings *ret);
void zc_findings_fini(struct zc_findings *findings);

#endif
