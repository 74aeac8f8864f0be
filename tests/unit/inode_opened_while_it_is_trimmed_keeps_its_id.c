// SPDX-License-Identifier: MIT
// An open that comes between the choice of an idle backing id and its release: the id stays, others go.
// Knows that the room asks the table for the slot in between, which is where this test cuts in.
#include "unit.h"

#include "fake_connection.h"

#define COUNT 6u

static struct zc_inodes inodes;
static struct zc_backing backing;
static uint64_t to_open;

struct zc_slot *__real_zc_table_slot(struct zc_table *table, uint64_t nodeid);
struct zc_slot *__wrap_zc_table_slot(struct zc_table *table, uint64_t nodeid);

struct zc_slot *__wrap_zc_table_slot(struct zc_table *table, uint64_t nodeid)
{
	struct zc_slot *slot = __real_zc_table_slot(table, nodeid);

	if (slot && nodeid == to_open) {
		to_open = 0;
		fake_open(&backing, slot);
	}
	return slot;
}

static void id_stays(void **state)
{
	struct zc_slot *slots;

	(void)state;
	fake_inodes(&inodes, COUNT);
	zc_backing_init(&backing, &inodes, FAKE_DEV_FD, 3);
	slots = inodes.table.arena.slots;
	for (uint32_t n = 1; n <= COUNT; n++)
		assert_int_equal(zc_backing_slot_register(&backing, &slots[n], 0, ZC_BACKING_ROOT),
				 0);
	to_open = 2;
	zc_backing_trim(&backing);
	assert_int_equal(to_open, 0); /* else this showed nothing */
	assert_int_equal(zc_backing_count(&backing), 3);
	assert_false(slots[1].backing_id || slots[3].backing_id || slots[4].backing_id);
	assert_true(slots[2].backing_id && slots[5].backing_id && slots[6].backing_id);
	fake_close(&backing, &slots[2]);
	for (uint32_t n = 1; n <= COUNT; n++)
		zc_backing_slot_release(&backing, &slots[n]);
	assert_int_equal(fake_connection.ids, 0);
	zc_backing_fini(&backing);
	zc_table_fini(&inodes.table);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(id_stays) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
