// SPDX-License-Identifier: MIT
// Eight threads look up, open, rename, unlink and forget in one tree with few fds; at the end only the
// root is left. Meant for the sanitizers too. Knows what the kernel promises: it forgets no inode that a
// request is about, and does not look a name up while that name is renamed or removed.
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include "zcfs/sys.h"

#define THREADS	 8
#define DIRS	 4
#define NAMES	 12 /* in each directory, shared by all threads */
#define STEPS	 1500
#define CAPACITY 24u

static struct zc_inodes inodes;
static uint64_t dirs[DIRS];
/* The kernel's lock of a directory: shared by lookups, exclusive to changes. In the order of numbers. */
static pthread_rwlock_t dir_locks[DIRS];
static atomic_uint bugs, burials;

static void expect(bool ok)
{
	if (!ok)
		atomic_fetch_add(&bugs, 1);
}

static void on_bury(void *arg, uint64_t nodeid, struct zc_slot *slot)
{
	(void)arg;
	expect(slot->state == ZC_SLOT_DYING && !slot->lookups && nodeid != ZC_SLOT_ROOT);
	atomic_fetch_add(&burials, 1);
}

/* LOOKUP, or with O_CREAT CREATE: the directory's lock is held. 0: there is no such name. */
static uint64_t look_up(unsigned dir, const char *name, int flags)
{
	enum zc_fd_kind kind = flags & O_CREAT ? ZC_FD_RDWR : ZC_FD_PATH;
	struct zc_fd dir_fd, fd;
	uint64_t nodeid = 0;
	struct statx stx;
	int opened;

	expect(zc_inode_path_fd(&inodes, dirs[dir], &dir_fd) == 0);
	opened = zc_sys_openat(dir_fd.fd, name, flags, 0600);
	zc_inode_put_fd(&inodes, &dir_fd);
	if (opened < 0)
		return 0;
	expect(zc_inode_adopt(&inodes, opened, kind, dirs[dir], name, &nodeid, &stx, &fd) == 0);
	zc_inode_put_fd(&inodes, &fd);
	return nodeid;
}

/* What a request about a known inode does; files have no other name, so one whose name another thread
 * has just removed is reachable all the same. */
static void use(uint64_t nodeid)
{
	struct zc_slot *slot = zc_table_slot(&inodes.table, nodeid);
	struct zc_fd fd;
	struct stat st;

	expect(slot != NULL);
	for (int i = 0; i < 3; i++) {
		int err = zc_inode_fd(&inodes, nodeid, i ? ZC_FD_CAN_READ : ZC_FD_ANY,
				      i ? ZC_FD_READ : ZC_FD_PATH, &fd);

		/* Renamed at this moment: its new name is not noted yet, and the kernel asks again. */
		if (err == -ESTALE && zc_mounts_some_lack_handles(&inodes.mounts))
			continue;
		expect(err == 0);
		if (err)
			continue;
		expect(fstat(fd.fd, &st) == 0 && st.st_ino == slot->ino);
		zc_inode_put_fd(&inodes, &fd);
	}
}

static void make_or_find(unsigned dir, const char *name, bool make)
{
	uint64_t nodeid = 0;

	if (make) {
		pthread_rwlock_wrlock(&dir_locks[dir]);
		nodeid = look_up(dir, name, O_RDWR | O_CREAT | O_EXCL);
		pthread_rwlock_unlock(&dir_locks[dir]);
	}
	if (!nodeid) {
		pthread_rwlock_rdlock(&dir_locks[dir]);
		nodeid = look_up(dir, name, O_PATH | O_NOFOLLOW);
		pthread_rwlock_unlock(&dir_locks[dir]);
	}
	if (!nodeid)
		return;
	use(nodeid);
	zc_inode_forget(&inodes, nodeid, 1);
}

/* UNLINK by one who has the file open. */
static void remove_name(unsigned dir, const char *name, bool fails)
{
	uint64_t nodeid, victim;
	struct zc_fd dir_fd;

	pthread_rwlock_wrlock(&dir_locks[dir]);
	nodeid = look_up(dir, name, O_PATH | O_NOFOLLOW);
	if (nodeid) {
		expect(zc_inode_path_fd(&inodes, dirs[dir], &dir_fd) == 0);
		victim = unit_before_unlink(&inodes, dir_fd.fd, name);
		expect(victim == nodeid);
		if (fails)
			zc_inode_unlink_failed(&inodes, victim, dirs[dir], name);
		else
			expect(unlinkat(dir_fd.fd, name, 0) == 0);
		zc_inode_put_fd(&inodes, &dir_fd);
	}
	pthread_rwlock_unlock(&dir_locks[dir]);
	if (!nodeid)
		return;
	use(nodeid);
	zc_inode_forget(&inodes, nodeid, 1);
}

