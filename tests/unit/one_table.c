// SPDX-License-Identifier: MIT
// The table of a test (one_table.h).
// Must not know fds.
#include "one_table.h"

struct zc_table table;

int table_open(void **state)
{
	(void)state;
	return zc_table_init(&table, 4096);
}

int table_close(void **state)
{
	(void)state;
	zc_table_fini(&table);
	return 0;
}

uint64_t table_add(uint64_t n)
{
	struct zc_identification id = unit_id(n);
	uint64_t nodeid = 0;

	assert_int_equal(zc_table_find_or_add(&table, &id, &nodeid), 0);
	return nodeid;
}
