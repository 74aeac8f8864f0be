// SPDX-License-Identifier: MIT
// From a fresh fd to a nodeid, from a nodeid to an fd, and back to nothing. The numbers that name
// an inode are told in arena.h. Must not know requests, replies or planes.
#include "zcfs/inode.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "zcfs/sys.h"
#include "zcfs/way.h"

/* Address space, not memory: 2^26 slots are 8 GiB that are taken page by page as inodes appear. */
#define SLOT_CAPACITY (1u << 26)

static int init_root(struct zc_inodes *inodes, int root_fd)
{
	struct zc_identification id;
	struct statx stx;
	uint64_t nodeid;
	struct zc_fd fd;
	int err;

	err = zc_sys_statx(root_fd, &stx);
	if (!err)
		err = zc_mounts_identify(&inodes->mounts, root_fd, &stx, NULL, NULL, &id);
	if (!err)
		err = zc_table_find_or_add(&inodes->table, &id, &nodeid);
	if (err) {
		close(root_fd);
		return err;
	}
	zc_table_pin(&inodes->table, nodeid);
	inodes->root_dev = zc_dev_of(&stx);
	zc_fdcache_add(&inodes->fds, nodeid, ZC_FD_PATH, root_fd, ZC_GRIP_PINNED, &fd);
	zc_fdcache_put(&inodes->fds, &fd);
	return 0;
}

int zc_inodes_init(struct zc_inodes *inodes, int root_fd, uint32_t fd_capacity,
		   uint32_t fds_at_most, bool use_handles)
{
	int err;

	*inodes = (struct zc_inodes){ .dir_grip = ZC_GRIP_LOOSE };
	for (unsigned i = 0; i < ZC_INODE_LOCKS; i++)
		pthread_mutex_init(&inodes->locks[i], NULL);
	zc_mounts_init(&inodes->mounts, use_handles);
	zc_names_init(&inodes->names);
	err = zc_table_init(&inodes->table, SLOT_CAPACITY);
	if (!err)
		err = zc_fdcache_init(&inodes->fds, fd_capacity, fds_at_most);
	if (err)
		close(root_fd);
	else
		err = init_root(inodes, root_fd);
	if (err)
		zc_inodes_fini(inodes);
	return err;
}

void zc_inodes_fini(struct zc_inodes *inodes)
{
	zc_fdcache_fini(&inodes->fds);
	zc_table_fini(&inodes->table);
	zc_names_fini(&inodes->names);
	zc_mounts_fini(&inodes->mounts);
	for (unsigned i = 0; i < ZC_INODE_LOCKS; i++)
		pthread_mutex_destroy(&inodes->locks[i]);
}

/* Gives back all that belongs to a slot which nobody knows any more, and then the slot. Its
 * parent's pin goes with it, which may end the parent too, and so on up. */
static void bury(struct zc_inodes *inodes, uint64_t nodeid)
{
	bool last = true;

	while (last) {
		struct zc_slot *slot = zc_table_slot(&inodes->table, nodeid);
		uint64_t parent =
		    zc_slot_by_number(slot) ? zc_names_clear(&inodes->names, nodeid) : 0;

		if (inodes->on_bury)
			inodes->on_bury(inodes->on_bury_arg, nodeid, slot);
		zc_fdcache_drop(&inodes->fds, nodeid, ~0u);
		zc_table_bury(&inodes->table, nodeid);
		last = parent && zc_table_unpin(&inodes->table, parent);
		nodeid = parent;
	}
}

static void unpin(struct zc_inodes *inodes, uint64_t nodeid)
{
	if (nodeid && zc_table_unpin(&inodes->table, nodeid))
		bury(inodes, nodeid);
}

/* Directories that were turned inside out behind our back: `nodeid` is below `parent` now, so a
 * note above `parent` that says the opposite is out of date; left alone, the two would pin one
 * another for ever. */
static void break_circle(struct zc_inodes *inodes, uint64_t nodeid, uint64_t parent)
{
	uint32_t most = zc_table_used(&inodes->table);
	uint64_t up;
	char name[256];

	for (uint32_t i = 0; i < most; i++, parent = up) {
		if (zc_names_get(&inodes->names, parent, &up, name) != 0)
			return;
		if (up == nodeid) {
			unpin(inodes, zc_names_clear(&inodes->names, parent));
			return;
		}
	}
}

