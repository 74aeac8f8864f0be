// SPDX-License-Identifier: MIT
// Grips: what can be had again by its handle goes first, then fds of open files, pinned ones never.
// Must not know how an fd is opened.
#include "one_cache.h"

#define CAPACITY 4u

static void add(uint64_t nodeid, enum zc_fd_grip grip)
{
	cache_add(nodeid, ZC_FD_READ, grip);
}

static bool has(uint64_t nodeid)
{
	return cache_use(nodeid, ZC_FD_ANY);
}

static void younger_loose_one_goes_before_older_open_one(void **state)
{
	(void)state;
	add(1, ZC_GRIP_OPEN);
	add(2, ZC_GRIP_OPEN);
	add(3, ZC_GRIP_LOOSE);
	add(4, ZC_GRIP_LOOSE);
	add(5, ZC_GRIP_OPEN);
	assert_false(has(3));
	add(6, ZC_GRIP_OPEN);
	assert_false(has(4));
	add(7, ZC_GRIP_LOOSE); /* nothing loose is left: the oldest open one */
	assert_false(has(1));
	assert_true(has(2));
	assert_true(has(7));
}

static void pinned_ones_stay(void **state)
{
	struct zc_fd more;

	(void)state;
	add(1, ZC_GRIP_PINNED);
	add(2, ZC_GRIP_PINNED);
	for (uint64_t nodeid = 3; nodeid < 50; nodeid++)
		add(nodeid, nodeid % 2 ? ZC_GRIP_LOOSE : ZC_GRIP_OPEN);
	assert_true(has(1));
	assert_true(has(2));
	add(50, ZC_GRIP_PINNED);
	add(51, ZC_GRIP_PINNED);
	zc_fdcache_add(&cache, 52, ZC_FD_READ, unit_any_fd(), ZC_GRIP_PINNED, &more);
	assert_int_equal(more.entry, UINT32_MAX); /* four pinned ones fill it */
	zc_fdcache_put(&cache, &more);
	assert_true(has(1) && has(2) && has(50) && has(51));
	zc_fdcache_drop(&cache, 1, ~0u);
	assert_false(has(1));
	assert_int_equal(zc_fdcache_used(&cache), 3);
}

/* Idle or borrowed, an fd changes from one grip to another and back. */
static void grip_can_be_changed(void **state)
{
	struct zc_fd fd;

	(void)state;
	add(1, ZC_GRIP_LOOSE);
	zc_fdcache_regrip(&cache, 1, ZC_FD_PATH, ZC_GRIP_PINNED); /* not of that kind */
	for (uint64_t nodeid = 2; nodeid < 10; nodeid++)
		add(nodeid, ZC_GRIP_LOOSE);
	assert_false(has(1));

	zc_fdcache_regrip(&cache, 9, ZC_FD_READ, ZC_GRIP_PINNED);
	assert_true(zc_fdcache_get(&cache, 8, ZC_FD_READ, &fd));
	zc_fdcache_regrip(&cache, 8, ~0u, ZC_GRIP_PINNED);
	zc_fdcache_put(&cache, &fd);
	for (uint64_t nodeid = 10; nodeid < 30; nodeid++)
		add(nodeid, ZC_GRIP_OPEN);
	assert_true(has(9));
	assert_true(has(8));

	zc_fdcache_regrip(&cache, 9, ~0u, ZC_GRIP_LOOSE);
	assert_true(zc_fdcache_get(&cache, 8, ZC_FD_READ, &fd));
	zc_fdcache_regrip(&cache, 8, ~0u, ZC_GRIP_LOOSE);
	zc_fdcache_put(&cache, &fd);
	add(30, ZC_GRIP_OPEN);
	add(31, ZC_GRIP_OPEN);
	assert_false(has(9));
	assert_false(has(8));
	assert_int_equal(zc_fdcache_used(&cache), CAPACITY);
}

#define TEST(name) CACHE_TEST(name, CAPACITY)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(younger_loose_one_goes_before_older_open_one),
		TEST(pinned_ones_stay),
		TEST(grip_can_be_changed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
