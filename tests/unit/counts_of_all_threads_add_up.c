// SPDX-License-Identifier: MIT
// Sums are exact once the threads rest, over living threads and ended ones.
// Must not know how a request is served.
#include "unit.h"

#include "zcfs/counters.h"

#define THREADS 8
#define EACH	20000u

static pthread_barrier_t counted, read_by_then;

static void count_all(unsigned thread)
{
	for (unsigned i = 0; i < EACH; i++) {
		zc_count_request(ZC_OP_lookup);
		zc_count_request((enum zc_op)(i % ZC_OP_COUNT));
		if (i % 3 == 0)
			zc_count_error(ZC_OP_ioctl);
		zc_count(ZC_EVENT_read_copy_bytes, 1ULL << 32 | thread);
	}
}

static void *count_and_end(void *arg)
{
	count_all((unsigned)(uintptr_t)arg);
	return NULL;
}

static void *count_and_wait(void *arg)
{
	count_all((unsigned)(uintptr_t)arg);
	pthread_barrier_wait(&counted);
	pthread_barrier_wait(&read_by_then);
	return NULL;
}

static void start(pthread_t threads[THREADS], void *(*fn)(void *))
{
	for (uintptr_t t = 0; t < THREADS; t++)
		assert_int_equal(pthread_create(&threads[t], NULL, fn, (void *)t), 0);
}

/* `rounds` times THREADS threads have counted since `before`. */
static void assert_counted(const struct zc_counts *before, unsigned rounds)
{
	uint64_t bytes = 0, of_each = 0;
	struct zc_counts now;

	zc_counters_read(&now);
	for (unsigned i = 0; i < EACH; i++)
		of_each += i % ZC_OP_COUNT == ZC_OP_lookup;
	for (unsigned t = 0; t < THREADS; t++)
		bytes += (1ULL << 32 | t) * EACH;
	assert_int_equal(now.requests[ZC_OP_lookup] - before->requests[ZC_OP_lookup],
			 rounds * THREADS * (EACH + of_each));
	assert_int_equal(now.errors[ZC_OP_ioctl] - before->errors[ZC_OP_ioctl],
			 rounds * THREADS * ((EACH + 2) / 3));
	assert_int_equal(now.errors[ZC_OP_lookup], before->errors[ZC_OP_lookup]);
	assert_int_equal(now.events[ZC_EVENT_read_copy_bytes] -
			     before->events[ZC_EVENT_read_copy_bytes],
			 rounds * bytes);
	assert_int_equal(now.events[ZC_EVENT_open_copy], before->events[ZC_EVENT_open_copy]);
}

static void ended_threads_are_in_the_sum(void **state)
{
	pthread_t threads[THREADS];
	struct zc_counts before;

	(void)state;
	zc_counters_read(&before);
	for (unsigned round = 1; round <= 3; round++) {
		start(threads, count_and_end);
		for (int t = 0; t < THREADS; t++)
			pthread_join(threads[t], NULL);
		assert_counted(&before, round);
	}
}

static void living_threads_are_in_the_sum(void **state)
{
	pthread_t threads[THREADS];
	struct zc_counts before;

	(void)state;
	zc_counters_read(&before);
	pthread_barrier_init(&counted, NULL, THREADS + 1);
	pthread_barrier_init(&read_by_then, NULL, THREADS + 1);
	start(threads, count_and_wait);
	pthread_barrier_wait(&counted);
	assert_counted(&before, 1);
	pthread_barrier_wait(&read_by_then);
	for (int t = 0; t < THREADS; t++)
		pthread_join(threads[t], NULL);
	assert_counted(&before, 1); /* neither lost nor counted twice at their end */
}

/* A reader that comes in between sees numbers that only grow. */
static void sums_never_shrink(void **state)
{
	pthread_t threads[THREADS];
	struct zc_counts before, last, now;

	(void)state;
	zc_counters_read(&before);
	last = before;
	for (int round = 0; round < 4; round++) {
		start(threads, count_and_end);
		for (int i = 0; i < 2000; i++) {
			zc_counters_read(&now);
			assert_true(now.requests[ZC_OP_lookup] >= last.requests[ZC_OP_lookup]);
			last = now;
		}
		for (int t = 0; t < THREADS; t++)
			pthread_join(threads[t], NULL);
	}
	assert_counted(&before, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ended_threads_are_in_the_sum),
		cmocka_unit_test(living_threads_are_in_the_sum),
		cmocka_unit_test(sums_never_shrink),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
