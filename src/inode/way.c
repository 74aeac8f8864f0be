// SPDX-License-Identifier: MIT
// Finds an inode without a handle again: up by noted parents to one that can be opened, down by names.
// Must not know requests, replies or planes.
#include "zcfs/way.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "zcfs/sys.h"

/* One step down: `name` in `dir`, if it still is this inode. */
static int open_child(struct zc_inodes *inodes, int dir, const char *name, uint64_t nodeid)
{
	struct zc_identification id;
	struct statx stx;
	int fd = zc_sys_openat(dir, name, O_PATH | O_NOFOLLOW, 0);

	if (fd < 0)
		return fd == -ENOENT || fd == -ENOTDIR ? -ESTALE : fd;
	if (zc_inode_find(inodes, fd, &stx, &id) == nodeid)
		return fd;
	close(fd);
	return -ESTALE;
}

/* Where the way down to an inode starts, and which inodes it passes, the last first. */
struct way {
	uint64_t *nodeids;
	size_t length, room;
};

static int way_add(struct way *way, uint64_t nodeid)
{
	size_t room = way->room ? way->room * 2 : 64;
	uint64_t *nodeids;

	if (way->length == way->room) {
		nodeids = realloc(way->nodeids, room * sizeof(*nodeids));
		if (!nodeids)
			return -ENOMEM;
		way->nodeids = nodeids;
		way->room = room;
	}
	way->nodeids[way->length++] = nodeid;
	return 0;
}

/* Up from `nodeid` until a parent has an fd or can be opened by its handle; *ret is an fd of that
 * one. Notes can be wrong, even go in a circle, but no way is longer than there are inodes. */
static int way_up(struct zc_inodes *inodes, uint64_t nodeid, struct way *way, struct zc_fd *ret)
{
	uint32_t most = zc_table_used(&inodes->table);
	struct zc_slot *slot;
	char name[256];
	int err;

	do {
		err = way_add(way, nodeid);
		if (!err)
			err = zc_names_get(&inodes->names, nodeid, &nodeid, name);
		if (err)
			return err;
		if (zc_fdcache_get(&inodes->fds, nodeid, ZC_FD_ANY, ret))
			return 0;
		slot = zc_table_slot(&inodes->table, nodeid);
		if (slot && !zc_slot_by_number(slot))
			return zc_inode_path_fd(inodes, nodeid, ret);
	} while (slot && way->length <= most);
	return -ESTALE;
}

int zc_way_open(struct zc_inodes *inodes, uint64_t nodeid)
{
	struct way way = { 0 };
	struct zc_fd at;
	uint64_t parent;
	char name[256];
	int fd = -1;
	int err = way_up(inodes, nodeid, &way, &at);

	for (size_t i = way.length; !err && i-- > 0;) {
		err = zc_names_get(&inodes->names, way.nodeids[i], &parent, name);
		if (!err)
			fd = open_child(inodes, at.fd, name, way.nodeids[i]);
		zc_inode_put_fd(inodes, &at);
		if (!err && fd < 0)
			err = fd;
		at = zc_fd_of(fd);
	}
	free(way.nodeids);
	return err ? err : at.fd;
}
