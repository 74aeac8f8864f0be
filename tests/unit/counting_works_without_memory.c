// SPDX-License-Identifier: MIT
// A thread that gets no memory for counters of its own counts all the same.
// Knows that the memory comes from calloc(3), which it replaces (meson.build wraps it).
#include "unit.h"

#include "zcfs/counters.h"

static bool refuse;

void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);

void *__wrap_calloc(size_t count, size_t size)
{
	return refuse ? NULL : __real_calloc(count, size);
}

static void *count(void *arg)
{
	(void)arg;
	refuse = true;
	zc_count_request(ZC_OP_open);
	refuse = false;
	zc_count_request(ZC_OP_open);
	zc_count(ZC_EVENT_open_splice, 5);
	return NULL;
}

static void spare_is_in_the_sum(void **state)
{
	struct zc_counts before, after;
	pthread_t thread;

	(void)state;
	zc_counters_read(&before);
	for (int i = 0; i < 2; i++) { /* one after the other: the spare is shared */
		assert_int_equal(pthread_create(&thread, NULL, count, NULL), 0);
		pthread_join(thread, NULL);
	}
	zc_counters_read(&after);
	assert_int_equal(after.requests[ZC_OP_open], before.requests[ZC_OP_open] + 4);
	assert_int_equal(after.events[ZC_EVENT_open_splice],
			 before.events[ZC_EVENT_open_splice] + 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(spare_is_in_the_sum) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
