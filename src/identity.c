// SPDX-License-Identifier: MIT
// Enters and leaves the identity of a request's caller, for the calling thread alone.
// Must not know which system call is made meanwhile.
#include "zcfs/identity.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/capability.h>
#include <sys/stat.h>
#include <unistd.h>

#include "zcfs/log.h"
#include "zcfs/sys.h"

/* Prepared once by zc_identity_init, read-only afterwards. cap_set_proc(3) of libcap acts on the
 * calling thread alone as long as libpsx is not linked. */
static cap_t daemon_caps;   /* what the daemon has */
static cap_t checked_caps;  /* for a call that the kernel has checked */
static cap_t nonowner_caps; /* for a call that ownership decides */
static cap_t chowner_caps;  /* the same for one who may give files away */
static cap_t backing_caps;  /* for the registration of a backing file by a user */
static cap_t
    owner_caps;	      /* for a call that the kernel has not checked, by one who overrules owners */
static cap_t no_caps; /* for a call that the kernel has not checked */

/* The thread's umask, once it has one of its own. */
static _Thread_local bool has_own_umask;
static _Thread_local mode_t own_umask;

static cap_t without(cap_t caps, const cap_value_t *values, int count)
{
	cap_t copy = cap_dup(caps);

	if (copy)
		cap_set_flag(copy, CAP_EFFECTIVE, count, values, CAP_CLEAR);
	return copy;
}

static bool may_switch(cap_t caps)
{
	cap_flag_value_t uid = CAP_CLEAR, gid = CAP_CLEAR;

	cap_get_flag(caps, CAP_SETUID, CAP_EFFECTIVE, &uid);
	cap_get_flag(caps, CAP_SETGID, CAP_EFFECTIVE, &gid);
	return geteuid() == 0 && uid == CAP_SET && gid == CAP_SET;
}

static cap_t only(cap_t caps, cap_value_t value)
{
	cap_flag_value_t had = CAP_CLEAR;
	cap_t copy = cap_dup(caps);

	cap_get_flag(caps, value, CAP_EFFECTIVE, &had);
	if (copy) {
		cap_clear_flag(copy, CAP_EFFECTIVE);
		cap_set_flag(copy, CAP_EFFECTIVE, 1, &value, had);
	}
	return copy;
}

static cap_t none(cap_t caps)
{
	cap_t copy = cap_dup(caps);

	if (copy)
		cap_clear_flag(copy, CAP_EFFECTIVE);
	return copy;
}

void zc_identity_init(struct zc_identity_rules *rules, bool always_groups,
		      const struct zc_view *view)
{
	static const cap_value_t result_changing[] = { CAP_FSETID, CAP_SYS_RESOURCE };
	static const cap_value_t owning[] = { CAP_FOWNER, CAP_CHOWN };

	*rules = (struct zc_identity_rules){ .always_groups = always_groups, .view = view };
	daemon_caps = cap_get_proc();
	if (!daemon_caps || !may_switch(daemon_caps))
		return;
	checked_caps = without(daemon_caps, result_changing, 2);
	nonowner_caps = checked_caps ? without(checked_caps, owning, 2) : NULL;
	backing_caps = only(daemon_caps, CAP_SYS_ADMIN);
	chowner_caps = checked_caps ? without(checked_caps, owning, 1) : NULL;
	owner_caps = only(daemon_caps, CAP_FOWNER);
	no_caps = none(daemon_caps);
	if (!checked_caps || !nonowner_caps || !chowner_caps || !backing_caps || !owner_caps ||
	    !no_caps)
		return;
	/* The daemon's own supplementary groups must not count for a caller. No thread runs yet. */
	if (zc_sys_setgroups(0, NULL) != 0)
		return;
	rules->switching = true;
}

void zc_identity_fini(void)
{
	cap_free(daemon_caps);
	cap_free(checked_caps);
	cap_free(nonowner_caps);
	cap_free(chowner_caps);
	cap_free(backing_caps);
	cap_free(owner_caps);
	cap_free(no_caps);
	daemon_caps = checked_caps = nonowner_caps = chowner_caps = NULL;
	backing_caps = owner_caps = no_caps = NULL;
}

/* The caller's umask decides the mode of new inodes, unless a default ACL does: only the backing
 * file system knows, so the thread has to wear that umask. */
static void wear_umask(mode_t mask)
{
	if (!has_own_umask && zc_sys_private_umask() != 0) {
		zc_log_once(ZC_LOG_ERR,
			    "umask: unshare failed (%s): new files may get the wrong "
			    "mode; run zcfs with a kernel that allows unshare(CLONE_FS)",
			    zc_errno_name(errno));
		return;
	}
	if (!has_own_umask || own_umask != mask)
		umask(mask);
	has_own_umask = true;
	own_umask = mask;
}

