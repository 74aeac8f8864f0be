// SPDX-License-Identifier: MIT
// The two ioctls of a FUSE connection, played (fake_connection.h).
// Must not know who registers what.
#include "fake_connection.h"

#include <errno.h>

#include "unit.h"
#include "zcfs/sys.h"

#define MAX_IDS 4096

struct fake_connection fake_connection;
static bool exists[MAX_IDS + 1];

int zc_sys_backing_open(int dev_fd, int fd)
{
	assert_int_equal(dev_fd, FAKE_DEV_FD);
	assert_true(fd >= 0);
	if (fake_connection.refuse)
		return fake_connection.refuse;
	for (int id = 1; id <= MAX_IDS; id++) {
		if (exists[id])
			continue;
		exists[id] = true;
		fake_connection.ids++;
		fake_connection.last_id = id;
		return id;
	}
	return -ENOSPC;
}

int zc_sys_backing_close(int dev_fd, int backing_id)
{
	assert_int_equal(dev_fd, FAKE_DEV_FD);
	assert_in_range(backing_id, 1, MAX_IDS);
	assert_true(exists[backing_id]); /* closed twice: the kernel says ENOENT */
	exists[backing_id] = false;
	fake_connection.ids--;
	fake_connection.last_closed = backing_id;
	return 0;
}

void fake_open(struct zc_backing *backing, struct zc_slot *slot)
{
	if (slot->opens++ == 0 && slot->backing_id)
		zc_backing_slot_busy(backing, slot);
}

void fake_close(struct zc_backing *backing, struct zc_slot *slot)
{
	if (--slot->opens == 0 && slot->backing_id)
		zc_backing_slot_idle(backing, slot);
}

void fake_inodes(struct zc_inodes *inodes, uint32_t count)
{
	*inodes = (struct zc_inodes){ 0 };
	for (unsigned i = 0; i < ZC_INODE_LOCKS; i++)
		pthread_mutex_init(&inodes->locks[i], NULL);
	assert_int_equal(zc_table_init(&inodes->table, 4096), 0);
	for (uint64_t n = 1; n <= count; n++) {
		struct zc_identification id = unit_id(n);
		uint64_t nodeid;

		assert_int_equal(zc_table_find_or_add(&inodes->table, &id, &nodeid), 0);
		assert_int_equal(nodeid, n);
	}
}
