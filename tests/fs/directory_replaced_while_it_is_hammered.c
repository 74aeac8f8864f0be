/* SPDX-License-Identifier: MIT */
/*
 * Processes open, list, stat, make and remove in a directory that others replace again and again, on the
 * mount and directly in the backing directory: a call ends well or with an errno that it can also give
 * on a plain directory, never ESTALE or EIO, and in the end both show the same tree. Must not know: in
 * which order anything happens.
 */
#include "zct.h"

#include <dirent.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>

enum { HAMMERERS = 3, ROUNDS = 1000, NAMES = 5 };

/* One way to replace "d" by "spare". */
struct way {
	void (*replace)(void);
	bool always_there; /* nobody ever finds no "d" */
};

static const struct way *way;
static atomic_int *hammering;

static uint32_t next(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

static const char *some_name(uint32_t *seed, char name[16])
{
	snprintf(name, 16, "d/%u", next(seed) % NAMES);
	return name;
}

static long check_result(long result, const char *what)
{
	static const int possible[] = { ENOENT, EEXIST, ENOTDIR, EISDIR, ENOTEMPTY };

	if (result >= 0)
		return result;
	for (size_t i = 0; i < sizeof(possible) / sizeof(possible[0]); i++) {
		if (errno == possible[i])
			return result;
	}
	zct_fail(ZCT_HERE, "%s: %s", what, strerrorname_np(errno));
}

/* Of a call that only asks for "d". */
static long check_there(long result, const char *what)
{
	if (result < 0 && way->always_there)
		zct_fail(ZCT_HERE, "%s: %s", what, strerrorname_np(errno));
	return check_result(result, what);
}

/* ---- replacing ------------------------------------------------------------------------------- */

static void clear(const char *dir)
{
	char name[16];

	for (int i = 0; i < NAMES; i++) {
		snprintf(name, sizeof(name), "%s/%d", dir, i);
		if (check_result(unlink(name), "unlink") < 0)
			check_result(rmdir(name), "rmdir");
	}
}

static void by_exchange(void)
{
	check_there(renameat2(AT_FDCWD, "d", AT_FDCWD, "spare", RENAME_EXCHANGE), "exchange");
}

static void by_rename(void)
{
	clear("d");
	check_result(mkdir("spare", 0755), "mkdir");
	check_result(rename("spare", "d"), "rename");
}

static void by_making_it_anew(void)
{
	clear("d");
	check_result(rmdir("d"), "rmdir");
	check_result(mkdir("d", 0755), "mkdir");
}

/* Waits a moment each time, or others would never find anything in it. */
static void go_on_replacing(void *arg)
{
	const struct timespec moment = { 0, 300000 };

	MUST(fchdir(*(const int *)arg));
	while (atomic_load(hammering)) {
		way->replace();
		nanosleep(&moment, NULL);
	}
}

/* ---- hammering ------------------------------------------------------------------------------- */

static void use_file(int dir, const char *name, int flags)
{
	int fd = openat(dir, name, flags | O_CLOEXEC, 0644);
	struct stat st;
	char byte = 'x';

	if (check_result(fd, "open") < 0)
		return;
	if ((flags & O_ACCMODE) != O_RDONLY)
		CHECK_EQ(write(fd, &byte, 1), 1);
	else
		check_result(read(fd, &byte, 1), "read"); /* EISDIR */
	MUST(fstat(fd, &st));
	close(fd);
}

static void list(void)
{
	DIR *dir = opendir("d");
	struct dirent *de;
	int entries = 0;

	check_there(dir ? 0 : -1, "opendir");
	if (!dir)
		return;
	errno = 0;
	while ((de = readdir(dir)))
		entries += de->d_name[0] != '.';
	check_result(errno ? -1 : 0, "readdir");
	CHECK(entries <= 4 * NAMES);
	closedir(dir);
}

/* "d" may be replaced meanwhile: all goes on in the old one. */
static void work_inside(uint32_t *seed)
{
	int dir = open("d", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char name[16];
	struct stat st;

	if (check_there(dir, "open of d") < 0)
		return;
	some_name(seed, name);
	use_file(dir, name + 2, O_RDWR | O_CREAT);
	check_result(fstatat(dir, name + 2, &st, AT_SYMLINK_NOFOLLOW), "fstatat");
	MUST(fstat(dir, &st));
	check_result(mkdirat(dir, name + 2, 0755), "mkdirat");
	use_file(dir, name + 2, O_RDONLY);
	check_result(unlinkat(dir, name + 2, 0), "unlinkat");
	close(dir);
}

static void act(uint32_t *seed)
{
	char one[16], two[16];
	struct stat st;

	some_name(seed, one);
	some_name(seed, two);
	switch (next(seed) % 12) {
	case 0:
		return use_file(AT_FDCWD, one, O_RDWR | O_CREAT);
	case 1:
		return use_file(AT_FDCWD, one, O_WRONLY | O_CREAT | O_EXCL);
	case 2:
		return use_file(AT_FDCWD, one, O_RDONLY);
	case 3:
		return use_file(AT_FDCWD, one, O_WRONLY | O_TRUNC);
	case 4:
		return (void)check_result(mkdir(one, 0755), "mkdir");
	case 5:
		return (void)check_result(unlink(one), "unlink");
	case 6:
		return (void)check_result(rmdir(one), "rmdir");
	case 7:
		return (void)check_result(rename(one, two), "rename");
	case 8:
		return (void)check_there(stat("d", &st), "stat of d");
	case 9:
		return work_inside(seed);
	case 10:
		return list();
	default:
		return (void)check_result(stat(one, &st), "stat");
	}
}

static void hammer(void *arg)
{
	uint32_t seed = (uint32_t)(uintptr_t)arg;

	MUST(fchdir(zct.fd[zct.side]));
	for (int i = 0; i < ROUNDS; i++)
		act(&seed);
}

/* ---- together -------------------------------------------------------------------------------- */

/* In a child of its own: should one fail, the end of this one is the end of all. */
static void hammer_and_replace(void *arg)
{
	int behind = zct_behind();
	pid_t hammerers[HAMMERERS], replacers[2];

	(void)arg;
	MUST(mkdir("d", 0755));
	MUST(mkdir("spare", 0755));
	atomic_store(hammering, 1);
	replacers[0] = zct_spawn(go_on_replacing, &zct.fd[zct.side]);
	replacers[1] = zct_spawn(go_on_replacing, &behind);
	for (uintptr_t i = 0; i < HAMMERERS; i++)
		hammerers[i] = zct_spawn(hammer, (void *)(i + 1));
	for (int i = 0; i < HAMMERERS; i++)
		zct_join(hammerers[i]);
	atomic_store(hammering, 0);
	zct_join(replacers[0]);
	zct_join(replacers[1]);
}

static int succeeds(pid_t pid)
{
	int status;

	MUST(waitpid(pid, &status, 0));
	return status == 0;
}

/* Unmounts before it fails. */
static void replace(const char *options, const struct way *how)
{
	const struct timespec timeout = { 1, 100000000 };
	int succeeded[2], differences;

	way = how;
	zct_start(options);
	zct.trees_differ_on_purpose = true; /* on the twin other things happen */
	BOTH(succeeded[zct.side] = succeeds(zct_spawn(hammer_and_replace, NULL)));
	nanosleep(&timeout, NULL); /* what was done behind the mount shows after a second */
	differences = zct_tree_diff(MNT, BACK, true);
	zct_stop();
	CHECK(succeeded[TWIN]);
	CHECK(succeeded[MNT]);
	CHECK_EQ(differences, 0);
}

static void replaced_in_exchange(void **state)
{
	static const struct way exchange = { by_exchange, true };

	(void)state;
	replace("", &exchange);
	replace("timeout=0", &exchange);
}

static void replaced_by_an_empty_one(void **state)
{
	static const struct way over = { by_rename, true };

	(void)state;
	replace("", &over);
	replace("timeout=0", &over);
}

static void removed_and_made_anew(void **state)
{
	static const struct way anew = { by_making_it_anew, false };

	(void)state;
	replace("", &anew);
	replace("timeout=0", &anew);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(replaced_in_exchange),
		cmocka_unit_test(replaced_by_an_empty_one),
		cmocka_unit_test(removed_and_made_anew),
	};

	hammering = mmap(NULL, sizeof(*hammering), PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (hammering == MAP_FAILED)
		return 1;
	return ZCT_RUN(NULL, tests);
}
