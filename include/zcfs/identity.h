/* SPDX-License-Identifier: MIT */
/* Does one system call as the caller of a request: file system uid and gid, supplementary groups
 * and umask of the calling thread, and what capabilities that call may use. Must not know which
 * call. */
#ifndef ZCFS_IDENTITY_H
#define ZCFS_IDENTITY_H

#include <stdbool.h>
#include <sys/types.h>

#include <fuse_lowlevel.h>

#include "zcfs/view.h"

/* What depends on the caller in the call to come.
 *
 * The kernel's FUSE side has checked all permissions before a request is sent (default_permissions
 * is always on), with the caller's real capabilities and namespaces, which the daemon cannot see.
 * So a thread with a user's fsuid takes back the capabilities that overrule permission checks
 * (CAP_DAC_OVERRIDE and friends, which setfsuid(2) took away), but never CAP_FSETID and
 * CAP_SYS_RESOURCE, which would change results: setuid bits that stay, quota that is ignored. */
enum zc_identity_needs {
	/* Owner and group: whatever changes an inode. */
	ZC_AS_CALLER = 0,
	/* Supplementary groups too. Reading them costs an open of /proc/PID/status, so they are
	 * only asked for where the result can depend on them: keeping a setgid bit on a file of a
	 * group, and all of it where the backing file system checks permissions itself (NFS). */
	ZC_AS_GROUP_MEMBER = 1,
	/* Without CAP_FSETID even for root: the kernel asks for setuid bits to be cleared. */
	ZC_AS_KILLING_SETID = 2,
	/* Without any capability given back: the kernel has not checked this call (some ioctls). */
	ZC_AS_UNCHECKED = 4,
	/* Only what FUSE_DEV_IOC_BACKING_OPEN needs; the kernel keeps these credentials for all
	   I/O. */
	ZC_AS_BACKING_OWNER = 8,
	/* Without CAP_FOWNER and CAP_CHOWN: ownership decides this call (chmod, times, owner, ACL,
	 * names in sticky directories). The kernel has looked at the owner that it remembers; the
	 * backing file system looks at the one that the file has now. */
	ZC_AS_MERE_USER = 16,
	/* The umask too: whatever makes an inode (only those requests carry one). */
	ZC_AS_CREATOR = 32,
	/* Without CAP_FOWNER alone: one with CAP_CHOWN gives a file away, but not one whose setuid bit
	 * would have to go. */
	ZC_AS_CHOWNER = 64,
	/* With CAP_FOWNER and nothing else: a call that the kernel has not checked, by one of whom the
	 * daemon knows that he overrules owners. */
	ZC_AS_OWNER = 128,
};

/* Decided once at start. */
struct zc_identity_rules {
	bool switching;	    /* false: an ordinary user's daemon does everything as that user */
	bool always_groups; /* the backing file system checks permissions by groups itself */
	const struct zc_view *view; /* what a caller's ids are in the backing directory */
};

/* The scope between enter and leave, on the stack of one thread. */
struct zc_identity {
	bool user, groups, caps; /* what has to be put back */
	uid_t uid;
	gid_t gid;
};

/* Finds out whether identities can be switched (root with CAP_SETUID and CAP_SETGID). */
void zc_identity_init(struct zc_identity_rules *rules, bool always_groups,
		      const struct zc_view *view);
void zc_identity_fini(void);

/* Takes on the identity of the caller of `req`, as the view has it. `needs` is a set of enum
 * zc_identity_needs. -EPERM, -ENOMEM, -EOVERFLOW (a creator without ids in the backing directory, as on
 * an idmapped mount): nothing has changed. Between enter and leave the thread opens nothing by handle and
 * calls no other room. */
int zc_identity_enter(const struct zc_identity_rules *rules, fuse_req_t req, unsigned needs,
		      struct zc_identity *ret);

/* Becomes the daemon again. Aborts the process if that fails: going on with the wrong identity
 * would serve the next request with the powers of another user. */
void zc_identity_leave(struct zc_identity *identity);

#endif
