// SPDX-License-Identifier: MIT
// Above the bound, trimming gives back the ids that have been idle longest, and only as many as needed.
// Must not know the kernel: the connection is played.
#include "unit.h"

#include "fake_connection.h"

#define BOUND 4u
#define COUNT 10u

static struct zc_inodes inodes;
static struct zc_backing backing;

static struct zc_slot *slot(uint32_t n)
{
	return &inodes.table.arena.slots[n];
}

static int set_up(void **state)
{
	(void)state;
	fake_connection = (struct fake_connection){ 0 };
	fake_inodes(&inodes, COUNT);
	zc_backing_init(&backing, &inodes, FAKE_DEV_FD, BOUND);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	for (uint32_t n = 1; n <= COUNT; n++)
		zc_backing_slot_release(&backing, slot(n));
	zc_backing_fini(&backing);
	zc_table_fini(&inodes.table);
	return fake_connection.ids ? -1 : 0;
}

static void register_slots(uint32_t first, uint32_t last)
{
	for (uint32_t n = first; n <= last; n++)
		assert_int_equal(zc_backing_slot_register(&backing, slot(n), 0, ZC_BACKING_ROOT),
				 0);
}

/* The slots that have an id, as bits. */
static unsigned with_ids(void)
{
	unsigned bits = 0;

	for (uint32_t n = 1; n <= COUNT; n++)
		bits |= slot(n)->backing_id ? 1u << n : 0;
	return bits;
}

static void oldest_go(void **state)
{
	(void)state;
	register_slots(1, 6);
	assert_int_equal(zc_backing_count(&backing), 6);
	zc_backing_trim(&backing);
	assert_int_equal(with_ids(), 1u << 3 | 1u << 4 | 1u << 5 | 1u << 6);
	assert_int_equal(zc_backing_count(&backing), BOUND);
	assert_int_equal(fake_connection.ids, BOUND);
	zc_backing_trim(&backing);
	assert_int_equal(fake_connection.ids, BOUND);
}

static void use_makes_young(void **state)
{
	(void)state;
	register_slots(1, 4);
	for (uint32_t n = 2; n >= 1; n--) { /* then 3 4 2 1 */
		fake_open(&backing, slot(n));
		fake_open(&backing, slot(n));
		fake_close(&backing, slot(n));
		fake_close(&backing, slot(n));
	}
	register_slots(5, 7);
	zc_backing_trim(&backing);
	assert_int_equal(with_ids(), 1u << 1 | 1u << 5 | 1u << 6 | 1u << 7);
}

static void open_ones_are_passed_over(void **state)
{
	(void)state;
	register_slots(1, 5);
	for (uint32_t n = 1; n <= 5; n++)
		fake_open(&backing, slot(n));
	register_slots(6, 7);
	zc_backing_trim(&backing); /* five of four are open: all that are idle go */
	assert_int_equal(with_ids(), 1u << 1 | 1u << 2 | 1u << 3 | 1u << 4 | 1u << 5);
	zc_backing_trim(&backing);
	assert_int_equal(fake_connection.ids, 5);
	for (uint32_t n = 5; n >= 1; n--)
		fake_close(&backing, slot(n));
	zc_backing_trim(&backing);
	assert_int_equal(with_ids(), 1u << 1 | 1u << 2 | 1u << 3 | 1u << 4);
}

/* From head, middle and end of the list. */
static void released_ones_leave_the_order_alone(void **state)
{
	(void)state;
	register_slots(1, 8);
	zc_backing_slot_release(&backing, slot(1));
	zc_backing_slot_release(&backing, slot(4));
	zc_backing_slot_release(&backing, slot(8));
	zc_backing_slot_release(&backing, slot(8)); /* has none any more */
	assert_int_equal(zc_backing_count(&backing), 5);
	register_slots(9, 9);
	zc_backing_trim(&backing);
	assert_int_equal(with_ids(), 1u << 5 | 1u << 6 | 1u << 7 | 1u << 9);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(oldest_go),
		TEST(use_makes_young),
		TEST(open_ones_are_passed_over),
		TEST(released_ones_leave_the_order_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
