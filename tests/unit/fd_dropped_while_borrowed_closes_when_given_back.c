// SPDX-License-Identifier: MIT
// A dropped or detached fd is not found any more; a borrower keeps it until the end of the last loan.
// Must not know how an fd is opened.
#include "one_cache.h"

static void add(uint64_t nodeid, enum zc_fd_kind kind, struct zc_fd *ret)
{
	cache_lend(nodeid, kind, ZC_GRIP_LOOSE, ret);
}

static void idle_one_closes_at_once(void **state)
{
	struct zc_fd fd;
	int number;

	(void)state;
	add(1, ZC_FD_PATH, &fd);
	number = fd.fd;
	zc_fdcache_put(&cache, &fd);
	assert_true(unit_is_open(number));
	zc_fdcache_drop(&cache, 1, ~0u);
	assert_false(unit_is_open(number));
	assert_int_equal(zc_fdcache_used(&cache), 0);
}

static void borrowed_one_closes_at_the_last_put(void **state)
{
	struct zc_fd first, second, none;
	int number;

	(void)state;
	add(1, ZC_FD_PATH, &first);
	assert_true(zc_fdcache_get(&cache, 1, ZC_FD_PATH, &second));
	number = first.fd;
	zc_fdcache_drop(&cache, 1, ~0u);
	zc_fdcache_drop(&cache, 1, ~0u); /* it is gone already */
	assert_false(zc_fdcache_get(&cache, 1, ~0u, &none));
	assert_true(unit_is_open(number));
	zc_fdcache_put(&cache, &first);
	assert_true(unit_is_open(number));
	zc_fdcache_put(&cache, &second);
	assert_false(unit_is_open(number));
	assert_int_equal(zc_fdcache_used(&cache), 0);
}

/* The entry is still the old one's while an fd for the same inode comes anew. */
static void successor_is_another_entry(void **state)
{
	struct zc_fd old, new, found;

	(void)state;
	add(1, ZC_FD_PATH, &old);
	zc_fdcache_drop(&cache, 1, ZC_FD_PATH);
	add(1, ZC_FD_PATH, &new);
	assert_int_not_equal(old.entry, new.entry);
	assert_true(zc_fdcache_get(&cache, 1, ZC_FD_PATH, &found));
	assert_int_equal(found.fd, new.fd);
	zc_fdcache_put(&cache, &old);
	assert_true(unit_is_open(new.fd));
	zc_fdcache_put(&cache, &new);
	zc_fdcache_put(&cache, &found);
	assert_int_equal(zc_fdcache_used(&cache), 1);
}

static void only_what_is_named_goes(void **state)
{
	struct zc_fd path, data, other, found;

	(void)state;
	add(1, ZC_FD_PATH, &path);
	add(1, ZC_FD_WRITE, &data);
	add(17, ZC_FD_WRITE, &other); /* same bucket as 1 */
	zc_fdcache_put(&cache, &path);
	zc_fdcache_put(&cache, &data);
	zc_fdcache_put(&cache, &other);
	zc_fdcache_drop(&cache, 1, ZC_FD_DATA);
	assert_false(zc_fdcache_get(&cache, 1, ZC_FD_DATA, &found));
	assert_true(zc_fdcache_get(&cache, 1, ZC_FD_PATH, &found));
	zc_fdcache_put(&cache, &found);
	assert_true(zc_fdcache_get(&cache, 17, ZC_FD_DATA, &found));
	zc_fdcache_put(&cache, &found);
	zc_fdcache_drop(&cache, 99, ~0u); /* unknown: ignored */
	assert_int_equal(zc_fdcache_used(&cache), 2);
}

/* What the last close of a file lets go: also what a request gives back only now, not what a nameless
 * file lives by. */
static void detached_are_all_but_pinned_ones(void **state)
{
	struct zc_fd idle, borrowed;
	uint32_t list;
	int number;

	(void)state;
	cache_lend(1, ZC_FD_WRITE, ZC_GRIP_OPEN, &idle);
	cache_lend(1, ZC_FD_RDWR, ZC_GRIP_OPEN, &borrowed);
	cache_add(1, ZC_FD_READ, ZC_GRIP_PINNED);
	cache_add(1, ZC_FD_PATH, ZC_GRIP_LOOSE);
	number = idle.fd;
	zc_fdcache_put(&cache, &idle);
	list = zc_fdcache_detach(&cache, 1, ZC_FD_DATA, 0);
	assert_true(unit_is_open(number)); /* until the list is closed */
	assert_false(cache_use(1, ZC_FD_WRITE));
	zc_fdcache_close(&cache, list);
	assert_false(unit_is_open(number));
	assert_true(unit_is_open(borrowed.fd));
	number = borrowed.fd;
	zc_fdcache_put(&cache, &borrowed);
	assert_false(unit_is_open(number));
	assert_false(cache_use(1, ZC_FD_RDWR));
	assert_true(cache_use(1, ZC_FD_READ));
	assert_true(cache_use(1, ZC_FD_PATH));
	assert_int_equal(zc_fdcache_used(&cache), 2);
	zc_fdcache_close(&cache,
			 zc_fdcache_detach(&cache, 99, ~0u, 0)); /* unknown: nothing to close */
}

static void an_owner_finds_and_takes_his_own(void **state)
{
	struct zc_fd first, second, found;

	(void)state;
	cache_lend(1, ZC_FD_WRITE, ZC_GRIP_OPEN, &first);
	cache_lend(1, ZC_FD_OWN, ZC_GRIP_OPEN, &second);
	zc_fdcache_own(&cache, &first, 7);
	zc_fdcache_own(&cache, &second, 8);
	assert_true(zc_fdcache_get_own(&cache, 1, 8, &found));
	assert_int_equal(found.fd, second.fd);
	zc_fdcache_put(&cache, &found);
	assert_false(zc_fdcache_get_own(&cache, 1, 9, &found));
	assert_false(zc_fdcache_get_own(&cache, 2, 7, &found));
	assert_false(cache_use(1, ZC_FD_READ | ZC_FD_RDWR)); /* of no use to others */
	zc_fdcache_put(&cache, &first);
	zc_fdcache_put(&cache, &second);
	zc_fdcache_close(&cache, zc_fdcache_detach(&cache, 1, ~0u, 8));
	assert_false(zc_fdcache_get_own(&cache, 1, 8, &found));
	assert_true(cache_use(1, ZC_FD_WRITE));
	assert_int_equal(zc_fdcache_used(&cache), 1);
}

#define TEST(name) CACHE_TEST(name, 16)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(idle_one_closes_at_once),		TEST(borrowed_one_closes_at_the_last_put),
		TEST(successor_is_another_entry),	TEST(only_what_is_named_goes),
		TEST(detached_are_all_but_pinned_ones), TEST(an_owner_finds_and_takes_his_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
