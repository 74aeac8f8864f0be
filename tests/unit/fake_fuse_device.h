/* SPDX-License-Identifier: MIT */
/* /dev/fuse as check.c finds it, played, so that its findings do not depend on the machine.
 * Must not know findings. */
#ifndef ZCFS_FAKE_FUSE_DEVICE_H
#define ZCFS_FAKE_FUSE_DEVICE_H

#include "zcfs/check.h"

/* -errno of opening /dev/fuse; 0: it opens. */
extern int fake_fuse_device;

/* zc_check of two paths, with *ret_said what standard error got. What was found is given back. */
enum zc_exit check_paths(const char *backing, const char *mountpoint, bool nonempty,
			 const char **ret_said);

/* Fails unless `said` is one line "zcfs: OBJECT...(ERRNO)..." and `code` the one expected. */
void assert_refused(enum zc_exit code, enum zc_exit expected, const char *said, const char *object,
		    const char *errno_name);

#endif
