// SPDX-License-Identifier: MIT
// How owners and modes of the backing directory look on the mount, and back.
// Must not know requests, and makes no system calls: it is tested as a table.
#include "zcfs/view.h"

#include <endian.h>
#include <errno.h>
#include <linux/posix_acl.h>
#include <linux/posix_acl_xattr.h>
#include <stdlib.h>

/* ---- id maps --------------------------------------------------------------------------------- */

/* A number followed by `end`. */
static bool parse_id(const char **text, char end, uint32_t *ret)
{
	char *rest;
	unsigned long id;

	if (**text < '0' || **text > '9')
		return false;
	errno = 0;
	id = strtoul(*text, &rest, 10);
	if (*rest != end || errno || id > UINT32_MAX)
		return false;
	*text = rest + (end != '\0');
	*ret = (uint32_t)id;
	return true;
}

static bool overlap(uint32_t a, uint32_t b, uint32_t a_count, uint32_t b_count)
{
	return a < b ? b - a < a_count : a - b < b_count;
}

int zc_view_add_range(struct zc_id_map *map, const char *text)
{
	struct zc_id_range r;

	if (!parse_id(&text, ':', &r.backing) || !parse_id(&text, ':', &r.mount) ||
	    !parse_id(&text, '\0', &r.count))
		return -EINVAL;
	/* the last id, (uid_t)-1, means "none" */
	if (!r.count || r.count > UINT32_MAX - r.backing || r.count > UINT32_MAX - r.mount)
		return -EINVAL;
	for (unsigned i = 0; i < map->count; i++) {
		const struct zc_id_range *other = &map->ranges[i];

		if (overlap(r.backing, other->backing, r.count, other->count) ||
		    overlap(r.mount, other->mount, r.count, other->count))
			return -EEXIST;
	}
	if (map->count == ZC_ID_RANGES)
		return -ENOSPC;
	map->ranges[map->count++] = r;
	return 0;
}

static bool to_mount(const struct zc_id_map *map, uint32_t *id)
{
	for (unsigned i = 0; i < map->count; i++) {
		const struct zc_id_range *r = &map->ranges[i];

		if (*id >= r->backing && *id - r->backing < r->count) {
			*id = r->mount + (*id - r->backing);
			return true;
		}
	}
	return !map->count;
}

static bool to_backing(const struct zc_id_map *map, uint32_t *id)
{
	for (unsigned i = 0; i < map->count; i++) {
		const struct zc_id_range *r = &map->ranges[i];

		if (*id >= r->mount && *id - r->mount < r->count) {
			*id = r->backing + (*id - r->mount);
			return true;
		}
	}
	return !map->count;
}

/* ---- owners and modes ------------------------------------------------------------------------ */

static mode_t mask_for(const struct zc_view *view, mode_t mode)
{
	return S_ISDIR(mode) ? view->dir_mask : view->file_mask;
}

/* Takes from the owner (shift 6) or the group (shift 3) what others have not. */
static uint16_t as_others(uint16_t mode, int shift)
{
	uint16_t kept = (uint16_t)((mode & 07) << shift);

	return (uint16_t)(mode & ~((07 << shift) & ~kept));
}

bool zc_view_show_ids(const struct zc_view *view, uid_t *uid, gid_t *gid)
{
	uid_t shown_uid = *uid;
	gid_t shown_gid = *gid;

	if (!view->owners)
		return true;
	if (view->squash) {
		*uid = view->squash_uid;
		*gid = view->squash_gid;
		return true;
	}
	if (!to_mount(&view->uids, &shown_uid) || !to_mount(&view->gids, &shown_gid))
		return false;
	*uid = shown_uid;
	*gid = shown_gid;
	return true;
}

static void show_owner(const struct zc_view *view, struct statx *stx)
{
	if (zc_view_show_ids(view, &stx->stx_uid, &stx->stx_gid))
		return;
	if (!to_mount(&view->uids, &stx->stx_uid)) {
		stx->stx_uid = ZC_ID_UNMAPPED;
		stx->stx_mode = as_others(stx->stx_mode, 6);
	}
	if (!to_mount(&view->gids, &stx->stx_gid)) {
		stx->stx_gid = ZC_ID_UNMAPPED;
		stx->stx_mode = as_others(stx->stx_mode, 3);
	}
}

void zc_view_show(const struct zc_view *view, struct statx *stx)
{
	if (view->owners)
		show_owner(view, stx);
	if (!S_ISLNK(stx->stx_mode))
		stx->stx_mode &= (uint16_t)~mask_for(view, stx->stx_mode);
}

static bool caller_id(const struct zc_view *view, const struct zc_id_map *map, uint32_t id,
		      uint32_t squashed, uint32_t *ret)
{
	*ret = view->squash ? squashed : id;
	if (view->squash || to_backing(map, ret))
		return true;
	*ret = ZC_ID_UNMAPPED;
	return false;
}

bool zc_view_caller_uid(const struct zc_view *view, uid_t uid, uid_t *ret)
{
	return caller_id(view, &view->uids, uid, view->squash_uid, ret);
}

bool zc_view_caller_gid(const struct zc_view *view, gid_t gid, gid_t *ret)
{
	return caller_id(view, &view->gids, gid, view->squash_gid, ret);
}

