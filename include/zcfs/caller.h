/* SPDX-License-Identifier: MIT */
/* What /proc tells of the process that made a request: capabilities and user namespace. Reading it
 * costs several system calls, so only what cannot be known otherwise is asked. Must not know which
 * call it is for. */
#ifndef ZCFS_CALLER_H
#define ZCFS_CALLER_H

#include <stdbool.h>

#include <fuse_lowlevel.h>
#include <sys/capability.h>

#include "zcfs/view.h"

/* Whether the caller, who does not own what `name` in the directory `dirfd` is ("" for what the fd
 * itself refers to), may treat it as its owner does: it holds this capability (CAP_FOWNER or
 * CAP_CHOWN), and owner and group exist in its user namespace (capable_wrt_inode_uidgid in
 * kernel/capability.c). False for a caller in a pid namespace that the daemon does not see into. */
bool zc_caller_overrules_owner(const struct zc_view *view, fuse_req_t req, cap_value_t capability,
			       int dirfd, const char *name);

#endif
