// SPDX-License-Identifier: MIT
// Which callers look at the files that they list, learned from what they do.
// Must not know directories.
#include <stdatomic.h>
#include <stdint.h>

#include "zcfs/ops.h"

#define WALKERS	 256u /* remembered; callers whose ids are equal modulo this push each other out */
#define LISTINGS 32u  /* so many listings a caller is believed to go on as before */

/* id << 32 | listings left. Lost updates cost a few requests, nothing else. */
static _Atomic uint64_t walkers[WALKERS];

void zc_walker_looked_up(pid_t id)
{
	uint64_t now = (uint64_t)(uint32_t)id << 32 | LISTINGS;
	_Atomic uint64_t *walker = &walkers[(uint32_t)id % WALKERS];

	if (atomic_load_explicit(walker, memory_order_relaxed) != now)
		atomic_store_explicit(walker, now, memory_order_relaxed);
}

bool zc_walker_looks(pid_t id)
{
	_Atomic uint64_t *walker = &walkers[(uint32_t)id % WALKERS];
	uint64_t now = atomic_load_explicit(walker, memory_order_relaxed);

	if (now >> 32 != (uint32_t)id || !(uint32_t)now)
		return false;
	atomic_store_explicit(walker, now - 1, memory_order_relaxed);
	return true;
}
