// SPDX-License-Identifier: MIT
// The fd cache of a test (one_cache.h).
// Must not know how an fd is opened.
#include "one_cache.h"

struct zc_fdcache cache;
unsigned cache_before;

int cache_open(void **state)
{
	const uint32_t *capacity = *state;

	cache_before = unit_fds();
	return zc_fdcache_init(&cache, *capacity, *capacity);
}

int cache_close(void **state)
{
	(void)state;
	zc_fdcache_fini(&cache);
	return unit_fds() == cache_before ? 0 : -1;
}

void cache_lend(uint64_t nodeid, enum zc_fd_kind kind, enum zc_fd_grip grip, struct zc_fd *ret)
{
	zc_fdcache_add(&cache, nodeid, kind, unit_any_fd(), grip, ret);
}

void cache_add(uint64_t nodeid, enum zc_fd_kind kind, enum zc_fd_grip grip)
{
	struct zc_fd fd;

	cache_lend(nodeid, kind, grip, &fd);
	zc_fdcache_put(&cache, &fd);
	assert_int_equal(fd.fd, -1); /* giving back leaves nothing to use */
}

bool cache_use(uint64_t nodeid, unsigned kinds)
{
	struct zc_fd fd;

	if (!zc_fdcache_get(&cache, nodeid, kinds, &fd))
		return false;
	zc_fdcache_put(&cache, &fd);
	return true;
}
