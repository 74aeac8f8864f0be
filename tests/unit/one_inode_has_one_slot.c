// SPDX-License-Identifier: MIT
// The table gives the same inode the same slot, and different inodes different ones.
// Must not know fds.
#include "unit.h"

#include <string.h>

static struct zc_table table;

static uint64_t add(const struct zc_identification *id)
{
	uint64_t nodeid = 0;

	assert_int_equal(zc_table_find_or_add(&table, id, &nodeid), 0);
	return nodeid;
}

static int open_table(void **state)
{
	(void)state;
	return zc_table_init(&table, 1u << 20);
}

static int close_table(void **state)
{
	(void)state;
	zc_table_fini(&table);
	return 0;
}

static void same_inode_is_found_again(void **state)
{
	struct zc_identification id = unit_id(5);
	uint64_t nodeid = add(&id);

	(void)state;
	assert_int_equal(add(&id), nodeid);
	assert_int_equal(zc_table_find(&table, &id), nodeid);
	assert_int_equal(zc_table_used(&table), 1);
}

static void unknown_inode_is_not_found(void **state)
{
	struct zc_identification id = unit_id(5);

	(void)state;
	assert_int_equal(zc_table_find(&table, &id), 0);
	assert_int_equal(zc_table_used(&table), 0);
	assert_null(zc_table_slot(&table, 1));
}

/* The handle, its type and length, and the mount are what counts; nothing else does. */
static void every_part_of_the_name_counts(void **state)
{
	struct zc_identification ids[6];

	(void)state;
	for (int i = 0; i < 6; i++)
		ids[i] = unit_id(5);
	ids[1].mount = 1;
	ids[2].handle.type = ZC_HANDLE_BY_NUMBER;
	ids[3].handle.len = 7;
	ids[4].handle.bytes[0] ^= 1;
	ids[5].handle.bytes[7] ^= 1;
	for (int i = 0; i < 6; i++) {
		for (int k = 0; k < i; k++)
			assert_int_not_equal(add(&ids[i]), add(&ids[k]));
	}
	assert_int_equal(zc_table_used(&table), 6);
	ids[0].ino++;
	ids[0].dev++;
	ids[0].type++;
	add(&ids[0]);
	assert_int_equal(zc_table_used(&table), 6);
}

static void slot_keeps_what_it_was_told(void **state)
{
	struct zc_identification id = {
		.handle = { .type = 0x81, .len = ZC_HANDLE_MAX },
		.mount = 65534,
		.type = S_IFLNK >> 12,
		.dev = 0xfedcba98,
		.ino = 1ULL << 63,
	};
	struct zc_slot *slot;

	(void)state;
	memset(id.handle.bytes, 0xa5, ZC_HANDLE_MAX);
	slot = zc_table_slot(&table, add(&id));
	assert_non_null(slot);
	assert_int_equal(slot->state, ZC_SLOT_USED);
	assert_int_equal(slot->ino, id.ino);
	assert_int_equal(slot->dev, id.dev);
	assert_int_equal(slot->mount, id.mount);
	assert_int_equal(slot->type, id.type);
	assert_int_equal(slot->handle_type, id.handle.type);
	assert_int_equal(slot->handle_len, ZC_HANDLE_MAX);
	assert_memory_equal(slot->handle, id.handle.bytes, ZC_HANDLE_MAX);
	id.handle.bytes[ZC_HANDLE_MAX - 1]++;
	assert_int_equal(zc_table_find(&table, &id), 0);
}

/* Half a million names make some thirty pairs of equal 32-bit hashes: none is taken for another. */
static void equal_hashes_are_told_apart(void **state)
{
	struct zc_identification id = unit_id(0);

	(void)state;
	for (uint32_t n = 0; n < 1u << 19; n++) {
		id.mount = (uint16_t)n;
		id.handle.type = (int32_t)(n >> 16 & 1);
		id.handle.bytes[7] = (uint8_t)(n >> 17);
		add(&id);
		assert_int_equal(zc_table_used(&table), n + 1);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_table, close_table)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(same_inode_is_found_again),     TEST(unknown_inode_is_not_found),
		TEST(every_part_of_the_name_counts), TEST(slot_keeps_what_it_was_told),
		TEST(equal_hashes_are_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
