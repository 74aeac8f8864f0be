/* SPDX-License-Identifier: MIT */
/* The fd cache of a test: a fresh one for each, which has to close all that it was given.
 * Must not know how an fd is opened. */
#ifndef ZCFS_ONE_CACHE_H
#define ZCFS_ONE_CACHE_H

#include "unit.h"

extern struct zc_fdcache cache;
extern unsigned cache_before; /* open fds of the process when the test began */

/* A test with a cache of so many fds, for use in main. */
#define CACHE_TEST(name, capacity)                                                                 \
	cmocka_unit_test_prestate_setup_teardown(name, cache_open, cache_close,                    \
						 &(uint32_t){ capacity })
int cache_open(void **state);
int cache_close(void **state);

/* Adds a new fd, borrowed. */
void cache_lend(uint64_t nodeid, enum zc_fd_kind kind, enum zc_fd_grip grip, struct zc_fd *ret);
/* Adds one and gives it back at once. */
void cache_add(uint64_t nodeid, enum zc_fd_kind kind, enum zc_fd_grip grip);
/* Borrows one of these kinds for a moment, which is using it. False if there is none. */
bool cache_use(uint64_t nodeid, unsigned kinds);

#endif
