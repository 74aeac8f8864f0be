// SPDX-License-Identifier: MIT
// The arena halves what it asks for until the kernel agrees, but does not go below 1024 slots.
// Knows that the address space comes from mmap(2), which it replaces (meson.build wraps it).
#include "unit.h"

#include <errno.h>
#include <sys/mman.h>

static size_t most = SIZE_MAX;

/* glibc calls it mmap64 where off_t is wide. */
void *__real_mmap(void *addr, size_t length, int prot, int flags, int fd, off_t offset);
void *__wrap_mmap(void *addr, size_t length, int prot, int flags, int fd, off_t offset);
void *__wrap_mmap64(void *addr, size_t length, int prot, int flags, int fd, off_t offset);

void *__wrap_mmap(void *addr, size_t length, int prot, int flags, int fd, off_t offset)
{
	if (length > most) {
		errno = ENOMEM;
		return MAP_FAILED;
	}
	return __real_mmap(addr, length, prot, flags, fd, offset);
}

void *__wrap_mmap64(void *addr, size_t length, int prot, int flags, int fd, off_t offset)
{
	return __wrap_mmap(addr, length, prot, flags, fd, offset);
}

static size_t size_of(uint32_t capacity)
{
	return zc_arena_size(capacity);
}

static void capacity_is_halved(void **state)
{
	struct zc_arena arena;

	(void)state;
	most = size_of(5000);
	assert_int_equal(zc_arena_init(&arena, 16384), 0);
	assert_int_equal(arena.header->capacity, 4096);
	zc_arena_fini(&arena);
}

static void too_little_is_enomem(void **state)
{
	struct zc_arena arena;

	(void)state;
	most = size_of(1023);
	assert_int_equal(zc_arena_init(&arena, 16384), -ENOMEM);
	most = SIZE_MAX;
	assert_int_equal(zc_arena_init(&arena, 1023), -ENOMEM);
}

static void table_passes_it_on(void **state)
{
	struct zc_table table;

	(void)state;
	most = size_of(1023);
	assert_int_equal(zc_table_init(&table, 16384), -ENOMEM);
	most = SIZE_MAX;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(capacity_is_halved),
		cmocka_unit_test(too_little_is_enomem),
		cmocka_unit_test(table_passes_it_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
