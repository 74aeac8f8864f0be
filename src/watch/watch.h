/* SPDX-License-Identifier: MIT */
/* Between the rooms of src/watch. Must not know anybody else. */
#ifndef ZC_WATCH_INSIDE_H
#define ZC_WATCH_INSIDE_H

/* The thread: arg is the struct zc_watch. notify.c */
void *zc_watch_listen(void *arg);

#endif