static void lock_both(unsigned a, unsigned b)
{
	pthread_rwlock_wrlock(&dir_locks[a < b ? a : b]);
	if (a != b)
		pthread_rwlock_wrlock(&dir_locks[a < b ? b : a]);
}

static void unlock_both(unsigned a, unsigned b)
{
	pthread_rwlock_unlock(&dir_locks[a]);
	if (a != b)
		pthread_rwlock_unlock(&dir_locks[b]);
}

static void move_name(unsigned from, const char *old, unsigned to, const char *new)
{
	struct zc_fd from_fd, to_fd;
	uint64_t moved;

	lock_both(from, to);
	expect(zc_inode_path_fd(&inodes, dirs[from], &from_fd) == 0);
	expect(zc_inode_path_fd(&inodes, dirs[to], &to_fd) == 0);
	moved = zc_inode_known(&inodes, from_fd.fd, old);
	if (renameat2(from_fd.fd, old, to_fd.fd, new, RENAME_NOREPLACE) == 0 && moved)
		zc_inode_moved(&inodes, moved, dirs[to], new);
	zc_inode_put_fd(&inodes, &from_fd);
	zc_inode_put_fd(&inodes, &to_fd);
	unlock_both(from, to);
}

static void step(uint32_t *seed)
{
	unsigned dir = unit_random(seed) % DIRS, other = unit_random(seed) % DIRS;
	char name[8], other_name[8];

	snprintf(name, sizeof(name), "f%u", (unsigned)(unit_random(seed) % NAMES));
	snprintf(other_name, sizeof(other_name), "f%u", (unsigned)(unit_random(seed) % NAMES));
	switch (unit_random(seed) % 16) {
	case 0:
	case 1:
		remove_name(dir, name, unit_random(seed) % 4 == 0);
		break;
	case 2:
	case 3:
		move_name(dir, name, other, other_name);
		break;
	case 4:
		zc_fdcache_expire(&inodes.fds, 2);
		break;
	case 5:
	case 6:
	case 7:
	case 8:
		make_or_find(dir, name, true);
		break;
	default:
		make_or_find(dir, name, false);
	}
}

static void *run(void *arg)
{
	uint32_t seed = (uint32_t)(uintptr_t)arg;

	for (int i = 0; i < STEPS; i++)
		step(&seed);
	return NULL;
}

static void run_all(void)
{
	pthread_t threads[THREADS];

	for (uintptr_t t = 0; t < THREADS; t++)
		assert_int_equal(pthread_create(&threads[t], NULL, run, (void *)(t + 1)), 0);
	for (int t = 0; t < THREADS; t++)
		pthread_join(threads[t], NULL);
}

static void check(const struct unit_tree *tree, bool use_handles)
{
	unsigned before = unit_fds();
	char name[8];

	atomic_store(&bugs, 0);
	atomic_store(&burials, 0);
	unit_inodes_open(&inodes, tree, CAPACITY, use_handles);
	inodes.on_bury = on_bury;
	for (unsigned d = 0; d < DIRS; d++) {
		snprintf(name, sizeof(name), "d%u", d);
		unit_dir(tree->fd, name);
		dirs[d] = unit_lookup(&inodes, ZC_SLOT_ROOT, name);
		pthread_rwlock_init(&dir_locks[d], NULL);
	}
	run_all();
	assert_int_equal(atomic_load(&bugs), 0);
	assert_true(atomic_load(&burials) > THREADS * STEPS / 20);
	for (unsigned d = 0; d < DIRS; d++)
		zc_inode_forget(&inodes, dirs[d], 1);
	assert_int_equal(zc_table_used(&inodes.table), 1);
	for (int i = 0; i < 3; i++)
		zc_fdcache_expire(&inodes.fds, 2);
	assert_int_equal(zc_fdcache_used(&inodes.fds), 1); /* the pinned root */
	zc_inodes_fini(&inodes);
	assert_int_equal(unit_fds(), before);
}

int main(void)
{
	return unit_with_and_without_handles(check);
}
