// SPDX-License-Identifier: MIT
// A listing that goes on gets the directory fd that stands where it stopped; each fd has one user.
// Must not know how a directory is read.
#include "one_cache.h"

#include <unistd.h>

static void listing_finds_its_own_fd(void **state)
{
	int fds[3] = { unit_any_fd(), unit_any_fd(), unit_any_fd() };
	int64_t stands_at;

	(void)state;
	for (int i = 0; i < 3; i++)
		zc_fdcache_give_dir(&cache, 1, fds[i], 100 * i, ZC_GRIP_LOOSE);
	for (int i = 1; i < 4; i++) { /* 100, 200, 0 */
		int fd = zc_fdcache_take_dir(&cache, 1, 100 * (i % 3), &stands_at);

		assert_int_equal(fd, fds[i % 3]);
		assert_int_equal(stands_at, 100 * (i % 3));
		close(fd);
	}
	assert_int_equal(zc_fdcache_used(&cache), 0);
}

/* Any is better than none: the caller seeks. */
static void another_position_will_do(void **state)
{
	int fd = unit_any_fd();
	int64_t stands_at = -1;

	(void)state;
	zc_fdcache_give_dir(&cache, 1, fd, INT64_MAX, ZC_GRIP_LOOSE);
	assert_int_equal(zc_fdcache_take_dir(&cache, 1, 0, &stands_at), fd);
	assert_int_equal(stands_at, INT64_MAX);
	assert_true(unit_is_open(fd));
	close(fd);
}

static void taken_fd_is_nobody_elses(void **state)
{
	int fd = unit_any_fd();
	int64_t stands_at;

	(void)state;
	zc_fdcache_give_dir(&cache, 1, fd, 0, ZC_GRIP_LOOSE);
	assert_int_equal(zc_fdcache_take_dir(&cache, 1, 0, &stands_at), fd);
	assert_int_equal(zc_fdcache_take_dir(&cache, 1, 0, &stands_at), -1);
	zc_fdcache_drop(&cache, 1, ~0u);
	assert_true(unit_is_open(fd));
	close(fd);
}

static void other_inodes_and_kinds_are_left_alone(void **state)
{
	int64_t stands_at;

	(void)state;
	cache_add(1, ZC_FD_PATH, ZC_GRIP_LOOSE);
	zc_fdcache_give_dir(&cache, 17, unit_any_fd(), 0, ZC_GRIP_LOOSE); /* same bucket */
	assert_int_equal(zc_fdcache_take_dir(&cache, 1, 0, &stands_at), -1);
	assert_int_equal(zc_fdcache_used(&cache), 2);
	zc_fdcache_drop(&cache, 17, ZC_FD_DIR);
	assert_int_equal(zc_fdcache_used(&cache), 1);
}

#define TEST(name) CACHE_TEST(name, 16)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(listing_finds_its_own_fd),
		TEST(another_position_will_do),
		TEST(taken_fd_is_nobody_elses),
		TEST(other_inodes_and_kinds_are_left_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
