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
#include <time.h>
#include <unistd.h>

#include "zcfs/change.h"
#include "zcfs/log.h"
#include "watch.h"

#define BUFFER_SIZE (256 * 1024)
#define PAUSE_MS    200
#define SHORTEST_NS 1000000 /* 1 ms */
#define LONGEST_NS  4000000

/* Between two heaps of events. */
struct zc_rest {
	int64_t end; /* of the last one, by now_ns */
	int64_t length;
};

/* content: what is cached of it goes too, for a directory its listing. */
static void tell_of_inode(struct zc_watch *watch, const struct zc_change *change,
			  const struct zc_handle *handle, bool content)
{
	int n = 0;

	while (n >= 0) {
		uint64_t nodeid = zc_watch_find(watch, change->fsid, handle, &n);

		if (nodeid)
			fuse_lowlevel_notify_inval_inode(watch->session, nodeid, content ? 0 : -1,
							 0);
	}
}

static void tell_of_name(struct zc_watch *watch, const struct zc_change *change)
{
	bool known = false;
	int n = 0;

	while (n >= 0) {
		uint64_t nodeid = zc_watch_find(watch, change->fsid, &change->dir, &n);

		if (!nodeid)
			continue;
		if (!known)
			atomic_fetch_add(&watch->changes, 1);
		known = true;
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
	atomic_fetch_add(&watch->changes, 1);
	fuse_lowlevel_notify_increment_epoch(watch->session);
	while ((nodeid = zc_table_next(&watch->inodes->table, &slot))) {
		zc_watch_slot_changed(watch, nodeid);
		fuse_lowlevel_notify_inval_inode(watch->session, nodeid, 0, 0);
	}
}

/* What the kernel has of an inode that is not watched it does not believe: its attributes have no time-out,
 * and by them it finds out whether data is still right. Not to the last digit of a time: so data goes at
 * each change. */
static void tell_of_file(struct zc_watch *watch, const struct zc_change *change,
			 const struct zc_handle *handle, bool content)
{
	bool watched = content && change->kinds & ZC_CHANGE_WRITE
			   ? zc_watch_file_written(watch, change)
			   : zc_watch_inode_changed(watch, change, handle);

	if (watched)
		atomic_fetch_add(&watch->changes, 1);
	if (watched || (content && watch->data_cached))
		tell_of_inode(watch, change, handle, content && watch->data_cached);
}

/* The attributes and the listing of a directory in which a name has changed. */
static void tell_of_dir(struct zc_watch *watch, const struct zc_change *change)
{
	zc_watch_inode_changed(watch, change, &change->dir);
	tell_of_inode(watch, change, &change->dir, true);
}

static void tell(struct zc_watch *watch, const struct zc_change *change)
{
	if (change->kinds & ZC_CHANGE_LOST) {
		tell_of_everything(watch);
		return;
	}
	if (change->kinds & ZC_CHANGE_NAME && change->has_dir && change->has_name) {
		tell_of_name(watch, change);
		tell_of_dir(watch, change);
	}
	if (change->has_inode)
		tell_of_file(watch, change, &change->inode, change->kinds & ZC_CHANGE_CONTENT);
	else if (change->has_dir && !change->has_name)
		tell_of_file(watch, change, &change->dir, false);
}

static void take_in(struct zc_watch *watch, const void *events, size_t size)
{
	struct zc_change change;
	size_t at = 0;
	int got;

	while ((got = zc_change_decode(events, size, &at, &change)) > 0) {
		if (change.kinds && (change.pid != getpid() || atomic_load(&watch->twice)))
			tell(watch, &change);
	}
	if (got < 0)
		tell_of_everything(watch);
}

/* A directory has become something else, or what it was before. Names are asked for again, as they are
 * needed. */
static void take_in_mounts(struct zc_watch *watch, uint64_t *known)
{
	uint64_t now = zc_watch_mounts_below(watch);

	if (now == *known)
		return;
	*known = now;
	atomic_fetch_add(&watch->changes, 1);
	fuse_lowlevel_notify_increment_epoch(watch->session);
}

static int64_t now_ns(void)
{
	struct timespec now = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* What is done on the mount makes events too, as many as there are changes: woken by each, this thread would
 * drive those who make them and those who serve them from core to core. So the first is taken in at once, and
 * while more follow they are left to gather, for longer each time, as long as the queue does not fill. */
static void rest(struct zc_rest *state, size_t got)
{
	int64_t quiet = now_ns() - state->end;
	struct timespec time = { 0 };

	state->length = quiet > LONGEST_NS ? SHORTEST_NS : state->length * 2;
	if (state->length > LONGEST_NS)
		state->length = LONGEST_NS;
	time.tv_nsec = state->length;
	if (got < BUFFER_SIZE / 2)
		nanosleep(&time, NULL);
	state->end = now_ns();
}

static void take_in_events(struct zc_watch *watch, struct zc_rest *state)
{
	static char events[BUFFER_SIZE] __attribute__((aligned(8)));
	ssize_t size = read(watch->fd, events, sizeof(events));

	if (size <= 0)
		return;
	take_in(watch, events, (size_t)size);
	rest(state, (size_t)size);
}

void *zc_watch_listen(void *arg)
{
	struct zc_watch *watch = arg;
	struct pollfd ready[] = { { .fd = watch->fd, .events = POLLIN },
				  { .fd = fileno(watch->mounts), .events = POLLPRI } };
	uint64_t mounts = zc_watch_mounts_below(watch);
	struct zc_rest state = { 0 };

	while (!atomic_load(&watch->stop)) {
		if (poll(ready, 2, PAUSE_MS) <= 0)
			continue;
		if (ready[1].revents)
			take_in_mounts(watch, &mounts);
		if (ready[0].revents)
			take_in_events(watch, &state);
	}
	return NULL;
}
