/* SPDX-License-Identifier: MIT */
/*
 * The copies themselves: each moves copy->size bytes, whatever short reads and writes and signals
 * come between. 0, -errno, or -ENODATA if the source ends before. Must not know routes, names.
 */
#ifndef ZC_COMPARE_MOVE_H
#define ZC_COMPARE_MOVE_H

#include "method.h"

int zc_move_whole(struct zc_copy *copy);
int zc_move_4k(struct zc_copy *copy);
int zc_move_64k(struct zc_copy *copy);
int zc_move_1m(struct zc_copy *copy);
int zc_move_sendfile(struct zc_copy *copy);
int zc_move_splice(struct zc_copy *copy);
int zc_move_range(struct zc_copy *copy);
int zc_move_mapped(struct zc_copy *copy);

/* from and to, where they are files, were opened with O_DIRECT; an end that is no whole block is
 * moved through a second open without it. */
int zc_move_direct(struct zc_copy *copy);

/* ring.c, only where liburing is: told_bytes counts, as no tracer sees what goes by the ring. */
int zc_move_ring(struct zc_copy *copy);

#endif
