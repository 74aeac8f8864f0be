// SPDX-License-Identifier: MIT
// The cache lends an fd of one of the kinds asked for, of that inode, and directories never.
// Must not know how an fd is opened.
#include "unit.h"

static const enum zc_fd_kind kinds[] = { ZC_FD_PATH, ZC_FD_READ,   ZC_FD_WRITE,
					 ZC_FD_RDWR, ZC_FD_APPEND, ZC_FD_DIR };
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static void every_kind_against_every_mask(void **state)
{
	struct zc_fdcache cache;
	struct zc_fd fd;

	(void)state;
	for (size_t k = 0; k < KINDS; k++) {
		assert_int_equal(zc_fdcache_init(&cache, 4, 4), 0);
		zc_fdcache_add(&cache, 1, kinds[k], unit_any_fd(), ZC_GRIP_LOOSE, &fd);
		zc_fdcache_put(&cache, &fd);
		for (unsigned mask = 0; mask < 64; mask++) {
			bool got = zc_fdcache_get(&cache, 1, mask, &fd);

			assert_int_equal(got, (mask & kinds[k]) != 0);
			if (got)
				zc_fdcache_put(&cache, &fd);
		}
		zc_fdcache_fini(&cache);
	}
}

static void masks_hold_what_they_say(void **state)
{
	(void)state;
	assert_int_equal(ZC_FD_CAN_READ & (ZC_FD_WRITE | ZC_FD_APPEND | ZC_FD_PATH), 0);
	assert_int_equal(ZC_FD_CAN_WRITE & (ZC_FD_READ | ZC_FD_APPEND | ZC_FD_PATH), 0);
	assert_int_equal(ZC_FD_DATA & (ZC_FD_PATH | ZC_FD_DIR), 0);
	assert_int_equal(ZC_FD_ANY & ZC_FD_DIR, 0);
	assert_int_equal(ZC_FD_ANY | ZC_FD_DIR, 63);
}

/* Neighbours in a bucket, the same slot in another generation: none is mistaken for another. */
static void nobody_elses_fd_is_lent(void **state)
{
	static const uint64_t nodeids[] = { 1, 1 + 16, 1 + 32, 1ULL << 32 | 1, 16ULL << 32 | 1 };
	struct zc_fdcache cache;
	struct zc_fd fds[5], fd;

	(void)state;
	assert_int_equal(zc_fdcache_init(&cache, 16, 16), 0);
	for (int i = 0; i < 5; i++)
		zc_fdcache_add(&cache, nodeids[i], ZC_FD_PATH, unit_any_fd(), ZC_GRIP_LOOSE,
			       &fds[i]);
	for (int i = 0; i < 5; i++) {
		assert_true(zc_fdcache_get(&cache, nodeids[i], ZC_FD_PATH, &fd));
		assert_int_equal(fd.fd, fds[i].fd);
		zc_fdcache_put(&cache, &fd);
		zc_fdcache_put(&cache, &fds[i]);
	}
	assert_false(zc_fdcache_get(&cache, 49, ZC_FD_PATH, &fd));
	zc_fdcache_fini(&cache);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_against_every_mask),
		cmocka_unit_test(masks_hold_what_they_say),
		cmocka_unit_test(nobody_elses_fd_is_lent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
