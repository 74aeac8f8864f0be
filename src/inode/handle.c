// SPDX-License-Identifier: MIT
// Names inodes by kernel file handle, per mount; falls back to device, number and birth time.
// The numbers that name an inode are told in arena.h. Must not know who asks.
#include "zcfs/handle.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/magic.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "zcfs/sys.h"

void zc_mounts_init(struct zc_mounts *mounts, bool use_handles)
{
	*mounts = (struct zc_mounts){ .use_handles = use_handles };
	pthread_rwlock_init(&mounts->lock, NULL);
}

void zc_mounts_fini(struct zc_mounts *mounts)
{
	for (uint16_t i = 0; i < mounts->count; i++) {
		if (mounts->list[i].fd >= 0)
			close(mounts->list[i].fd);
		free(mounts->list[i].name);
	}
	free(mounts->list);
	mounts->list = NULL;
	mounts->count = 0;
	pthread_rwlock_destroy(&mounts->lock);
}

void zc_mounts_forbid(struct zc_mounts *mounts, uint32_t dev)
{
	mounts->forbidden_dev = dev;
}

uint32_t zc_dev_of(const struct statx *stx)
{
	return stx->stx_dev_major << 20 | (stx->stx_dev_minor & 0xfffff);
}

/* What never changes in an entry. */
struct facts {
	unsigned long flags;
	bool birth_times, handles;
};

static struct facts facts_of(const struct zc_mount *mount)
{
	return (struct facts){
		.flags = mount->flags,
		.birth_times = mount->birth_times,
		.handles = mount->handles,
	};
}

/* The entry with this id. -ENOENT. */
static int find_mount(struct zc_mounts *mounts, uint64_t id, uint16_t *ret_index, struct facts *ret)
{
	int err = -ENOENT;

	pthread_rwlock_rdlock(&mounts->lock);
	for (uint16_t i = 0; i < mounts->count; i++) {
		if (mounts->list[i].id != id)
			continue;
		*ret_index = i;
		*ret = facts_of(&mounts->list[i]);
		err = 0;
		break;
	}
	pthread_rwlock_unlock(&mounts->lock);
	return err;
}

/* overlayfs gives the birth time of the file below, which changes when a file is copied up. */
static bool has_stable_birth_times(int fd, const struct statx *stx)
{
	struct statfs fs;

	return (stx->stx_mask & STATX_BTIME) && fstatfs(fd, &fs) == 0 &&
	       fs.f_type != OVERLAYFS_SUPER_MAGIC;
}

/* Handles are worth having only if they can be opened again: tried with the very first one. */
static struct zc_mount examine_mount(struct zc_mounts *mounts, int fd, const struct statx *stx)
{
	struct zc_mount mount = { .id = stx->stx_mnt_id, .fd = -1 };
	struct zc_handle handle;
	struct statvfs vfs;
	int mount_id;
	int again;

	if (fstatvfs(fd, &vfs) == 0)
		mount.flags = vfs.f_flag & (ST_NOSUID | ST_NODEV | ST_NOEXEC);
	mount.birth_times = has_stable_birth_times(fd, stx);
	if (!mounts->use_handles || zc_sys_handle_of(fd, &handle, &mount_id) != 0)
		return mount;
	if (S_ISDIR(stx->stx_mode))
		mount.fd = zc_sys_openat(fd, ".", O_RDONLY | O_DIRECTORY, 0);
	else if (S_ISREG(stx->stx_mode))
		mount.fd = zc_sys_reopen(fd, O_RDONLY | O_NONBLOCK);
	if (mount.fd < 0)
		return mount;
	again = zc_sys_open_handle(mount.fd, &handle, O_PATH);
	if (again < 0) {
		close(mount.fd);
		mount.fd = -1;
		return mount;
	}
	close(again);
	mount.handles = true;
	return mount;
}

/* Notes where the root of the mount can be found again, if it can. Without memory the fd stays
 * open. */
static void note_anchor(struct zc_mount *mount, const struct statx *stx,
			const struct zc_slot *parent, const char *name)
{
	if (!mount->handles || !parent || !name || !S_ISDIR(stx->stx_mode) ||
	    parent->handle_type == ZC_HANDLE_BY_NUMBER || !(stx->stx_mask & ZC_STATX_MNT_ID_UNIQUE))
		return;
	mount->anchor_mount = parent->mount;
	mount->anchor.type = parent->handle_type;
	mount->anchor.len = parent->handle_len;
	memcpy(mount->anchor.bytes, parent->handle, parent->handle_len);
	mount->name = strdup(name);
}

