// SPDX-License-Identifier: MIT
// Which file systems are watched, and whether what the kernel remembers can be trusted.
// Must not know what becomes of an event.
#include "zcfs/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <fuse_lowlevel.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include "zcfs/log.h"
#include "watch.h"

/* Since Linux 5.17; older headers have no name for it. */
#ifndef FAN_REPORT_TARGET_FID
#define FAN_REPORT_TARGET_FID 0x00001000
#endif

#define EVENTS                                                                                     \
	(FAN_CREATE | FAN_DELETE | FAN_MOVED_FROM | FAN_MOVED_TO | FAN_ATTRIB | FAN_MODIFY |       \
	 FAN_CLOSE_WRITE | FAN_ONDIR)

#define FOREVER		1e9 /* seconds */
#define SECONDS_TO_STOP 3

static int open_queue(void)
{
	unsigned report =
	    FAN_REPORT_FID | FAN_REPORT_DIR_FID | FAN_REPORT_NAME | FAN_REPORT_TARGET_FID;
	int fd = fanotify_init(FAN_CLASS_NOTIF | FAN_CLOEXEC | FAN_NONBLOCK | report,
			       O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

/* By the name that /proc has for it: fanotify_mark takes no O_PATH fd as it is. */
static int mark(int queue, int fd)
{
	char path[40];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return fanotify_mark(queue, FAN_MARK_ADD | FAN_MARK_FILESYSTEM, EVENTS, AT_FDCWD, path) < 0
		   ? -errno
		   : 0;
}

static int remember(struct zc_watch *watch, uint16_t mount, int fd)
{
	struct zc_watched_mount *list;
	struct statfs st;
	int err = 0;

	if (fstatfs(fd, &st) < 0)
		return -errno;
	pthread_mutex_lock(&watch->lock);
	list = realloc(watch->list, (watch->count + 1u) * sizeof(*list));
	if (list) {
		watch->list = list;
		list[watch->count].mount = mount;
		memcpy(list[watch->count].fsid, &st.f_fsid, sizeof(list->fsid));
		watch->count++;
	} else {
		err = -ENOMEM;
	}
	pthread_mutex_unlock(&watch->lock);
	return err;
}

void zc_watch_add_mount(struct zc_watch *watch, uint16_t mount, int fd)
{
	int err;

	if (watch->fd < 0 || !atomic_load(&watch->trusted))
		return;
	err = remember(watch, mount, fd);
	if (!err)
		err = mark(watch->fd, fd);
	if (err) {
		atomic_store(&watch->trusted, false);
		zc_log_once(ZC_LOG_WARNING,
			    "a mount below cannot be watched (%s): changes made directly in the "
			    "backing directory show after the time-outs from now on",
			    zc_errno_name(-err));
	}
	/* what was read before the mark may have changed unnoticed */
	atomic_fetch_add(&watch->changes, 1);
}

int zc_watch_start(struct zc_watch *watch, struct zc_inodes *inodes, struct fuse_session *session,
		   int root_fd)
{
	int err = fuse_lowlevel_notify_increment_epoch(session);

	watch->inodes = inodes;
	watch->session = session;
	watch->fd = -1;
	if (err)
		return err == -EINVAL ? -ENOSYS : err;
	watch->fd = open_queue();
	if (watch->fd < 0)
		return watch->fd;
	pthread_mutex_init(&watch->lock, NULL);
	err = remember(watch, 0, root_fd);
	if (!err)
		err = mark(watch->fd, root_fd);
	if (!err)
		err = -pthread_create(&watch->thread, NULL, zc_watch_listen, watch);
	if (err) {
		close(watch->fd);
		free(watch->list);
		pthread_mutex_destroy(&watch->lock);
		watch->fd = -1;
		return err;
	}
	atomic_store(&watch->trusted, true);
	return 0;
}

bool zc_watch_stop(struct zc_watch *watch)
{
	struct timespec limit;

	if (!watch->inodes || watch->fd < 0)
		return true;
	atomic_store(&watch->trusted, false);
	if (atomic_exchange(&watch->stop, true))
		return false; /* was left behind */
	clock_gettime(CLOCK_REALTIME, &limit);
	limit.tv_sec += SECONDS_TO_STOP;
	if (pthread_timedjoin_np(watch->thread, NULL, &limit))
		return false;
	close(watch->fd);
	free(watch->list);
	pthread_mutex_destroy(&watch->lock);
	watch->fd = -1;
	return true;
}

uint64_t zc_watch_now(const struct zc_watch *watch)
{
	return atomic_load_explicit(&watch->changes, memory_order_acquire);
}

struct zc_timeouts zc_watch_timeouts(const struct zc_watch *watch, const struct zc_timeouts *given,
				     uint64_t then)
{
	if (!atomic_load_explicit(&watch->trusted, memory_order_acquire))
		return *given;
	if (zc_watch_now(watch) != then)
		return (struct zc_timeouts){ 0 };
	return (struct zc_timeouts){ FOREVER, FOREVER, FOREVER };
}