static int set_groups_of(const struct zc_view *view, fuse_req_t req)
{
	gid_t few[64];
	gid_t *groups = few;
	int count = fuse_req_getgroups(req, 64, few);
	size_t kept = 0;
	int err;

	if (count > 64) {
		groups = calloc((size_t)count, sizeof(*groups));
		if (!groups)
			return -ENOMEM;
		count = fuse_req_getgroups(req, count, groups);
	}
	/* A caller in another pid namespace, or one that has gone, has no groups that we can see. */
	for (int i = 0; i < count; i++)
		kept += zc_view_caller_gid(view, groups[i], &groups[kept]);
	err = zc_sys_setgroups(kept, groups);
	if (groups != few)
		free(groups);
	return err;
}

/* The capabilities for the call; NULL: those that the thread has with its present fsuid, the daemon's. A user
 * may be anybody in the backing directory, root too, and root may be a user there: what counts is who calls. */
static cap_t choose_caps(const struct zc_identity_rules *rules, bool root, unsigned needs)
{
	if (rules->view->squash)
		needs &= ~(unsigned)(ZC_AS_MERE_USER | ZC_AS_CHOWNER);
	if (needs & ZC_AS_CHOWNER)
		return chowner_caps;
	if (root && (needs & (ZC_AS_KILLING_SETID | ZC_AS_BACKING_OWNER)))
		return checked_caps;
	if (root)
		return NULL;
	if (needs & ZC_AS_OWNER)
		return owner_caps;
	if (needs & ZC_AS_UNCHECKED)
		return no_caps;
	if (needs & ZC_AS_BACKING_OWNER)
		return backing_caps;
	return needs & ZC_AS_MERE_USER ? nonowner_caps : checked_caps;
}

/* Groups, ids and capabilities, in this order: setting the fsuid takes capabilities away. */
static int switch_to(const struct zc_identity_rules *rules, fuse_req_t req, unsigned needs,
		     struct zc_identity *identity)
{
	bool root = fuse_req_ctx(req)->uid == 0;
	cap_t caps = choose_caps(rules, root, needs);
	int err = 0;

	if (!root && (rules->always_groups || (needs & ZC_AS_GROUP_MEMBER))) {
		identity->groups = true;
		err = set_groups_of(rules->view, req);
	}
	if (err)
		return err;
	if (identity->uid || identity->gid) {
		identity->user = true;
		zc_sys_setfsgid(identity->gid);
		zc_sys_setfsuid(identity->uid);
	}
	if (!caps && !identity->uid)
		return 0;
	identity->caps = true;
	return cap_set_proc(caps ? caps : daemon_caps) < 0 ? -errno : 0;
}

int zc_identity_enter(const struct zc_identity_rules *rules, fuse_req_t req, unsigned needs,
		      struct zc_identity *ret)
{
	const struct fuse_ctx *ctx = fuse_req_ctx(req);
	bool known;
	int err;

	*ret = (struct zc_identity){ 0 };
	known = zc_view_caller_uid(rules->view, ctx->uid, &ret->uid);
	known &= zc_view_caller_gid(rules->view, ctx->gid, &ret->gid);
	if (!known && (needs & ZC_AS_CREATOR))
		return -EOVERFLOW;
	if (needs & ZC_AS_CREATOR)
		wear_umask(ctx->umask);
	if (!rules->switching)
		return 0;
	err = switch_to(rules, req, needs, ret);
	if (err)
		zc_identity_leave(ret);
	return err;
}

static void die(const char *what)
{
	zc_log(ZC_LOG_ERR,
	       "identity: %s failed (%s): the daemon stops rather than serve others with "
	       "a user's identity; report this",
	       what, zc_errno_name(errno));
	abort();
}

void zc_identity_leave(struct zc_identity *identity)
{
	if (identity->caps && cap_set_proc(daemon_caps) < 0)
		die("restoring capabilities");
	if (identity->user) {
		/* These calls return the id that was in force, which proves that enter worked; that
		 * they work themselves is sure: root's own ids are always allowed. */
		if (zc_sys_setfsuid(0) != identity->uid)
			die("taking on the file system uid");
		if (zc_sys_setfsgid(0) != identity->gid)
			die("taking on the file system gid");
	}
	if (identity->groups && zc_sys_setgroups(0, NULL) != 0)
		die("restoring groups");
	*identity = (struct zc_identity){ 0 };
}