/* Adds a mount unless another thread has done so meanwhile. */
static int add_mount(struct zc_mounts *mounts, const struct zc_mount *mount, uint16_t *ret_index)
{
	struct zc_mount *list;
	int err = 0;

	pthread_rwlock_wrlock(&mounts->lock);
	for (uint16_t i = 0; i < mounts->count; i++) {
		if (mounts->list[i].id == mount->id) {
			*ret_index = i;
			err = -EEXIST;
			goto out;
		}
	}
	err = mounts->count == UINT16_MAX ? -ENOSPC : 0;
	if (err)
		goto out;
	list = realloc(mounts->list, (mounts->count + 1u) * sizeof(*list));
	err = list ? 0 : -ENOMEM;
	if (err)
		goto out;
	mounts->list = list;
	list[mounts->count] = *mount;
	if (mounts->count) {
		list[mounts->count].flags &= ~list[0].flags;
		if (list[mounts->count].flags)
			atomic_store(&mounts->some_stricter, true);
	}
	*ret_index = mounts->count++;
	if (!mount->handles)
		atomic_store(&mounts->some_lack, true);
out:
	pthread_rwlock_unlock(&mounts->lock);
	return err;
}

static int learn_mount(struct zc_mounts *mounts, int fd, const struct statx *stx,
		       const struct zc_slot *parent, const char *name, uint16_t *ret_index,
		       struct facts *ret)
{
	struct zc_mount mount = examine_mount(mounts, fd, stx);
	int err;

	note_anchor(&mount, stx, parent, name);
	err = add_mount(mounts, &mount, ret_index);
	if (!err && mounts->on_learn && *ret_index)
		mounts->on_learn(mounts->on_learn_arg, *ret_index, fd);
	*ret = facts_of(&mount);
	if (err && mount.fd >= 0)
		close(mount.fd);
	if (err)
		free(mount.name);
	return err == -EEXIST ? 0 : err;
}

/* The kernel reuses device numbers and birth times are not everywhere, but together with the inode
 * number they tell a new inode from an old one well enough for a file system without handles. */
static void identify_by_number(const struct statx *stx, bool birth_times, struct zc_handle *ret)
{
	struct {
		uint64_t dev, ino;
		int64_t sec;
		uint32_t nsec, zero;
	} key = { .dev = zc_dev_of(stx), .ino = stx->stx_ino };

	if (birth_times) {
		key.sec = stx->stx_btime.tv_sec;
		key.nsec = stx->stx_btime.tv_nsec;
	}
	_Static_assert(sizeof(key) <= ZC_HANDLE_MAX, "fits where a handle fits");
	ret->type = ZC_HANDLE_BY_NUMBER;
	ret->len = sizeof(key);
	memcpy(ret->bytes, &key, sizeof(key));
}

int zc_mounts_identify(struct zc_mounts *mounts, int fd, const struct statx *stx,
		       const struct zc_slot *parent, const char *name,
		       struct zc_identification *ret)
{
	struct facts mount;
	int mount_id;
	int err;

	if (mounts->forbidden_dev && zc_dev_of(stx) == mounts->forbidden_dev)
		return -ELOOP;
	err = find_mount(mounts, stx->stx_mnt_id, &ret->mount, &mount);
	if (err)
		err = learn_mount(mounts, fd, stx, parent, name, &ret->mount, &mount);
	if (err)
		return err;
	ret->type = (uint8_t)(stx->stx_mode >> 12);
	ret->dev = zc_dev_of(stx);
	ret->ino = stx->stx_ino;
	if (!mount.handles || zc_sys_handle_of(fd, &ret->handle, &mount_id) != 0) {
		identify_by_number(stx, mount.birth_times, &ret->handle);
		if (mount.handles)
			atomic_store(&mounts->some_lack, true);
	}
	return 0;
}

void zc_mounts_restrict(struct zc_mounts *mounts, struct statx *stx)
{
	struct facts mount;
	uint16_t index;

	if (!atomic_load_explicit(&mounts->some_stricter, memory_order_relaxed) ||
	    find_mount(mounts, stx->stx_mnt_id, &index, &mount) != 0 || index == 0)
		return;
	if ((mount.flags & ST_NOSUID) && S_ISREG(stx->stx_mode))
		stx->stx_mode &= (uint16_t) ~(S_ISUID | S_ISGID);
	if ((mount.flags & ST_NOEXEC) && S_ISREG(stx->stx_mode))
		stx->stx_mode &= (uint16_t) ~(S_IXUSR | S_IXGRP | S_IXOTH);
	if (mount.flags & ST_NODEV)
		stx->stx_rdev_major = stx->stx_rdev_minor = 0;
}

bool zc_mounts_forbid_suid(struct zc_mounts *mounts, uint16_t index)
{
	bool forbid;

	if (index == 0 || !atomic_load_explicit(&mounts->some_stricter, memory_order_relaxed))
		return false;
	pthread_rwlock_rdlock(&mounts->lock);
	forbid = mounts->list[index].flags & ST_NOSUID;
	pthread_rwlock_unlock(&mounts->lock);
	return forbid;
}

