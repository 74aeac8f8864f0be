/* SPDX-License-Identifier: MIT */
/*
 * Many processes create, open, link, rename, exchange, list and remove the same few names in two
 * directories at once, some are killed in the middle of it: no call gives an error that it could not
 * give on the backing directory, and when all is removed the daemon knows as little as before. Must
 * not know: in which order anything happens.
 */
#include "zct.h"

#include <dirent.h>
#include <ftw.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

enum { WORKERS = 6, NAMES = 6, ROUNDS = 1500, VICTIMS = 60 };

static const char *some_name(uint32_t *seed, char name[16])
{
	snprintf(name, 16, "%c/%u", 'a' + (int)(zct_random(seed) % 2), zct_random(seed) % NAMES);
	return name;
}

static void use_file(const char *name, int flags)
{
	char byte = 'x';
	struct stat st;
	int fd = open(name, flags | O_CLOEXEC, 0644);

	zct_raced(fd, "open");
	if (fd < 0)
		return;
	if ((flags & O_ACCMODE) != O_RDONLY)
		CHECK_EQ(write(fd, &byte, 1), 1);
	MUST(fstat(fd, &st));
	MUST(fsync(fd));
	close(fd);
}

static void list(const char *name)
{
	DIR *dir = opendir(name);
	struct dirent *de;
	int entries = 0;

	CHECK(dir);
	errno = 0;
	while ((de = readdir(dir)))
		entries += de->d_name[0] != '.';
	CHECK_EQ(errno, 0);
	CHECK(entries <= 4 * NAMES);
	closedir(dir);
}

static void act(uint32_t *seed)
{
	char one[16], two[16];
	struct stat st;

	some_name(seed, one);
	some_name(seed, two);
	switch (zct_random(seed) % 12) {
	case 0:
		return use_file(one, O_RDWR | O_CREAT);
	case 1:
		return use_file(one, O_WRONLY | O_CREAT | O_EXCL | O_APPEND);
	case 2:
		return use_file(one, O_RDONLY);
	case 3:
		return use_file(one, O_WRONLY | O_TRUNC);
	case 4:
		return zct_raced(mkdir(one, 0755), "mkdir");
	case 5:
		return zct_raced(rmdir(one), "rmdir");
	case 6:
		return zct_raced(unlink(one), "unlink");
	case 7:
		return zct_raced(link(one, two), "link");
	case 8:
		return zct_raced(rename(one, two), "rename");
	case 9:
		return zct_raced(renameat2(AT_FDCWD, one, AT_FDCWD, two, RENAME_EXCHANGE),
				 "exchange");
	case 10:
		return list(zct_random(seed) % 2 ? "a" : "b");
	default:
		return zct_raced(stat(one, &st), "stat");
	}
}

static void storm(void *arg)
{
	uint32_t seed = (uint32_t)(uintptr_t)arg;

	MUST(fchdir(zct.fd[MNT]));
	for (int i = 0; i < ROUNDS; i++)
		act(&seed);
}

static void storm_for_ever(void *arg)
{
	uint32_t seed = (uint32_t)(uintptr_t)arg;

	MUST(fchdir(zct.fd[MNT]));
	while (true)
		act(&seed);
}

static void kill_some(void)
{
	for (uintptr_t i = 0; i < VICTIMS; i++) {
		const struct timespec moment = { 0, (long)(i * 37 % 50) * 100000 };
		int status;
		pid_t pid = zct_spawn(storm_for_ever, (void *)(i + 1000));

		nanosleep(&moment, NULL);
		MUST(kill(pid, SIGKILL));
		MUST(waitpid(pid, &status, 0));
		CHECK(WIFSIGNALED(status)); /* no call had failed before */
	}
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void remove_all(const char *path)
{
	MUST(nftw(path, remove_one, 16, FTW_PHYS | FTW_DEPTH));
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

/* The kernel forgets in its own time. */
static unsigned long settled(const char *key, unsigned long wanted)
{
	const struct timespec moment = { 0, 100000000 };
	unsigned long value = counter_now(key);

	for (int i = 0; i < 300 && value > wanted; i++) {
		nanosleep(&moment, NULL);
		value = counter_now(key);
	}
	return value;
}

static void nothing_remains(void **state)
{
	(void)state;
	unsigned long inodes = zct.standin ? 0 : counter_now("inodes.known");
	pid_t pid[WORKERS];

	BOTH(MUST(mkdir("a", 0755)), MUST(mkdir("b", 0755)));
	for (uintptr_t i = 0; i < WORKERS; i++)
		pid[i] = zct_spawn(storm, (void *)(i + 1));
	kill_some();
	for (int i = 0; i < WORKERS; i++)
		zct_join(pid[i]);
	BOTH(remove_all("a"), remove_all("b"));
	if (zct.standin)
		return;
	CHECK_EQ(settled("inodes.known", inodes), inodes);
	CHECK_EQ(settled("backing.ids", 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_remains),
	};

	return ZCT_RUN("", tests);
}