void zc_inode_moved(struct zc_inodes *inodes, uint64_t nodeid, uint64_t parent, const char *name)
{
	struct zc_slot *slot = zc_table_slot(&inodes->table, nodeid);
	uint64_t old_parent = 0;

	if (!slot || !zc_slot_by_number(slot))
		return;
	zc_table_pin(&inodes->table, parent);
	if (zc_names_set(&inodes->names, nodeid, parent, name, &old_parent) != 0)
		old_parent = parent; /* nothing noted: the new pin goes, the old note stays */
	else if (old_parent != parent && slot->type == S_IFDIR >> 12)
		break_circle(inodes, nodeid, parent);
	unpin(inodes, old_parent);
}

/* Keeps an inode without a name reachable until it is forgotten. False: the cache has no room. */
static bool pin_path(struct zc_inodes *inodes, uint64_t nodeid, int path)
{
	struct zc_fd pinned;
	bool kept;

	zc_fdcache_add(&inodes->fds, nodeid, ZC_FD_PATH, path, ZC_GRIP_PINNED, &pinned);
	kept = pinned.entry != UINT32_MAX;
	zc_fdcache_put(&inodes->fds, &pinned);
	return kept;
}

/* Nothing but an open fd keeps an inode that never had a name (O_TMPFILE). */
static int pin_nameless(struct zc_inodes *inodes, uint64_t nodeid, int fd)
{
	int path = zc_sys_reopen(fd, O_PATH);

	if (path < 0)
		return path;
	return pin_path(inodes, nodeid, path) ? 0 : -ENFILE;
}

int zc_inode_adopt(struct zc_inodes *inodes, int fd, enum zc_fd_kind kind, uint64_t parent,
		   const char *name, uint64_t *ret_nodeid, struct statx *ret_stx,
		   struct zc_fd *ret_fd)
{
	struct zc_identification id;
	uint64_t nodeid;
	int err;

	err = zc_sys_statx(fd, ret_stx);
	if (!err)
		err = zc_mounts_identify(&inodes->mounts, fd, ret_stx,
					 zc_table_slot(&inodes->table, parent), name, &id);
	if (!err)
		err = zc_table_find_or_add(&inodes->table, &id, &nodeid);
	if (err) {
		close(fd);
		return err;
	}
	if (!name)
		err = pin_nameless(inodes, nodeid, fd);
	if (err) {
		close(fd);
		zc_inode_forget(inodes, nodeid, 1);
		return err;
	}
	if (kind == ZC_FD_PATH && zc_fdcache_get(&inodes->fds, nodeid, ZC_FD_PATH, ret_fd))
		close(fd);
	else
		zc_fdcache_add(&inodes->fds, nodeid, kind, fd,
			       kind == ZC_FD_PATH ? ZC_GRIP_LOOSE : ZC_GRIP_OPEN, ret_fd);
	if (name)
		zc_inode_moved(inodes, nodeid, parent, name);
	*ret_nodeid = nodeid;
	return 0;
}

uint64_t zc_inode_find(struct zc_inodes *inodes, int fd, struct statx *ret_stx,
		       struct zc_identification *ret_id)
{
	if (zc_sys_statx(fd, ret_stx) != 0 ||
	    zc_mounts_identify(&inodes->mounts, fd, ret_stx, NULL, NULL, ret_id) != 0)
		return 0;
	return zc_table_find(&inodes->table, ret_id);
}

static int open_path(struct zc_inodes *inodes, uint64_t nodeid)
{
	struct zc_slot slot;

	if (!zc_table_handle(&inodes->table, nodeid, &slot))
		return -ESTALE;
	if (zc_slot_by_number(&slot))
		return zc_way_open(inodes, nodeid);
	return zc_mounts_open(&inodes->mounts, &slot, O_PATH | O_NOFOLLOW);
}