/* ---- opening by handle ----------------------------------------------------------------------- */

static int open_in_mount(struct zc_mounts *mounts, uint16_t index, const struct zc_handle *handle,
			 int flags);

/* Where the root of a nested mount is found again. False where it cannot be. */
static bool get_anchor(struct zc_mounts *mounts, uint16_t index, struct zc_handle *ret_anchor,
		       uint16_t *ret_mount, char ret_name[256], uint64_t *ret_id)
{
	const struct zc_mount *mount;
	bool anchored;

	pthread_rwlock_rdlock(&mounts->lock);
	mount = &mounts->list[index];
	anchored = mount->name;
	if (anchored) {
		*ret_anchor = mount->anchor;
		*ret_mount = mount->anchor_mount;
		*ret_id = mount->id;
		snprintf(ret_name, 256, "%s", mount->name);
	}
	pthread_rwlock_unlock(&mounts->lock);
	return anchored;
}

/* A new fd on a nested mount. -ESTALE if it is no longer mounted there. */
static int reopen_mount(struct zc_mounts *mounts, uint16_t index)
{
	struct zc_handle anchor;
	struct statx stx;
	uint16_t parent;
	char name[256];
	uint64_t id;
	int dir, fd;

	if (!get_anchor(mounts, index, &anchor, &parent, name, &id))
		return -ESTALE;
	dir = open_in_mount(mounts, parent, &anchor, O_PATH);
	if (dir < 0)
		return dir;
	fd = zc_sys_openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
	close(dir);
	if (fd < 0)
		return -ESTALE;
	if (zc_sys_statx_cached(fd, &stx) == 0 && stx.stx_mnt_id == id)
		return fd;
	close(fd);
	return -ESTALE;
}

/* The fd in the list, borrowed; -1 if it has to be opened first. */
static int borrow_if_open(struct zc_mounts *mounts, uint16_t index)
{
	struct zc_mount *mount;
	int fd;

	pthread_rwlock_rdlock(&mounts->lock);
	mount = &mounts->list[index];
	fd = mount->fd;
	if (fd >= 0)
		atomic_fetch_add(&mount->users, 1);
	pthread_rwlock_unlock(&mounts->lock);
	return fd;
}

static int borrow_mount(struct zc_mounts *mounts, uint16_t index)
{
	int fd = borrow_if_open(mounts, index);
	int fresh;

	while (fd < 0) {
		fresh = reopen_mount(mounts, index);
		if (fresh < 0)
			return fresh;
		pthread_rwlock_wrlock(&mounts->lock);
		if (mounts->list[index].fd < 0) {
			mounts->list[index].fd = fresh;
			fresh = -1;
		}
		pthread_rwlock_unlock(&mounts->lock);
		if (fresh >= 0)
			close(fresh);
		fd = borrow_if_open(mounts, index);
	}
	return fd;
}

static void return_mount(struct zc_mounts *mounts, uint16_t index)
{
	pthread_rwlock_rdlock(&mounts->lock);
	atomic_store(&mounts->list[index].tick, atomic_load(&mounts->now));
	atomic_fetch_sub(&mounts->list[index].users, 1);
	pthread_rwlock_unlock(&mounts->lock);
}

void zc_mounts_expire(struct zc_mounts *mounts, uint32_t ticks)
{
	uint32_t now = atomic_fetch_add(&mounts->now, 1) + 1;

	pthread_rwlock_wrlock(&mounts->lock);
	for (uint16_t i = 0; i < mounts->count; i++) {
		struct zc_mount *mount = &mounts->list[i];

		if (!mount->name || mount->fd < 0 || atomic_load(&mount->users) ||
		    now - atomic_load(&mount->tick) < ticks)
			continue;
		close(mount->fd); /* of a directory that was only read: does not block */
		mount->fd = -1;
	}
	pthread_rwlock_unlock(&mounts->lock);
}

static int open_in_mount(struct zc_mounts *mounts, uint16_t index, const struct zc_handle *handle,
			 int flags)
{
	int mount_fd = borrow_mount(mounts, index);
	int fd;

	if (mount_fd < 0)
		return mount_fd;
	fd = zc_sys_open_handle(mount_fd, handle, flags);
	return_mount(mounts, index);
	return fd;
}

int zc_mounts_open(struct zc_mounts *mounts, const struct zc_slot *slot, int flags)
{
	struct zc_handle handle = { .type = slot->handle_type, .len = slot->handle_len };

	memcpy(handle.bytes, slot->handle, slot->handle_len);
	return open_in_mount(mounts, slot->mount, &handle, flags);
}

bool zc_mounts_some_lack_handles(struct zc_mounts *mounts)
{
	return atomic_load_explicit(&mounts->some_lack, memory_order_relaxed);
}

bool zc_mounts_root_has_handles(const struct zc_mounts *mounts)
{
	return mounts->count && mounts->list[0].handles;
}
