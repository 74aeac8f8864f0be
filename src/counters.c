// SPDX-License-Identifier: MIT
// Per-thread counters in a list; the reader adds them up.
// Must not know how a request is served.
#include "zcfs/counters.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

/* Written by one thread with plain relaxed stores, read by any. */
struct thread_counts {
	_Atomic uint64_t requests[ZC_OP_COUNT];
	_Atomic uint64_t errors[ZC_OP_COUNT];
	_Atomic uint64_t events[ZC_EVENT_COUNT];
	struct thread_counts *next;
};

/* Guards the list and `ended`; rank: innermost, nothing is called while it is held. */
static pthread_mutex_t list_lock = PTHREAD_MUTEX_INITIALIZER;
static struct thread_counts spare; /* shared by threads for which no memory could be had */
static struct thread_counts *list = &spare;
static struct zc_counts ended; /* of threads that have gone */

static _Thread_local struct thread_counts *mine;

static pthread_key_t exit_key;
static pthread_once_t exit_key_once = PTHREAD_ONCE_INIT;

static void add(struct zc_counts *sum, struct thread_counts *part)
{
	for (int i = 0; i < ZC_OP_COUNT; i++) {
		sum->requests[i] += atomic_load_explicit(&part->requests[i], memory_order_relaxed);
		sum->errors[i] += atomic_load_explicit(&part->errors[i], memory_order_relaxed);
	}
	for (int i = 0; i < ZC_EVENT_COUNT; i++)
		sum->events[i] += atomic_load_explicit(&part->events[i], memory_order_relaxed);
}

static void thread_ended(void *arg)
{
	struct thread_counts **link;
	struct thread_counts *gone = arg;

	pthread_mutex_lock(&list_lock);
	add(&ended, gone);
	for (link = &list; *link != gone; link = &(*link)->next)
		;
	*link = gone->next;
	pthread_mutex_unlock(&list_lock);
	free(gone);
}

static void make_exit_key(void)
{
	if (pthread_key_create(&exit_key, thread_ended) != 0)
		abort(); /* once, at the first request: a process without a single key left */
}

static struct thread_counts *thread_counts(void)
{
	if (mine)
		return mine;
	pthread_once(&exit_key_once, make_exit_key);
	mine = calloc(1, sizeof(*mine));
	if (!mine || pthread_setspecific(exit_key, mine) != 0) {
		free(mine);
		mine = &spare;
		return mine;
	}
	pthread_mutex_lock(&list_lock);
	mine->next = list;
	list = mine;
	pthread_mutex_unlock(&list_lock);
	return mine;
}

static void bump(_Atomic uint64_t *counter, uint64_t amount)
{
	uint64_t now = atomic_load_explicit(counter, memory_order_relaxed);

	atomic_store_explicit(counter, now + amount, memory_order_relaxed);
}

void zc_count_request(enum zc_op op)
{
	bump(&thread_counts()->requests[op], 1);
}

void zc_count_error(enum zc_op op)
{
	bump(&thread_counts()->errors[op], 1);
}

void zc_count(enum zc_event event, uint64_t amount)
{
	bump(&thread_counts()->events[event], amount);
}

void zc_counters_read(struct zc_counts *ret)
{
	pthread_mutex_lock(&list_lock);
	*ret = ended;
	for (struct thread_counts *part = list; part; part = part->next)
		add(ret, part);
	pthread_mutex_unlock(&list_lock);
}

static const char *const op_names[] = {
#define ZC_OP_NAME(name) [ZC_OP_##name] = #name,
	ZC_OPS(ZC_OP_NAME)
#undef ZC_OP_NAME
};

static const char *const event_names[] = {
#define ZC_EVENT_NAME(name, text) [ZC_EVENT_##name] = (text),
	ZC_EVENTS(ZC_EVENT_NAME)
#undef ZC_EVENT_NAME
};

void zc_counters_print(const struct zc_counts *counts, FILE *out)
{
	for (int i = 0; i < ZC_OP_COUNT; i++)
		fprintf(out, "request.%s %llu\n", op_names[i],
			(unsigned long long)counts->requests[i]);
	for (int i = 0; i < ZC_OP_COUNT; i++)
		fprintf(out, "error.%s %llu\n", op_names[i], (unsigned long long)counts->errors[i]);
	for (int i = 0; i < ZC_EVENT_COUNT; i++)
		fprintf(out, "%s %llu\n", event_names[i], (unsigned long long)counts->events[i]);
}