static int reopen(struct zc_inodes *inodes, uint64_t nodeid, int flags)
{
	struct zc_fd path;
	int fd = zc_inode_path_fd(inodes, nodeid, &path);

	if (fd)
		return fd;
	fd = flags & O_DIRECTORY ? zc_sys_openat(path.fd, ".", flags, 0)
				 : zc_sys_reopen(path.fd, flags);
	zc_inode_put_fd(inodes, &path);
	return fd;
}

int zc_inode_open(struct zc_inodes *inodes, uint64_t nodeid, int flags)
{
	struct zc_slot slot;

	if (!zc_table_handle(&inodes->table, nodeid, &slot))
		return -ESTALE;
	if (zc_slot_by_number(&slot) || nodeid == ZC_SLOT_ROOT)
		return reopen(inodes, nodeid, flags);
	return zc_mounts_open(&inodes->mounts, &slot, flags);
}

static int flags_of(enum zc_fd_kind kind)
{
	switch (kind) {
	case ZC_FD_PATH:
		return O_PATH | O_NOFOLLOW;
	case ZC_FD_READ:
		return O_RDONLY | O_NONBLOCK;
	case ZC_FD_WRITE:
		return O_WRONLY | O_NONBLOCK;
	case ZC_FD_RDWR:
		return O_RDWR | O_NONBLOCK;
	case ZC_FD_APPEND:
		return O_WRONLY | O_APPEND | O_NONBLOCK;
	case ZC_FD_DIR:
		return O_RDONLY | O_DIRECTORY;
	case ZC_FD_OWN:
		break; /* never opened for want of it */
	}
	return O_PATH;
}

int zc_inode_fd(struct zc_inodes *inodes, uint64_t nodeid, unsigned kinds,
		enum zc_fd_kind kind_if_opened, struct zc_fd *ret)
{
	int fd;

	if (zc_fdcache_get(&inodes->fds, nodeid, kinds, ret))
		return 0;
	fd = kind_if_opened == ZC_FD_PATH ? open_path(inodes, nodeid)
					  : zc_inode_open(inodes, nodeid, flags_of(kind_if_opened));
	if (fd < 0)
		return fd;
	if (inodes->opens_unknown && kind_if_opened & (ZC_FD_CAN_WRITE | ZC_FD_APPEND))
		*ret = zc_fd_of(fd);
	else
		zc_fdcache_add(&inodes->fds, nodeid, kind_if_opened, fd, ZC_GRIP_LOOSE, ret);
	return 0;
}

int zc_inode_path_fd(struct zc_inodes *inodes, uint64_t nodeid, struct zc_fd *ret)
{
	return zc_inode_fd(inodes, nodeid, ZC_FD_ANY, ZC_FD_PATH, ret);
}

void zc_inode_put_fd(struct zc_inodes *inodes, struct zc_fd *fd)
{
	zc_fdcache_put(&inodes->fds, fd);
}

int zc_inode_take_dir(struct zc_inodes *inodes, uint64_t nodeid, int64_t position)
{
	int64_t stands_at = 0;
	int fd = -1;

	/* A listing starts with a fresh fd: rewinding shows what changed meanwhile on every file
	 * system but ext4, where an fd that was first read at its end stays empty (Linux 6.18). */
	if (position != 0)
		fd = zc_fdcache_take_dir(&inodes->fds, nodeid, position, &stands_at);
	if (fd < 0)
		fd = zc_inode_open(inodes, nodeid, flags_of(ZC_FD_DIR));
	if (fd < 0)
		return fd;
	if (stands_at != position && lseek(fd, position, SEEK_SET) < 0) {
		int err = -errno;

		close(fd);
		return err;
	}
	return fd;
}

void zc_inode_give_dir(struct zc_inodes *inodes, uint64_t nodeid, int fd, int64_t position)
{
	zc_fdcache_give_dir(&inodes->fds, nodeid, fd, position, inodes->dir_grip);
}

void zc_inode_forget(struct zc_inodes *inodes, uint64_t nodeid, uint64_t count)
{
	if (zc_table_forget(&inodes->table, nodeid, count))
		bury(inodes, nodeid);
}

