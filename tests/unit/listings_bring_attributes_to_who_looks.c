// SPDX-License-Identifier: MIT
// Who has looked files up gets attributes with the next listings, for a while; nobody else does.
// Must not know directories.
#include "unit.h"

#include "zcfs/ops.h"

#define FOR_EVER 10000 /* more listings than anybody is believed for */

static void stranger_gets_names(void **state)
{
	(void)state;
	assert_false(zc_walker_looks(100));
}

static void who_looks_gets_attributes_for_a_while(void **state)
{
	int listings = 0;

	(void)state;
	zc_walker_looked_up(101);
	while (listings < FOR_EVER && zc_walker_looks(101))
		listings++;
	assert_in_range(listings, 2, FOR_EVER - 1);
	assert_false(zc_walker_looks(101));
	zc_walker_looked_up(101); /* looks again */
	assert_true(zc_walker_looks(101));
	assert_false(zc_walker_looks(102));
}

static void one_of_the_same_place_takes_it(void **state)
{
	(void)state;
	zc_walker_looked_up(7);
	zc_walker_looked_up(7 + 256);
	assert_false(zc_walker_looks(7));
	assert_true(zc_walker_looks(7 + 256));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stranger_gets_names),
		cmocka_unit_test(who_looks_gets_attributes_for_a_while),
		cmocka_unit_test(one_of_the_same_place_takes_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
