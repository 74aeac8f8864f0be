/* SPDX-License-Identifier: MIT */
/* How owners and modes of the backing directory look on the mount, and back: id maps, squash, masks.
 * Pure. Must not know requests. */
#ifndef ZCFS_VIEW_H
#define ZCFS_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

/* What an id that has no counterpart is shown as (/proc/sys/kernel/overflowuid's default). Nobody gets
 * rights by it: on such a file owner or group have no more than all others. */
#define ZC_ID_UNMAPPED 65534u

#define ZC_ID_RANGES 32

/* `count` ids from `backing` on are `mount` and so on on the mount. */
struct zc_id_range {
	uint32_t backing, mount, count;
};

/* No range: every id is itself. Else ids outside of all ranges have no counterpart. */
struct zc_id_map {
	struct zc_id_range ranges[ZC_ID_RANGES];
	unsigned count;
};

/* Constant after the options were parsed. */
struct zc_view {
	struct zc_id_map uids, gids;
	bool squash; /* everything shows, and is made, as of these two; the maps are empty */
	uid_t squash_uid;
	gid_t squash_gid;
	mode_t file_mask, dir_mask; /* permission bits that are neither shown nor set */
	bool owners;		    /* owners are not simply passed on */
	bool acls;		    /* ACLs have to be turned from one side to the other */
};

/* Adds "BACKING:MOUNT:COUNT" to a map. -EINVAL: not such a text, or it runs past the last id;
 * -EEXIST: it overlaps an earlier range on one of the sides; -ENOSPC: too many. */
int zc_view_add_range(struct zc_id_map *map, const char *text);

/* Turns owner, group and mode of the backing directory into what the mount shows. */
void zc_view_show(const struct zc_view *view, struct statx *stx);

/* Turns the ids of a file's owner and group alone. False: one of them has no counterpart. */
bool zc_view_show_ids(const struct zc_view *view, uid_t *uid, gid_t *gid);

/* The ids in the backing directory of a caller, and of files that he makes. False: he has none; *ret is
 * ZC_ID_UNMAPPED then. */
bool zc_view_caller_uid(const struct zc_view *view, uid_t uid, uid_t *ret);
bool zc_view_caller_gid(const struct zc_view *view, gid_t gid, gid_t *ret);

/* The ids to store for a chown(2); (uid_t)-1 stays. -EINVAL: no counterpart; -EPERM: squashed. */
int zc_view_store_owner(const struct zc_view *view, uid_t *uid, gid_t *gid);

/* The mode to store; `mode` with its S_IFMT bits. zc_view_create_mode: of a new inode, made by `uid`: what
 * belongs to somebody else from the first moment on must not act with that one's rights. */
mode_t zc_view_store_mode(const struct zc_view *view, mode_t mode);
mode_t zc_view_create_mode(const struct zc_view *view, mode_t mode, uid_t uid);

/* Turns the value of a system.posix_acl_* attribute from one side to the other, in place. *stx are the
 * attributes in the backing directory. -EINVAL: an id has no counterpart. */
void zc_view_show_acl(const struct zc_view *view, const struct statx *stx, void *value,
		      size_t size);
int zc_view_store_acl(const struct zc_view *view, mode_t mode, void *value, size_t size);

#endif
