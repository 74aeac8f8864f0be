/* SPDX-License-Identifier: MIT */
/*
 * A small tree is made, a call is made in it, and noted is which times of which objects it moved; what
 * is shown has to be what is stored below. Must not know: the call, or which times it is to mark.
 */
#include "times.h"

#include <ftw.h>
#include <sys/xattr.h>
#include <time.h>

enum { OBJECTS = 11, NAMES = 13, TRIES = 2000 };

/* The first of them are there before the call, new ones may come. */
static const char *const names[NAMES] = { ".",	    "d",      "d/f",  "d/empty", "d/sub",
					  "d/link", "d/fifo", "e",    "e/g",	 "e/sub",
					  "e/h",    "d/new",  "e/new" };

static struct object {
	int fd, below; /* O_PATH */
	struct statx then;
} objects[OBJECTS];

int times_file;

/* ---- before ---------------------------------------------------------------------------------- */

static void make_program(const char *name)
{
	static char text[TIMES_SIZE] = "#!/bin/true\n";
	int fd = (int)MUST(open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755));

	CHECK_EQ(write(fd, text, TIMES_SIZE), TIMES_SIZE);
	close(fd);
}

static void make_objects(void)
{
	MUST(mkdir("r", 0755));
	MUST(chdir("r"));
	MUST(mkdir("d", 0755));
	MUST(mkdir("e", 0755));
	MUST(mkdir("d/sub", 0755));
	MUST(mkdir("e/sub", 0755));
	make_program("d/f");
	MUST(zct_put("d/empty", "", 0666));
	MUST(zct_put("e/g", "some text", 0644));
	MUST(symlink("f", "d/link"));
	MUST(mkfifo("d/fifo", 0644));
	MUST(link("d/f", "e/h"));
	MUST(setxattr("d/f", "user.old", "1", 1, 0));
	MUST(mknod("clock", S_IFREG | 0644, 0));
}

static int open_below(const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "r/%s", name);
	return openat(zct_behind(), path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
}

int times_grow_old(const char *name)
{
	static const struct timespec old[2] = { { 1000, 1 }, { 0, UTIME_OMIT } };

	return utimensat(AT_FDCWD, name, old, AT_SYMLINK_NOFOLLOW);
}

static void open_object(struct object *o, const char *name)
{
	MUST(times_grow_old(name));
	o->fd = (int)MUST(open(name, O_PATH | O_NOFOLLOW | O_CLOEXEC));
	o->below = (int)MUST(open_below(name));
}

static bool later(const struct statx_timestamp *a, const struct statx_timestamp *b)
{
	return a->tv_sec > b->tv_sec || (a->tv_sec == b->tv_sec && a->tv_nsec > b->tv_nsec);
}

static struct statx_timestamp note_all(void)
{
	struct statx_timestamp last = { 0 };

	for (int i = 0; i < OBJECTS; i++) {
		struct object *o = &objects[i];

		MUST(statx(o->fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &o->then));
		if (later(&o->then.stx_ctime, &last))
			last = o->then.stx_ctime;
	}
	return last;
}

/* Until whatever is marked gets a later time than all that was noted. */
static void wait_for_the_clock(const struct statx_timestamp *last)
{
	static const struct timespec moment = { 0, 500000 };
	int fd = (int)MUST(openat(zct_behind(), "r/clock", O_WRONLY | O_CLOEXEC));
	struct statx stx = { 0 };

	for (int i = 0; i < TRIES && !later(&stx.stx_ctime, last); i++) {
		nanosleep(&moment, NULL);
		MUST(futimens(fd, NULL));
		MUST(statx(fd, "", AT_EMPTY_PATH, STATX_CTIME, &stx));
	}
	CHECK(later(&stx.stx_ctime, last));
	close(fd);
}

void times_before(const struct times_look *look)
{
	struct statx_timestamp last;

	make_objects();
	for (int i = 0; i < OBJECTS; i++)
		open_object(&objects[i], names[i]);
	times_file = look->open ? (int)MUST(open(look->open, look->flags | O_CLOEXEC)) : -1;
	last = note_all();
	wait_for_the_clock(&last);
}

/* ---- after ----------------------------------------------------------------------------------- */

/* Small letters: forward, capitals: backward. */
static void note_mark(const struct statx_timestamp *then, const struct statx_timestamp *now,
		      char letter)
{
	if (later(now, then))
		zct_notef("%c", letter);
	if (later(then, now))
		zct_notef("%c", letter - 'a' + 'A');
}

static void check_shown(const struct statx_timestamp *shown, const struct statx_timestamp *below,
			char letter, const char *name)
{
	if (later(shown, below) || later(below, shown))
		zct_fail(ZCT_HERE, "%s: %ctime is shown as %lld.%09u, below it is %lld.%09u", name,
			 letter, (long long)shown->tv_sec, shown->tv_nsec, (long long)below->tv_sec,
			 below->tv_nsec);
}

/* `then`: NULL where there is nothing to compare with. */
static void compare(int fd, int below, const char *name, const struct statx *then,
		    const struct times_look *look)
{
	struct statx now, real;
	int flags = AT_EMPTY_PATH | (look->late ? AT_STATX_FORCE_SYNC : 0);
	const struct {
		const struct statx_timestamp *then, *now, *real;
		char letter;
	} times[3] = {
		{ then ? &then->stx_atime : &now.stx_atime, &now.stx_atime, &real.stx_atime, 'a' },
		{ then ? &then->stx_mtime : &now.stx_mtime, &now.stx_mtime, &real.stx_mtime, 'm' },
		{ then ? &then->stx_ctime : &now.stx_ctime, &now.stx_ctime, &real.stx_ctime, 'c' },
	};

	MUST(statx(fd, "", flags, STATX_BASIC_STATS, &now));
	MUST(statx(below, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &real));
	zct_notef("%s", name);
	for (int i = 0; i < 3; i++) {
		if (!look->except || !strchr(look->except, times[i].letter))
			note_mark(times[i].then, times[i].now, times[i].letter);
		check_shown(times[i].now, times[i].real, times[i].letter, name);
	}
}

/* What bears the name now. */
static void compare_name(const char *name, const struct times_look *look)
{
	int fd = open(name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	int below = open_below(name);

	CHECK((fd < 0) == (below < 0));
	if (fd < 0)
		return;
	compare(fd, below, name, NULL, look);
	close(fd);
	close(below);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void clear_up(void)
{
	for (int i = 0; i < OBJECTS; i++) {
		close(objects[i].fd);
		close(objects[i].below);
	}
	if (times_file >= 0)
		close(times_file);
	MUST(chdir(".."));
	MUST(nftw("r", remove_one, 16, FTW_PHYS | FTW_DEPTH));
}

/* The objects first: looking up a name might refresh what is known of them. Result and errno of the
 * call go through. */
long times_after(long result, const struct times_look *look)
{
	int err = errno;

	for (int i = 0; i < OBJECTS; i++)
		compare(objects[i].fd, objects[i].below, names[i], &objects[i].then, look);
	for (int i = 0; i < NAMES; i++)
		compare_name(names[i], look);
	clear_up();
	errno = err;
	return result;
}
