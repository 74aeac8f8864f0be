/* SPDX-License-Identifier: MIT */
/* Between the rooms of src/watch. Must not know anybody else. */
#ifndef ZC_WATCH_INSIDE_H
#define ZC_WATCH_INSIDE_H

#include <stdbool.h>
#include <stdint.h>

struct zc_change;
struct zc_handle;
struct zc_watch;

/* The nodeid on the nth mount that shows this file system, 0 if there is none known; *n moves on, -1: no more
 * mounts. mark.c */
uint64_t zc_watch_find(struct zc_watch *watch, const int fsid[2], const struct zc_handle *handle,
		       int *n);

/* Whether what is on this mount is watched. mark.c */
bool zc_watch_has_mount(struct zc_watch *watch, uint16_t mount);

/* A number that changes when something is mounted or unmounted below the backing directory. mounts.c */
uint64_t zc_watch_mounts_below(struct zc_watch *watch);

/* A file was written to: it is watched no more. True if the kernel may remember something of it. file.c */
bool zc_watch_file_written(struct zc_watch *watch, const struct zc_change *change);

/* The same for one slot. file.c */
void zc_watch_slot_changed(struct zc_watch *watch, uint64_t nodeid);

/* Something else was changed in a file or directory: whether the kernel may remember something of it, which
 * from now on it may not before it asks again. file.c */
bool zc_watch_inode_changed(struct zc_watch *watch, const struct zc_change *change,
			    const struct zc_handle *handle);

/* The thread: arg is the struct zc_watch. notify.c */
void *zc_watch_listen(void *arg);

#endif
