/* SPDX-License-Identifier: MIT */
/* A result as a real run gives it, but always the same: for tests of what is said and drawn.
 * Must not know how anything is shown. */
#ifndef ZC_COMPARE_MADE_UP_H
#define ZC_COMPARE_MADE_UP_H

#include "result.h"

#define MADE_UP_SIZE (16u << 20)

/* 4 routes, 16 methods; plain, plain again, passthrough, splice, copy; 5 samples each. Caller ends it
 * with zc_result_fini and free. */
struct zc_result *made_up(void);

/* Wall times of a cell, nothing else. */
void made_up_walls(struct zc_cell *cell, int count, const double *walls);

#endif
