// SPDX-License-Identifier: MIT
// When the fd cache is full, the fd goes that nobody has borrowed for the longest time.
// Must not know how an fd is opened.
#include "one_cache.h"

#define CAPACITY 4u

static void add(uint64_t nodeid)
{
	cache_add(nodeid, ZC_FD_PATH, ZC_GRIP_LOOSE);
}

/* Borrowing is using. */
static bool use(uint64_t nodeid)
{
	return cache_use(nodeid, ZC_FD_PATH);
}

static void unused_ones_go_in_order(void **state)
{
	(void)state;
	for (uint64_t nodeid = 1; nodeid <= 6; nodeid++)
		add(nodeid);
	assert_false(use(1));
	assert_false(use(2));
	for (uint64_t nodeid = 3; nodeid <= 6; nodeid++)
		assert_true(use(nodeid));
}

static void use_makes_young(void **state)
{
	(void)state;
	for (uint64_t nodeid = 1; nodeid <= 4; nodeid++)
		add(nodeid);
	assert_true(use(1)); /* oldest: 2 3 4 1 */
	assert_true(use(3)); /* from the middle: 2 4 1 3 */
	assert_true(use(3)); /* the youngest: as before */
	add(5);
	assert_false(use(2));
	add(6);
	assert_false(use(4));
	add(7);
	assert_false(use(1));
	assert_true(use(3));
	assert_true(use(5));
}

/* The age counts from the end of the last loan. */
static void long_loan_keeps_young(void **state)
{
	struct zc_fd first, second;

	(void)state;
	for (uint64_t nodeid = 1; nodeid <= 4; nodeid++)
		add(nodeid);
	assert_true(zc_fdcache_get(&cache, 1, ZC_FD_PATH, &first));
	assert_true(zc_fdcache_get(&cache, 1, ZC_FD_PATH, &second));
	assert_int_equal(first.fd, second.fd);
	assert_true(use(2));
	assert_true(use(3));
	zc_fdcache_put(&cache, &first);
	assert_true(use(4));
	zc_fdcache_put(&cache, &second); /* 2 3 4 1 */
	add(5);
	add(6);
	add(7);
	assert_true(use(1));
	assert_false(use(4));
}

#define TEST(name) CACHE_TEST(name, CAPACITY)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(unused_ones_go_in_order),
		TEST(use_makes_young),
		TEST(long_loan_keeps_young),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
