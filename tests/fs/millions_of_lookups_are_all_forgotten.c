/* SPDX-License-Identifier: MIT */
/*
 * Threads look names up a million times while others make, rename, exchange and remove files and
 * directories on the way; when the kernel then lets go of what it has cached of this mount, the daemon
 * knows as little as at the start. Must not know: in which order anything happens.
 */
#include "zct.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <time.h>

#ifdef __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SLOW
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || defined(SLOW)
enum { LOOKUPS = 200000 };
#else
enum { LOOKUPS = 1000000 };
#endif

enum { LOOKERS = 4, CHANGERS = 2, DIRS = 4, NAMES = 12, DEPTH = 3 };

static atomic_long looked_up;

static const char *some_dir(uint32_t *seed, char path[32])
{
	snprintf(path, 32, "%u/%u", zct_random(seed) % DIRS, zct_random(seed) % DIRS);
	return path;
}

static const char *some_name(uint32_t *seed, char path[32])
{
	snprintf(path, 32, "%u/%u/%u", zct_random(seed) % DIRS, zct_random(seed) % DIRS,
		 zct_random(seed) % NAMES);
	return path;
}

/* Each directory on the way is looked up, too. */
static void *look_up(void *arg)
{
	uint32_t seed = (uint32_t)(uintptr_t)arg;
	char path[32];
	struct stat st;

	while (atomic_load(&looked_up) < LOOKUPS) {
		int err = lstat(some_name(&seed, path), &st);

		zct_raced(err, "lstat");
		atomic_fetch_add(&looked_up, err ? 1 : DEPTH);
	}
	return NULL;
}

static void make_file(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

	zct_raced(fd, "open");
	if (fd >= 0)
		close(fd);
}

static long exchange(const char *one, const char *two)
{
	return renameat2(AT_FDCWD, one, AT_FDCWD, two, RENAME_EXCHANGE);
}

static void change_something(uint32_t *seed)
{
	char one[32], two[32];

	some_name(seed, one);
	some_name(seed, two);
	switch (zct_random(seed) % 10) {
	case 0:
		return zct_raced(unlink(one), "unlink");
	case 1:
		return zct_raced(link(one, two), "link");
	case 2:
		return zct_raced(rename(one, two), "rename");
	case 3:
		return zct_raced(exchange(one, two), "exchange");
	case 4:
		return zct_raced(mkdir(one, 0755), "mkdir");
	case 5:
		return zct_raced(rmdir(one), "rmdir");
	case 6:
		return zct_raced(symlink("nowhere", one), "symlink");
	case 7:
		return zct_raced(exchange(some_dir(seed, one), some_dir(seed, two)),
				 "exchange of directories");
	default:
		return make_file(one);
	}
}

static void *change(void *arg)
{
	uint32_t seed = (uint32_t)(uintptr_t)arg;

	while (atomic_load(&looked_up) < LOOKUPS)
		change_something(&seed);
	return NULL;
}

static void run_all(void *arg)
{
	pthread_t threads[LOOKERS + CHANGERS];

	(void)arg;
	MUST(fchdir(zct.fd[MNT]));
	for (uintptr_t i = 0; i < LOOKERS + CHANGERS; i++)
		CHECK_EQ(pthread_create(&threads[i], NULL, i < LOOKERS ? look_up : change,
					(void *)(i + 1)),
			 0);
	for (int i = 0; i < LOOKERS + CHANGERS; i++)
		CHECK_EQ(pthread_join(threads[i], NULL), 0);
}

static void make_dirs(void)
{
	char path[32];

	for (int i = 0; i < DIRS; i++) {
		snprintf(path, sizeof(path), "%d", i);
		MUST(mkdir(path, 0755));
		for (int j = 0; j < DIRS; j++) {
			snprintf(path, sizeof(path), "%d/%d", i, j);
			MUST(mkdir(path, 0755));
		}
	}
}

static unsigned long counter_now(const char *key)
{
	struct zct_counters c;
	unsigned long value;

	zct_counters_read(&c);
	value = zct_counter(&c, key);
	zct_counters_free(&c);
	return value;
}

/* A remount drops the cached names of this one mount. */
static void let_caches_go(void)
{
	struct statvfs st;

	MUST(statvfs(zct.dir[MNT], &st));
	MUST(mount(NULL, zct.dir[MNT], NULL,
		   MS_REMOUNT | (st.f_flag & (MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC)), ""));
}

/* The kernel forgets in its own time. */
static unsigned long known_when_settled(unsigned long wanted)
{
	const struct timespec moment = { 0, 100000000 };
	unsigned long known = counter_now("inodes.known");

	for (int i = 0; i < 300 && known > wanted; i++) {
		let_caches_go();
		nanosleep(&moment, NULL);
		known = counter_now("inodes.known");
	}
	return known;
}

static void the_table_is_as_at_the_start(void **state)
{
	(void)state;
	unsigned long known = zct.standin ? 0 : counter_now("inodes.known");

	zct.trees_differ_on_purpose = true; /* nothing was done on the twin */
	zct_enter(MNT);
	make_dirs();
	zct_leave(NULL);
	zct_join(zct_spawn(run_all, NULL));
	if (zct.standin)
		return;
	CHECK(counter_now("request.lookup") >= LOOKUPS);
	CHECK_EQ(known_when_settled(known), known);
	/* What is there is found again, and forgotten again. */
	CHECK_EQ(zct_tree_diff(MNT, BACK, true), 0);
	CHECK(counter_now("inodes.known") > known);
	CHECK_EQ(known_when_settled(known), known);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_is_as_at_the_start),
	};

	/* Each step of a path is a LOOKUP then, and little else is asked. */
	return ZCT_RUN("entry_timeout=0,negative_timeout=0", tests);
}
