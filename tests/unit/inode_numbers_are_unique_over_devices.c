// SPDX-License-Identifier: MIT
// The mount shows one st_dev, so the inode numbers of all devices below BACKING are kept apart.
// Must not know requests.
#include "unit.h"

#include <stdlib.h>

#define ROOT_DEV (8u << 20 | 1)

static const struct zc_inodes inodes = { .root_dev = ROOT_DEV };

/* Neighbouring partitions and volumes, small and large majors. */
static const uint32_t devs[] = {
	8u << 20 | 2,	8u << 20 | 3,	8u << 20 | 17,		253u << 20 | 0,
	253u << 20 | 1, 253u << 20 | 2, 0u << 20 | 45,		0u << 20 | 46,
	7u << 20 | 0,	259u << 20 | 5, 0xfffu << 20 | 0xfffff,
};
#define DEVS (sizeof(devs) / sizeof(devs[0]))

static uint64_t *numbers;
static size_t count;

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void assert_all_different(void)
{
	qsort(numbers, count, sizeof(*numbers), compare);
	for (size_t i = 1; i < count; i++)
		assert_int_not_equal(numbers[i - 1], numbers[i]);
}

static int set_up(void **state)
{
	(void)state;
	count = 0;
	numbers = calloc(2000000, sizeof(*numbers));
	return numbers ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	free(numbers);
	return 0;
}

static void add(uint32_t dev, uint64_t ino)
{
	numbers[count++] = zc_inode_number(&inodes, dev, ino);
}

static void own_device_keeps_its_numbers(void **state)
{
	static const uint64_t inos[] = { 1, 2, 256, 1ULL << 31, 1ULL << 40, (1ULL << 63) - 1 };

	(void)state;
	for (size_t i = 0; i < sizeof(inos) / sizeof(inos[0]); i++)
		assert_int_equal(zc_inode_number(&inodes, ROOT_DEV, inos[i]), inos[i]);
}

static void numbers_do_not_change(void **state)
{
	(void)state;
	for (size_t d = 0; d < DEVS; d++)
		assert_int_equal(zc_inode_number(&inodes, devs[d], 1ULL << 33 | 5),
				 zc_inode_number(&inodes, devs[d], 1ULL << 33 | 5));
}

static void small_numbers_of_all_devices(void **state)
{
	(void)state;
	for (size_t d = 0; d < DEVS; d++) {
		for (uint64_t ino = 1; ino < 20000; ino++)
			add(devs[d], ino);
		for (uint64_t ino = (1ULL << 31) - 1000; ino < (1ULL << 31) + 1000; ino++)
			add(devs[d], ino);
	}
	for (uint64_t ino = 1; ino < 20000; ino++)
		add(ROOT_DEV, ino);
	assert_all_different();
}

/* XFS: the allocation group in the upper half, and the same small numbers in each; so devices that differ
 * by little hold inodes that differ by little. */
static void large_numbers_of_all_devices(void **state)
{
	(void)state;
	for (size_t d = 0; d < DEVS; d++) {
		for (uint64_t group = 1; group < 64; group++) {
			for (uint64_t low = 128; low < 1128; low++)
				add(devs[d], group << 32 | low);
		}
	}
	assert_all_different();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(own_device_keeps_its_numbers),
		TEST(numbers_do_not_change),
		TEST(small_numbers_of_all_devices),
		TEST(large_numbers_of_all_devices),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
