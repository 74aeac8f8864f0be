// SPDX-License-Identifier: MIT
// The clock is the caller's: a loose fd that nobody borrows closes after so many ticks, no other does.
// Must not know how long a tick is.
#include "unit.h"

#define TICKS 5u

static struct zc_fdcache cache;
static unsigned before;

static int open_cache(void **state)
{
	(void)state;
	before = unit_fds();
	return zc_fdcache_init(&cache, 16, 16);
}

static int close_cache(void **state)
{
	(void)state;
	zc_fdcache_fini(&cache);
	return unit_fds() == before ? 0 : -1;
}

static void add(uint64_t nodeid, enum zc_fd_grip grip)
{
	struct zc_fd fd;

	zc_fdcache_add(&cache, nodeid, ZC_FD_PATH, unit_any_fd(), grip, &fd);
	zc_fdcache_put(&cache, &fd);
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
	assert_int_equal(unit_fds(), before);
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

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_cache, close_cache)

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
