// SPDX-License-Identifier: MIT
// Which open may use the id that is there: every one of an open file, else none that would write with
// another's credentials. Must not know the kernel: the connection is played.
#include "unit.h"

#include <errno.h>

#include "fake_connection.h"
#include "zcfs/counters.h"

static void every_combination(void **state)
{
	(void)state;
	for (int bits = 0; bits < 32; bits++) {
		bool has_id = bits & 1, is_open = bits & 2, writes = bits & 4, roots = bits & 8;
		bool asks_root = bits & 16;
		struct zc_slot slot = {
			.backing_id = has_id ? 3 : 0,
			.opens = is_open ? 2 : 0,
			.backing_owner = roots ? ZC_BACKING_ROOT : ZC_BACKING_USER,
		};
		bool fits = has_id && (is_open || !writes || roots == asks_root);

		assert_int_equal(zc_backing_slot_fits(
				     &slot, asks_root ? ZC_BACKING_ROOT : ZC_BACKING_USER, writes),
				 fits);
	}
}

static void registering_anew_gives_the_old_one_back(void **state)
{
	struct zc_inodes inodes;
	struct zc_backing backing;
	struct zc_slot *slot;
	int first;

	(void)state;
	fake_inodes(&inodes, 3);
	zc_backing_init(&backing, &inodes, FAKE_DEV_FD, 100);
	slot = &inodes.table.arena.slots[2];
	assert_int_equal(zc_backing_slot_register(&backing, slot, 0, ZC_BACKING_USER), 0);
	first = slot->backing_id;
	assert_int_equal(first, fake_connection.last_id);
	assert_int_equal(slot->backing_owner, ZC_BACKING_USER);
	assert_int_equal(zc_backing_slot_register(&backing, slot, 0, ZC_BACKING_ROOT), 0);
	assert_int_equal(fake_connection.last_closed, first);
	assert_int_equal(slot->backing_owner, ZC_BACKING_ROOT);
	assert_int_equal(zc_backing_count(&backing), 1);
	assert_int_equal(fake_connection.ids, 1);
	zc_backing_slot_release(&backing, slot);
	assert_int_equal(slot->backing_id, 0);
	assert_int_equal(slot->backing_owner, ZC_BACKING_NOBODY);
	assert_int_equal(fake_connection.ids, 0);
	zc_backing_fini(&backing);
	zc_table_fini(&inodes.table);
}

static void refused_registration_leaves_nothing(void **state)
{
	struct zc_counts before, after;
	struct zc_inodes inodes;
	struct zc_backing backing;
	struct zc_slot *slot;

	(void)state;
	fake_inodes(&inodes, 3);
	zc_backing_init(&backing, &inodes, FAKE_DEV_FD, 0);
	slot = &inodes.table.arena.slots[2];
	zc_counters_read(&before);
	fake_connection.refuse = -ELOOP;
	assert_int_equal(zc_backing_slot_register(&backing, slot, 0, ZC_BACKING_ROOT), -ELOOP);
	fake_connection.refuse = 0;
	zc_counters_read(&after);
	assert_int_equal(slot->backing_id, 0);
	assert_int_equal(zc_backing_count(&backing), 0);
	assert_int_equal(after.events[ZC_EVENT_backing_refused],
			 before.events[ZC_EVENT_backing_refused] + 1);
	assert_int_equal(after.events[ZC_EVENT_backing_registered],
			 before.events[ZC_EVENT_backing_registered]);
	fake_open(&backing, slot); /* goes by another plane */
	fake_close(&backing, slot);
	zc_backing_trim(&backing);
	zc_backing_fini(&backing);
	zc_table_fini(&inodes.table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_combination),
		cmocka_unit_test(registering_anew_gives_the_old_one_back),
		cmocka_unit_test(refused_registration_leaves_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
