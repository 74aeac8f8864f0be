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
		zc_fdcache_give_dir(&cache, 1, unit_any_fd(), i);
	assert_int_equal(unit_fds(), cache_before + CAPACITY);
}

static void cache_of_one_works(void **state)
{
	struct zc_fdcache one;
	struct zc_fd fd;

	(void)state;
	assert_int_equal(zc_fdcache_init(&one, 1), 0);
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

#define TEST(name) CACHE_TEST(name, CAPACITY)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(thousand_inodes_leave_eight_fds),
		TEST(one_inode_is_bound_too),
		TEST(given_back_directories_are_bound_too),
		TEST(cache_of_one_works),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