/* Where all belongs to one, it can be given to that one only, which changes nothing. */
static int store_squashed(const struct zc_view *view, uid_t *uid, gid_t *gid)
{
	if ((*uid != (uid_t)-1 && *uid != view->squash_uid) ||
	    (*gid != (gid_t)-1 && *gid != view->squash_gid))
		return -EPERM;
	*uid = (uid_t)-1;
	*gid = (gid_t)-1;
	return 0;
}

int zc_view_store_owner(const struct zc_view *view, uid_t *uid, gid_t *gid)
{
	if (!view->owners)
		return 0;
	if (view->squash)
		return store_squashed(view, uid, gid);
	if (*uid != (uid_t)-1 && !to_backing(&view->uids, uid))
		return -EINVAL;
	if (*gid != (gid_t)-1 && !to_backing(&view->gids, gid))
		return -EINVAL;
	return 0;
}

mode_t zc_view_store_mode(const struct zc_view *view, mode_t mode)
{
	return mode & ~mask_for(view, mode);
}

mode_t zc_view_create_mode(const struct zc_view *view, mode_t mode, uid_t uid)
{
	if (view->squash && uid && uid != view->squash_uid && !S_ISDIR(mode))
		mode &= (mode_t) ~(S_ISUID | S_ISGID);
	return zc_view_store_mode(view, mode);
}

/* ---- ACLs ------------------------------------------------------------------------------------ */

/* Behind the header of the attribute's value; le16toh and friends, for that is how it is kept. */
static struct posix_acl_xattr_entry *entries_of(void *value, size_t size, size_t *ret_count)
{
	const size_t header = sizeof(struct posix_acl_xattr_header);

	*ret_count = size < header ? 0 : (size - header) / sizeof(struct posix_acl_xattr_entry);
	return (struct posix_acl_xattr_entry *)(void *)((char *)value + header);
}

/* What the mode's three digits are in an ACL; with a mask entry it, not the owning group's, is the second. */
static void restrict_entry(struct posix_acl_xattr_entry *e, bool has_mask, mode_t mask)
{
	uint16_t tag = le16toh(e->e_tag);
	mode_t taken = 0;

	if (tag == ACL_USER_OBJ)
		taken = mask >> 6;
	else if (tag == ACL_MASK || (tag == ACL_GROUP_OBJ && !has_mask))
		taken = mask >> 3;
	else if (tag == ACL_OTHER)
		taken = mask;
	e->e_perm &= htole16((uint16_t) ~(taken & 07));
}

static uint16_t perm_of(const struct posix_acl_xattr_entry *entries, size_t count, uint16_t tag)
{
	for (size_t i = 0; i < count; i++) {
		if (le16toh(entries[i].e_tag) == tag)
			return le16toh(entries[i].e_perm);
	}
	return 0;
}

static bool has_tag(const struct posix_acl_xattr_entry *entries, size_t count, uint16_t tag)
{
	for (size_t i = 0; i < count; i++) {
		if (le16toh(entries[i].e_tag) == tag)
			return true;
	}
	return false;
}

static const struct zc_id_map *map_for(const struct zc_view *view, uint16_t tag)
{
	return tag == ACL_USER ? &view->uids : tag == ACL_GROUP ? &view->gids : NULL;
}

void zc_view_show_acl(const struct zc_view *view, const struct statx *stx, void *value, size_t size)
{
	size_t count;
	struct posix_acl_xattr_entry *entries = entries_of(value, size, &count);
	bool has_mask = has_tag(entries, count, ACL_MASK);
	uint16_t others = perm_of(entries, count, ACL_OTHER);
	uid_t uid = stx->stx_uid;
	gid_t gid = stx->stx_gid;

	for (size_t i = 0; i < count; i++) {
		struct posix_acl_xattr_entry *e = &entries[i];
		uint16_t tag = le16toh(e->e_tag);
		const struct zc_id_map *map = map_for(view, tag);
		uint32_t id = le32toh(e->e_id);

		restrict_entry(e, has_mask, mask_for(view, stx->stx_mode));
		if ((tag == ACL_USER_OBJ && !to_mount(&view->uids, &uid)) ||
		    (tag == ACL_GROUP_OBJ && !to_mount(&view->gids, &gid)))
			e->e_perm &= htole16(others);
		if (map && !to_mount(map, &id)) {
			id = ZC_ID_UNMAPPED;
			e->e_perm = 0;
		}
		if (map)
			e->e_id = htole32(id);
	}
}

int zc_view_store_acl(const struct zc_view *view, mode_t mode, void *value, size_t size)
{
	size_t count;
	struct posix_acl_xattr_entry *entries = entries_of(value, size, &count);
	bool has_mask = has_tag(entries, count, ACL_MASK);

	for (size_t i = 0; i < count; i++) {
		struct posix_acl_xattr_entry *e = &entries[i];
		const struct zc_id_map *map = map_for(view, le16toh(e->e_tag));
		uint32_t id = le32toh(e->e_id);

		restrict_entry(e, has_mask, mask_for(view, mode));
		if (map && !to_backing(map, &id))
			return -EINVAL;
		if (map)
			e->e_id = htole32(id);
	}
	return 0;
}
