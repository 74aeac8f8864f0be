// SPDX-License-Identifier: MIT
// Random calls: what is lent is open and the inode's own, the bound holds, at the end every fd is closed.
// Must not know how an fd is opened.
#include "unit.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#define CAPACITY 12u
#define NODEIDS	 20u
#define LOANS	 24u
#define STEPS	 60000u

static struct zc_fdcache cache;
static uint32_t seed = 7;
static struct {
	struct zc_fd fd;
	uint64_t nodeid;
} loans[LOANS];
static unsigned outside; /* lent, but in no entry */

static const enum zc_fd_kind kinds[] = { ZC_FD_PATH, ZC_FD_READ, ZC_FD_WRITE, ZC_FD_RDWR };

/* A file whose size tells whose it is. */
static int fd_of(uint64_t nodeid)
{
	int fd = (int)MUST(memfd_create("fd", MFD_CLOEXEC));

	MUST(ftruncate(fd, (off_t)nodeid));
	return fd;
}

static uint64_t owner_of(int fd)
{
	return (uint64_t)MUST(lseek(fd, 0, SEEK_END));
}

static void give_back(unsigned i)
{
	if (loans[i].fd.fd < 0)
		return;
	assert_int_equal(owner_of(loans[i].fd.fd), loans[i].nodeid);
	outside -= loans[i].fd.entry == UINT32_MAX;
	zc_fdcache_put(&cache, &loans[i].fd);
}

static void borrow(unsigned i, uint64_t nodeid)
{
	enum zc_fd_kind kind = kinds[unit_random(&seed) % 4];
	enum zc_fd_grip grip = unit_random(&seed) % 20 ? unit_random(&seed) % 2 : ZC_GRIP_PINNED;

	give_back(i);
	loans[i].nodeid = nodeid;
	if (!zc_fdcache_get(&cache, nodeid, kind, &loans[i].fd))
		zc_fdcache_add(&cache, nodeid, kind, fd_of(nodeid), grip, &loans[i].fd);
	outside += loans[i].fd.entry == UINT32_MAX;
}

static void list(uint64_t nodeid)
{
	int64_t position = unit_random(&seed) % 3, stands_at = 0;
	int fd = zc_fdcache_take_dir(&cache, nodeid, position, &stands_at);

	if (fd < 0)
		fd = fd_of(nodeid);
	assert_int_equal(owner_of(fd), nodeid);
	zc_fdcache_give_dir(&cache, nodeid, fd, position, ZC_GRIP_LOOSE);
}

static void step(void)
{
	uint64_t nodeid = 1 + unit_random(&seed) % NODEIDS;
	unsigned i = unit_random(&seed) % LOANS;

	switch (unit_random(&seed) % 12) {
	case 0:
		zc_fdcache_drop(&cache, nodeid, 1u << unit_random(&seed) % 6);
		break;
	case 1:
		zc_fdcache_drop(&cache, nodeid, ~0u);
		break;
	case 2:
		zc_fdcache_regrip(&cache, nodeid, ~(unsigned)ZC_FD_DIR, unit_random(&seed) % 3);
		break;
	case 3:
		zc_fdcache_expire(&cache, 1 + unit_random(&seed) % 4);
		break;
	case 4:
	case 5:
		list(nodeid);
		break;
	case 6:
	case 7:
	case 8:
		borrow(i, nodeid);
		break;
	default:
		give_back(i);
	}
}

static void random_calls(void **state)
{
	unsigned before = unit_fds();

	(void)state;
	assert_int_equal(zc_fdcache_init(&cache, CAPACITY, CAPACITY), 0);
	for (unsigned i = 0; i < LOANS; i++)
		loans[i].fd = ZC_FD_NONE;
	for (uint32_t n = 0; n < STEPS; n++) {
		step();
		assert_true(zc_fdcache_used(&cache) <= CAPACITY);
		if (n % 16 == 0)
			assert_int_equal(unit_fds(), before + zc_fdcache_used(&cache) + outside);
	}
	for (unsigned i = 0; i < LOANS; i++)
		give_back(i);
	assert_int_equal(unit_fds(), before + zc_fdcache_used(&cache));
	for (uint64_t nodeid = 1; nodeid <= NODEIDS; nodeid += 2)
		zc_fdcache_drop(&cache, nodeid, ~0u);
	assert_int_equal(unit_fds(), before + zc_fdcache_used(&cache));
	zc_fdcache_fini(&cache);
	assert_int_equal(unit_fds(), before);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(random_calls) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
