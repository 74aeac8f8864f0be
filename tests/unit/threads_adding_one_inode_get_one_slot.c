// SPDX-License-Identifier: MIT
// Find-or-add is one step: threads that find the same new inode at the same moment agree on its slot.
// Must not know fds.
#include "unit.h"

#define THREADS 4
#define COUNT	20000u

static struct zc_table table;
static uint64_t seen[THREADS][COUNT];
static pthread_barrier_t start;

static void *add_all(void *arg)
{
	uint64_t *mine = arg;

	for (uint64_t n = 0; n < COUNT; n++) {
		struct zc_identification id = unit_id(n);

		if (n % 64 == 0)
			pthread_barrier_wait(&start);
		if (zc_table_find_or_add(&table, &id, &mine[n]) != 0)
			mine[n] = 0;
	}
	return NULL;
}

static void *forget_all(void *arg)
{
	uint64_t *mine = arg;

	for (uint64_t n = 0; n < COUNT; n++) {
		if (n % 64 == 0)
			pthread_barrier_wait(&start);
		if (zc_table_forget(&table, mine[n], 1))
			zc_table_bury(&table, mine[n]);
	}
	return NULL;
}

static void run(void *(*fn)(void *))
{
	pthread_t threads[THREADS];

	for (int t = 0; t < THREADS; t++)
		assert_int_equal(pthread_create(&threads[t], NULL, fn, seen[t]), 0);
	for (int t = 0; t < THREADS; t++)
		pthread_join(threads[t], NULL);
}

static void all_agree(void **state)
{
	(void)state;
	run(add_all);
	assert_int_equal(zc_table_used(&table), COUNT);
	for (uint64_t n = 0; n < COUNT; n++) {
		for (int t = 0; t < THREADS; t++)
			assert_int_equal(seen[t][n], seen[0][n]);
		assert_int_equal(zc_table_slot(&table, seen[0][n])->lookups, THREADS);
	}
}

static void one_of_them_buries(void **state)
{
	(void)state;
	run(forget_all);
	assert_int_equal(zc_table_used(&table), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_agree),
		cmocka_unit_test(one_of_them_buries),
	};
	int failed;

	if (zc_table_init(&table, 1u << 20) != 0 || pthread_barrier_init(&start, NULL, THREADS))
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	zc_table_fini(&table);
	return failed;
}
