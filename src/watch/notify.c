// SPDX-License-Identifier: MIT
// Reads what has changed and tells the kernel, in a thread of its own: a notification may wait for a lock that
// the kernel holds while it waits for one of our answers.
// Must not know replies, nor hold a lock of ours.
#include "zcfs/watch.h"

#include <errno.h>
#include <fuse_lowlevel.h>
#include <poll.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "zcfs/change.h"
#include "zcfs/log.h"
#include "watch.h"

#define BUFFER_SIZE (256 * 1024)
#define PAUSE_MS    200

/* The nodeid on the nth mount that shows this file system, 0 if there is none known; *n moves on, -1: no more
 * mounts. */
static uint64_t find_on(struct zc_watch *watch, const struct zc_change *change,
			const struct zc_handle *handle, int *n)
{
	struct zc_identification id = { .handle = *handle };
	bool found = false;

	pthread_mutex_lock(&watch->lock);
	for (; *n < watch->count && !found; ++*n) {
		found = !memcmp(watch->list[*n].fsid, change->fsid, sizeof(change->fsid));
		id.mount = watch->list[*n].mount;
	}
	if (!found)
		*n = -1;
	pthread_mutex_unlock(&watch->lock);
	return found ? zc_table_find(&watch->inodes->table, &id) : 0;
}

/* content: what is cached of it goes too, for a directory its listing. */
static void tell_of_inode(struct zc_watch *watch, const struct zc_change *change,
			  const struct zc_handle *handle, bool content)
{
	int n = 0;

	while (n >= 0) {
		uint64_t nodeid = find_on(watch, change, handle, &n);

		if (nodeid)
			fuse_lowlevel_notify_inval_inode(watch->session, nodeid, content ? 0 : -1,
							 0);
	}
}

static void tell_of_name(struct zc_watch *watch, const struct zc_change *change)
{
	int n = 0;

	while (n >= 0) {
		uint64_t nodeid = find_on(watch, change, &change->dir, &n);

		if (nodeid)
			fuse_lowlevel_notify_inval_entry(watch->session, nodeid, change->name,
							 strlen(change->name));
	}
}

/* Nobody knows what has changed: all names are asked for anew (epoch), and what is known of each inode. */
static void tell_of_everything(struct zc_watch *watch)
{
	uint32_t slot = 0;
	uint64_t nodeid;

	zc_log_once(ZC_LOG_WARNING,
		    "more changes in the backing directory than the kernel's queue holds: "
		    "everything is asked for anew each time this happens");
	fuse_lowlevel_notify_increment_epoch(watch->session);
	while ((nodeid = zc_table_next(&watch->inodes->table, &slot)))
		fuse_lowlevel_notify_inval_inode(watch->session, nodeid, 0, 0);
}

static void tell(struct zc_watch *watch, const struct zc_change *change)
{
	if (change->kinds & ZC_CHANGE_LOST) {
		tell_of_everything(watch);
		return;
	}
	if (change->kinds & ZC_CHANGE_NAME && change->has_dir && change->has_name) {
		tell_of_name(watch, change);
		tell_of_inode(watch, change, &change->dir, true);
	}
	if (change->has_inode)
		tell_of_inode(watch, change, &change->inode, change->kinds & ZC_CHANGE_CONTENT);
	else if (change->has_dir && !change->has_name)
		tell_of_inode(watch, change, &change->dir, false);
}

/* The change counts before anything is told: a reply that is made from now on knows of it. */
static void take_in(struct zc_watch *watch, const void *events, size_t size)
{
	struct zc_change change;
	size_t at = 0;
	int got;

	while ((got = zc_change_decode(events, size, &at, &change)) > 0) {
		if (!change.kinds || change.pid == getpid())
			continue;
		atomic_fetch_add(&watch->changes, 1);
		tell(watch, &change);
	}
	if (got < 0) {
		atomic_fetch_add(&watch->changes, 1);
		tell_of_everything(watch);
	}
}

void *zc_watch_listen(void *arg)
{
	static char events[BUFFER_SIZE] __attribute__((aligned(8)));
	struct zc_watch *watch = arg;
	struct pollfd ready = { .fd = watch->fd, .events = POLLIN };

	while (!atomic_load(&watch->stop)) {
		ssize_t size;

		if (poll(&ready, 1, PAUSE_MS) <= 0)
			continue;
		size = read(watch->fd, events, sizeof(events));
		if (size > 0)
			take_in(watch, events, (size_t)size);
	}
	return NULL;
}
