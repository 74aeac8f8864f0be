// SPDX-License-Identifier: MIT
// Half a million random calls: after each the table says the same as a plain array with an entry an inode.
// Must not know fds.
#include "unit.h"

#define INODES 3000u
#define STEPS  500000u

static struct zc_table table;

static struct {
	uint64_t nodeid, lookups;
	uint32_t pins;
	bool dying;
} model[INODES];
static uint32_t known;

static void lookup(uint32_t n)
{
	struct zc_identification id = unit_id(n);
	uint64_t nodeid;

	assert_int_equal(zc_table_find_or_add(&table, &id, &nodeid), 0);
	if (model[n].nodeid && !model[n].dying) {
		assert_int_equal(nodeid, model[n].nodeid);
	} else {
		assert_int_not_equal(nodeid, model[n].nodeid);
		known++;
	}
	/* The dying one is buried by its own step below; the model follows the new one. */
	if (model[n].dying) {
		zc_table_bury(&table, model[n].nodeid);
		known--;
	}
	model[n].nodeid = nodeid;
	model[n].lookups = model[n].dying ? 1 : model[n].lookups + 1;
	model[n].dying = false;
}

static void left(uint32_t n, bool last)
{
	assert_int_equal(last, !model[n].lookups && !model[n].pins);
	model[n].dying = last;
}

static void forget(uint32_t n, uint32_t count)
{
	bool last;

	if (!model[n].nodeid || model[n].dying)
		return;
	last = zc_table_forget(&table, model[n].nodeid, count);
	model[n].lookups -= count < model[n].lookups ? count : model[n].lookups;
	left(n, last);
}

static void pin(uint32_t n)
{
	if (!model[n].nodeid || model[n].dying)
		return;
	zc_table_pin(&table, model[n].nodeid);
	model[n].pins++;
}

static void unpin(uint32_t n)
{
	if (!model[n].pins)
		return;
	model[n].pins--;
	left(n, zc_table_unpin(&table, model[n].nodeid));
}

static void bury(uint32_t n)
{
	if (!model[n].dying)
		return;
	zc_table_bury(&table, model[n].nodeid);
	model[n].nodeid = model[n].dying = 0;
	known--;
}

static void compare(uint32_t n)
{
	struct zc_identification id = unit_id(n);
	bool alive = model[n].nodeid && !model[n].dying;
	struct zc_slot *slot;

	assert_int_equal(zc_table_find(&table, &id), alive ? model[n].nodeid : 0);
	assert_int_equal(zc_table_used(&table), known);
	if (!model[n].nodeid)
		return;
	slot = zc_table_slot(&table, model[n].nodeid);
	assert_non_null(slot);
	assert_int_equal(slot->lookups, model[n].lookups);
	assert_int_equal(slot->pins, model[n].pins);
	assert_int_equal(slot->ino, n);
	assert_int_equal(zc_table_alive(&table, model[n].nodeid), alive);
}

static void random_calls(void **state)
{
	uint32_t seed = 42;

	(void)state;
	for (uint32_t step = 0; step < STEPS; step++) {
		uint32_t n = unit_random(&seed) % INODES;

		switch (unit_random(&seed) % 10) {
		case 0:
		case 1:
		case 2:
			lookup(n);
			break;
		case 3:
		case 4:
			forget(n, 1 + unit_random(&seed) % 3);
			break;
		case 5:
			forget(n, 1000000);
			break;
		case 6:
			pin(n);
			break;
		case 7:
		case 8:
			unpin(n);
			break;
		default:
			bury(n);
		}
		compare(n);
		compare(unit_random(&seed) % INODES);
	}
	assert_true(known > INODES / 4); /* else the calls cancelled each other out */
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(random_calls) };
	int failed;

	if (zc_table_init(&table, 1u << 16) != 0)
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	zc_table_fini(&table);
	return failed;
}
