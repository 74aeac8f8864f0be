// SPDX-License-Identifier: MIT
// Which file systems are watched, and whether what the kernel remembers can be trusted.
// Must not know what becomes of an event.
#include "zcfs/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <fuse_lowlevel.h>
#include <limits.h>
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
	(FAN_CREATE | FAN_DELETE | FAN_MOVED_FROM | FAN_MOVED_TO | FAN_ATTRIB | FAN_CLOSE_WRITE |  \
	 FAN_ONDIR)

#define SECONDS_TO_STOP 3

static int open_queue(void)
{
	unsigned report =
	    FAN_REPORT_FID | FAN_REPORT_DIR_FID | FAN_REPORT_NAME | FAN_REPORT_TARGET_FID;
	int fd = fanotify_init(FAN_CLASS_NOTIF | FAN_CLOEXEC | FAN_NONBLOCK | FAN_UNLIMITED_MARKS |
				   report,
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

static int remember(struct zc_watch *watch, uint16_t mount, int fd, bool watched)
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
		for (uint16_t i = 0; i < watch->count; i++) {
			if (!memcmp(list[i].fsid, &st.f_fsid, sizeof(list[i].fsid)))
				atomic_store(&watch->twice, true);
		}
		list += watch->count++;
		list->mount = mount;
		list->watched = watched;
		memcpy(list->fsid, &st.f_fsid, sizeof(list->fsid));
	} else {
		err = -ENOMEM;
	}
	pthread_mutex_unlock(&watch->lock);
	return err;
}

bool zc_watch_has_mount(struct zc_watch *watch, uint16_t mount)
{
	bool watched = false;

	if (!atomic_load(&watch->some_unwatched))
		return true;
	pthread_mutex_lock(&watch->lock);
	for (uint16_t i = 0; i < watch->count; i++) {
		if (watch->list[i].mount == mount)
			watched = watch->list[i].watched;
	}
	pthread_mutex_unlock(&watch->lock);
	return watched;
}

uint64_t zc_watch_find(struct zc_watch *watch, const int fsid[2], const struct zc_handle *handle,
		       int *n)
{
	struct zc_identification id = { .handle = *handle };
	bool found = false;

	pthread_mutex_lock(&watch->lock);
	for (; *n < watch->count && !found; ++*n) {
		found = !memcmp(watch->list[*n].fsid, fsid, sizeof(watch->list->fsid));
		id.mount = watch->list[*n].mount;
	}
	if (!found)
		*n = -1;
	pthread_mutex_unlock(&watch->lock);
	return found ? zc_table_find(&watch->inodes->table, &id) : 0;
}

static void say_unwatched(int fd, int err)
{
	char link[40], path[PATH_MAX] = "a mount below";

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	if (readlink(link, path, sizeof(path) - 1) < 0)
		snprintf(path, sizeof(path), "a mount below");
	zc_log_once(
	    ZC_LOG_WARNING,
	    "%s: cannot be watched (%s): changes made directly on it show after the time-outs",
	    path, zc_errno_name(-err));
}

void zc_watch_add_mount(struct zc_watch *watch, uint16_t mount, int fd)
{
	int err;

	if (watch->fd < 0 || !zc_watch_is_on(watch))
		return;
	err = mark(watch->fd, fd);
	if (err) {
		say_unwatched(fd, err);
		atomic_store(&watch->some_unwatched, true);
	}
	if (remember(watch, mount, fd, !err) != 0)
		atomic_store(&watch->some_unwatched,
			     true); /* one that is not in the list is not watched */
	/* what was read before the mark may have changed unnoticed */
	atomic_fetch_add(&watch->changes, 1);
}

static void give_back(struct zc_watch *watch)
{
	close(watch->fd);
	if (watch->mounts)
		fclose(watch->mounts);
	free(watch->list);
	pthread_mutex_destroy(&watch->lock);
	watch->fd = -1;
	watch->count = 0;
	watch->list = NULL;
}

int zc_watch_start(struct zc_watch *watch, struct zc_inodes *inodes, struct fuse_session *session,
		   int root_fd, const char *path)
{
	int err = fuse_lowlevel_notify_increment_epoch(session);

	watch->inodes = inodes;
	watch->session = session;
	watch->fd = -1;
	if (err)
		return err == -EINVAL ? -ENOSYS : err;
	if (!zc_mounts_root_has_handles(&inodes->mounts))
		return -EOPNOTSUPP;
	watch->fd = open_queue();
	if (watch->fd < 0)
		return watch->fd;
	pthread_mutex_init(&watch->lock, NULL);
	for (unsigned i = 0; i < ZC_WATCH_LOCKS; i++)
		pthread_mutex_init(&watch->files[i], NULL);
	err = remember(watch, 0, root_fd, true);
	if (!err)
		err = mark(watch->fd, root_fd);
	watch->path = path;
	watch->mounts = fopen("/proc/self/mountinfo", "re");
	if (!err && !watch->mounts)
		err = -errno;
	if (!err)
		err = -pthread_create(&watch->thread, NULL, zc_watch_listen, watch);
	if (err) {
		give_back(watch);
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
	give_back(watch);
	return true;
}

uint64_t zc_watch_now(const struct zc_watch *watch)
{
	return atomic_load_explicit(&watch->changes, memory_order_acquire);
}
