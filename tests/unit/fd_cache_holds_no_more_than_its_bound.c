// SPDX-License-Identifier: MIT
// The fd cache keeps as many fds as it was told, and no more; what it lets go it closes.
// Must not know how an fd is opened.
#include "one_cache.h"

#define CAPACITY 8u

static void thousand_inodes_leave_eight_fds(void **state)
{
	struct zc_fd fd;

	(void)state;
	for (uint64_t nodeid = 1; nodeid <= 1000; nodeid++) {
		cache_add(nodeid, ZC_FD_PATH, ZC_GRIP_LOOSE);
		assert_true(zc_fdcache_used(&cache) <= CAPACITY);
		assert_true(unit_fds() <= cache_before + CAPACITY);
	}
	assert_int_equal(zc_fdcache_used(&cache), CAPACITY);
	assert_int_equal(unit_fds(), cache_before + CAPACITY);
	assert_false(zc_fdcache_get(&cache, 992, ZC_FD_ANY, &fd));
	for (uint64_t nodeid = 993; nodeid <= 1000; nodeid++) {
		assert_true(zc_fdcache_get(&cache, nodeid, ZC_FD_ANY, &fd));
		assert_true(unit_is_open(fd.fd));
		zc_fdcache_put(&cache, &fd);
	}
}

static void one_inode_is_bound_too(void **state)
{
	(void)state;
	for (int i = 0; i < 100; i++)
		cache_add(1, ZC_FD_PATH, ZC_GRIP_LOOSE);
	assert_int_equal(unit_fds(), cache_before + CAPACITY);
	zc_fdcache_drop(&cache, 1, ~0u);
	assert_int_equal(unit_fds(), cache_before);
	assert_int_equal(zc_fdcache_used(&cache), 0);
}

/* Directory fds count like all others. */
static void given_back_directories_are_bound_too(void **state)
{
	(void)state;
	for (int i = 0; i < 100; i++)
		zc_fdcache_give_dir(&cache, 1, unit_any_fd(), i, ZC_GRIP_LOOSE);
	assert_int_equal(unit_fds(), cache_before + CAPACITY);
}

static void cache_of_one_works(void **state)
{
	struct zc_fdcache one;
	struct zc_fd fd;

	(void)state;
	assert_int_equal(zc_fdcache_init(&one, 1, 1), 0);
	for (uint64_t nodeid = 1; nodeid < 10; nodeid++) {
		zc_fdcache_add(&one, nodeid, ZC_FD_PATH, unit_any_fd(), ZC_GRIP_LOOSE, &fd);
		zc_fdcache_put(&one, &fd);
	}
	assert_int_equal(zc_fdcache_used(&one), 1);
	assert_true(zc_fdcache_get(&one, 9, ZC_FD_ANY, &fd));
	zc_fdcache_put(&one, &fd);
	zc_fdcache_fini(&one);
	zc_fdcache_fini(&one); /* legal for one that is gone */
}

static bool keeps(struct zc_fdcache *of, uint64_t nodeid, enum zc_fd_grip grip)
{
	struct zc_fd fd;
	bool kept;

	zc_fdcache_add(of, nodeid, ZC_FD_PATH, unit_any_fd(), grip, &fd);
	kept = fd.entry != UINT32_MAX;
	zc_fdcache_put(of, &fd);
	return kept;
}

/* Up to the second bound: what is pinned cannot be had again. */
static void pinned_ones_may_be_more(void **state)
{
	struct zc_fdcache two;

	(void)state;
	assert_int_equal(zc_fdcache_init(&two, 2, 5), 0);
	assert_true(keeps(&two, 1, ZC_GRIP_LOOSE));
	for (uint64_t nodeid = 2; nodeid <= 6; nodeid++)
		assert_true(keeps(&two, nodeid, ZC_GRIP_PINNED));
	assert_int_equal(zc_fdcache_used(&two), 5); /* the loose one has gone */
	assert_false(keeps(&two, 7, ZC_GRIP_PINNED));
	assert_false(keeps(&two, 8, ZC_GRIP_LOOSE));
	for (uint64_t nodeid = 2; nodeid <= 5; nodeid++)
		zc_fdcache_drop(&two, nodeid, ~0u);
	for (uint64_t nodeid = 9; nodeid <= 20; nodeid++)
		assert_true(keeps(&two, nodeid, ZC_GRIP_LOOSE));
	assert_int_equal(zc_fdcache_used(&two), 2); /* back to the first bound */
	zc_fdcache_fini(&two);
}

#define TEST(name) CACHE_TEST(name, CAPACITY)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(thousand_inodes_leave_eight_fds),
		TEST(one_inode_is_bound_too),
		TEST(given_back_directories_are_bound_too),
		TEST(cache_of_one_works),
		TEST(pinned_ones_may_be_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