/* A handle leads to an inode that keeps another name; a noted name may be the one that goes. */
static bool has_other_way(const struct zc_identification *id, const struct statx *stx)
{
	return id->handle.type != ZC_HANDLE_BY_NUMBER && !S_ISDIR(stx->stx_mode) &&
	       stx->stx_nlink > 1;
}

uint64_t zc_inode_known(struct zc_inodes *inodes, int dirfd, const char *name)
{
	struct zc_identification id;
	struct statx stx;
	uint64_t nodeid;
	int fd;

	if (!zc_mounts_some_lack_handles(&inodes->mounts))
		return 0;
	fd = zc_sys_openat(dirfd, name, O_PATH | O_NOFOLLOW, 0);
	if (fd < 0)
		return 0;
	nodeid = zc_inode_find(inodes, fd, &stx, &id);
	close(fd);
	return nodeid;
}

static bool is_open(struct zc_inodes *inodes, uint64_t nodeid)
{
	pthread_mutex_t *lock = zc_inode_lock(inodes, nodeid);
	const struct zc_slot *slot;
	bool open;

	pthread_mutex_lock(lock);
	slot = zc_table_slot(&inodes->table, nodeid);
	open = slot && (slot->opens || inodes->opens_unknown);
	pthread_mutex_unlock(lock);
	return open;
}

/* Never without an fd in between: the noted name may be gone already by another's unlink. Takes
 * `fd`. */
static int pin(struct zc_inodes *inodes, uint64_t nodeid, int fd)
{
	struct zc_fd pinned;
	bool kept = true;

	if (zc_fdcache_get(&inodes->fds, nodeid, ZC_FD_PATH, &pinned)) {
		zc_fdcache_regrip(&inodes->fds, nodeid, ZC_FD_PATH, ZC_GRIP_PINNED);
		zc_fdcache_put(&inodes->fds, &pinned);
		close(fd);
	} else {
		kept = pin_path(inodes, nodeid, fd);
	}
	/* Forgotten meanwhile: nobody else would take the pinned fd back. */
	if (!zc_table_alive(&inodes->table, nodeid))
		zc_fdcache_drop(&inodes->fds, nodeid, ~0u);
	return kept || !is_open(inodes, nodeid) ? 0 : -ENFILE;
}

int zc_inode_before_unlink(struct zc_inodes *inodes, int dirfd, const char *name,
			   uint64_t *ret_nodeid)
{
	int fd = zc_sys_openat(dirfd, name, O_PATH | O_NOFOLLOW, 0);
	struct zc_identification id;
	struct statx stx;

	*ret_nodeid = 0;
	if (fd < 0)
		return fd == -EMFILE || fd == -ENFILE || fd == -ENOMEM ? fd : 0;
	*ret_nodeid = zc_inode_find(inodes, fd, &stx, &id);
	if (*ret_nodeid && !has_other_way(&id, &stx))
		return pin(inodes, *ret_nodeid, fd);
	close(fd);
	return 0;
}

void zc_inode_unlink_failed(struct zc_inodes *inodes, uint64_t nodeid, uint64_t parent,
			    const char *name)
{
	if (!nodeid)
		return;
	zc_inode_moved(inodes, nodeid, parent, name); /* a name that is sure to be there */
	zc_fdcache_regrip(&inodes->fds, nodeid, ZC_FD_PATH, ZC_GRIP_LOOSE);
}

/* The finaliser of splitmix64: each bit of the result depends on each bit of `x`. */
static uint64_t mix(uint64_t x)
{
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ x >> 27) * 0x94d049bb133111ebULL;
	return x ^ x >> 31;
}

/* FUSE shows one st_dev for the whole mount, so numbers of other devices are moved to the upper
 * half: exactly, while device and number fit in 63 bits (numbers below 2^31), else by a 63-bit mix
 * whose collisions are as likely as those of a random number. */
uint64_t zc_inode_number(const struct zc_inodes *inodes, uint32_t dev, uint64_t ino)
{
	if (dev == inodes->root_dev)
		return ino;
	if (ino < 1ULL << 31)
		return 1ULL << 63 | (uint64_t)dev << 31 | ino;
	return 1ULL << 63 | mix(ino ^ mix(dev + 1ULL));
}
