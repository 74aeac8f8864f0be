// SPDX-License-Identifier: MIT
// The clock is the caller's: a loose fd that nobody borrows closes after so many ticks, no other does.
// Must not know how long a tick is.
#include "one_cache.h"

#define TICKS 5u

static void add(uint64_t nodeid, enum zc_fd_grip grip)
{
	cache_add(nodeid, ZC_FD_PATH, grip);
}

static void tick(unsigned count)
{
	while (count--)
		zc_fdcache_expire(&cache, TICKS);
}

static void idle_one_goes_in_time(void **state)
{
	(void)state;
	add(1, ZC_GRIP_LOOSE);
	zc_fdcache_give_dir(&cache, 2, unit_any_fd(), 0, ZC_GRIP_LOOSE);
	tick(TICKS - 1);
	assert_int_equal(zc_fdcache_used(&cache), 2);
	tick(1);
	assert_int_equal(zc_fdcache_used(&cache), 0);
	assert_int_equal(unit_fds(), cache_before);
}

static void use_starts_the_clock_again(void **state)
{
	struct zc_fd fd;

	(void)state;
	tick(3);
	add(1, ZC_GRIP_LOOSE);
	add(2, ZC_GRIP_LOOSE);
	tick(TICKS - 1);
	assert_true(zc_fdcache_get(&cache, 1, ZC_FD_PATH, &fd));
	zc_fdcache_put(&cache, &fd);
	tick(1);
	assert_int_equal(zc_fdcache_used(&cache), 1);
	tick(TICKS - 2);
	assert_int_equal(zc_fdcache_used(&cache), 1);
	tick(1);
	assert_int_equal(zc_fdcache_used(&cache), 0);
}

static void borrowed_open_and_pinned_ones_stay(void **state)
{
	struct zc_fd lent;

	(void)state;
	add(1, ZC_GRIP_OPEN);
	add(2, ZC_GRIP_PINNED);
	zc_fdcache_add(&cache, 3, ZC_FD_PATH, unit_any_fd(), ZC_GRIP_LOOSE, &lent);
	tick(100);
	assert_int_equal(zc_fdcache_used(&cache), 3);
	assert_true(unit_is_open(lent.fd));
	zc_fdcache_put(&cache, &lent);
	tick(TICKS - 1);
	assert_int_equal(zc_fdcache_used(&cache), 3);
	tick(1);
	assert_int_equal(zc_fdcache_used(&cache), 2);
}

/* A daemon that runs for 136 years of one-second ticks. */
static void clock_may_wrap(void **state)
{
	(void)state;
	cache.tick = UINT32_MAX - 1;
	add(1, ZC_GRIP_LOOSE);
	tick(TICKS - 1);
	assert_int_equal(zc_fdcache_used(&cache), 1);
	tick(1);
	assert_int_equal(zc_fdcache_used(&cache), 0);
}

#define TEST(name) CACHE_TEST(name, 16)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(idle_one_goes_in_time),
		TEST(use_starts_the_clock_again),
		TEST(borrowed_open_and_pinned_ones_stay),
		TEST(clock_may_wrap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
