// SPDX-License-Identifier: MIT
// Every combination of facts about an open, and the plane that it gets.
// Must not know how data moves on a plane.
#include "unit.h"

#include "zcfs/plane.h"

#define P ZC_PLANE_PASSTHROUGH
#define S ZC_PLANE_SPLICE
#define C ZC_PLANE_COPY
#define K ZC_PLANE_CACHED
#define N ZC_PLANE_NONE

/* Columns: reads; writes; reads a setid file; writes a setid file. */
static const struct {
	enum zc_plane best, already, chosen[4];
} rows[] = {
	{ P, N, { P, P, P, S } }, { P, P, { P, P, P, P } }, { P, S, { S, S, S, S } },
	{ P, C, { C, C, C, C } }, { S, N, { S, S, S, S } }, { S, P, { P, P, P, P } },
	{ S, S, { S, S, S, S } }, { S, C, { C, C, C, C } }, { C, N, { C, C, C, C } },
	{ C, P, { P, P, P, P } }, { C, S, { S, S, S, S } }, { C, C, { C, C, C, C } },
	{ K, N, { K, K, K, K } },
};

static void every_row(void **state)
{
	(void)state;
	for (size_t r = 0; r < sizeof(rows) / sizeof(rows[0]); r++) {
		for (int column = 0; column < 4; column++) {
			struct zc_open_facts facts = {
				.already = rows[r].already,
				.writes = column & 1,
				.setid = column & 2,
			};

			assert_int_equal(zc_plane_choose(rows[r].best, &facts),
					 rows[r].chosen[column]);
		}
	}
}

static void fallback_needs_no_backing_id(void **state)
{
	(void)state;
	assert_int_equal(zc_plane_fallback(), S);
}

static void planes_have_names(void **state)
{
	(void)state;
	assert_string_equal(zc_plane_name(N), "none");
	assert_string_equal(zc_plane_name(P), "passthrough");
	assert_string_equal(zc_plane_name(S), "splice");
	assert_string_equal(zc_plane_name(C), "copy");
	assert_string_equal(zc_plane_name(K), "cached");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row),
		cmocka_unit_test(fallback_needs_no_backing_id),
		cmocka_unit_test(planes_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
