// SPDX-License-Identifier: MIT
// What is borrowed stays open and findable; where all are borrowed, one more fd lives outside the cache
// until it is given back. Must not know how an fd is opened.
#include "one_cache.h"

#define CAPACITY 4u

static void add(uint64_t nodeid, struct zc_fd *ret)
{
	cache_lend(nodeid, ZC_FD_PATH, ZC_GRIP_LOOSE, ret);
}

static void oldest_is_passed_over(void **state)
{
	struct zc_fd old, fd;

	(void)state;
	add(1, &old);
	for (uint64_t nodeid = 2; nodeid < 100; nodeid++) {
		add(nodeid, &fd);
		zc_fdcache_put(&cache, &fd);
		assert_true(unit_is_open(old.fd));
	}
	assert_true(zc_fdcache_get(&cache, 1, ZC_FD_PATH, &fd));
	assert_int_equal(fd.fd, old.fd);
	zc_fdcache_put(&cache, &fd);
	assert_true(unit_is_open(old.fd)); /* still lent once */
	zc_fdcache_put(&cache, &old);
	assert_int_equal(zc_fdcache_used(&cache), CAPACITY);
}

static void overflow_closes_when_given_back(void **state)
{
	struct zc_fd lent[CAPACITY], more, none;
	int number;

	(void)state;
	for (uint64_t i = 0; i < CAPACITY; i++)
		add(i + 1, &lent[i]);
	add(50, &more);
	number = more.fd;
	assert_true(unit_is_open(number));
	assert_int_equal(more.entry, UINT32_MAX);
	assert_int_equal(zc_fdcache_used(&cache), CAPACITY);
	assert_false(zc_fdcache_get(&cache, 50, ZC_FD_PATH, &none));
	zc_fdcache_put(&cache, &more);
	assert_false(unit_is_open(number));
	for (uint64_t i = 0; i < CAPACITY; i++) {
		assert_true(unit_is_open(lent[i].fd));
		zc_fdcache_put(&cache, &lent[i]);
	}
	assert_int_equal(unit_fds(), cache_before + CAPACITY);
}

static void directory_without_room_is_closed(void **state)
{
	struct zc_fd lent[CAPACITY];
	int64_t position;
	int dir = -1;

	(void)state;
	for (uint64_t i = 0; i < CAPACITY; i++)
		add(i + 1, &lent[i]);
	dir = unit_any_fd();
	zc_fdcache_give_dir(&cache, 60, dir, 0, ZC_GRIP_LOOSE);
	assert_false(unit_is_open(dir));
	assert_int_equal(zc_fdcache_take_dir(&cache, 60, 0, &position), -1);
	for (uint64_t i = 0; i < CAPACITY; i++)
		zc_fdcache_put(&cache, &lent[i]);
}

static void giving_back_nothing_is_legal(void **state)
{
	struct zc_fd none = ZC_FD_NONE;

	(void)state;
	zc_fdcache_put(&cache, &none);
	assert_int_equal(none.fd, -1);
	assert_int_equal(none.entry, UINT32_MAX);
}

#define TEST(name) CACHE_TEST(name, CAPACITY)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(oldest_is_passed_over),
		TEST(overflow_closes_when_given_back),
		TEST(directory_without_room_is_closed),
		TEST(giving_back_nothing_is_legal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
