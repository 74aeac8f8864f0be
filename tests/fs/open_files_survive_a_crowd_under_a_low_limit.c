/* SPDX-License-Identifier: MIT */
/*
 * A daemon that may open 300 files serves 2,000: files that are open, nameless, moved or replaced
 * stay usable while many others are opened, held open, looked up and listed. Must not know: how
 * descriptors are cached.
 */
#include "zct.h"

enum { LIMIT = 300, KEPT = 40, HELD = 600, CROWD = 2000 };

static void note_and_change(int fd)
{
	struct stat st;

	MUST(zct_pread(fd, 100, 0));
	MUST(write(fd, "+", 1));
	MUST(fchmod(fd, 0640));
	MUST(ftruncate(fd, 50));
	MUST(fsync(fd));
	MUST(zct_pread(fd, 100, 0));
	MUST(fstat(fd, &st));
	zct_note_stat(&st);
}

static void crowd(void)
{
	char name[32], byte;

	MUST(mkdir("crowd", 0755));
	for (int i = 0; i < CROWD; i++) {
		snprintf(name, sizeof(name), "crowd/%d", i);
		int fd = (int)MUST(open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0644));

		CHECK_EQ(write(fd, "c", 1), 1);
		CHECK_EQ(pread(fd, &byte, 1, 0), 1);
		MUST(fchmod(fd, 0600));
		close(fd);
	}
}

static void hold_many_at_once(void)
{
	static int held[HELD];
	char name[32], byte;

	for (int i = 0; i < HELD; i++) {
		snprintf(name, sizeof(name), "crowd/%d", i);
		held[i] = (int)MUST(open(name, O_RDWR | O_CLOEXEC));
	}
	for (int i = 0; i < HELD; i++) {
		CHECK_EQ(pwrite(held[i], "h", 1, 1), 1);
		CHECK_EQ(pread(held[i], &byte, 1, 0), 1);
		close(held[i]);
	}
}

static void nothing_open_is_lost(void **state)
{
	(void)state;
	int fd[KEPT][2];
	char name[32];

	for (int i = 0; i < KEPT; i++) {
		snprintf(name, sizeof(name), "kept-%d", i);
		WORKS(zct_put(name, name, 0644));
		zct_open_pair(fd[i], name, i % 2 ? O_RDWR : O_RDWR | O_APPEND, 0);
		if (i % 4 < 2)
			WORKS(unlink(name));
		else
			WORKS(rename(name, "replaced"));
	}
	BOTH(crowd());
	BOTH(hold_many_at_once());
	for (int i = 0; i < KEPT; i++) {
		WORKS((note_and_change(fd[i][zct.side]), 0));
		zct_close_pair(fd[i]);
	}
}

/* The daemon has to keep each of them, and cannot keep them all: a name that cannot go stays. */
static void no_deleted_file_is_lost_at_the_limit(void **state)
{
	(void)state;
	static int fd[HELD];
	char name[32], back[32];
	int refused = 0;

	WORKS(mkdir("held", 0755));
	zct_enter(MNT);
	for (int i = 0; i < HELD; i++) {
		snprintf(name, sizeof(name), "held/%d", i);
		fd[i] = (int)MUST(open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0644));
		MUST(write(fd[i], name, strlen(name)));
		if (unlink(name) == 0)
			continue;
		CHECK(errno == ENFILE || errno == EMFILE);
		refused++;
	}
	for (int i = 0; i < HELD; i++) {
		snprintf(name, sizeof(name), "held/%d", i);
		CHECK_EQ(pread(fd[i], back, sizeof(back), 0), strlen(name));
		CHECK(memcmp(back, name, strlen(name)) == 0);
		MUST(pwrite(fd[i], "x", 1, 0));
		close(fd[i]);
		if (access(name, F_OK) == 0 && refused-- > 0)
			MUST(unlink(name));
	}
	CHECK_EQ(refused, 0);
	zct_leave(NULL);
	WORKS(rmdir("held"));
}

static void a_nameless_directory_and_tmpfile_stay_too(void **state)
{
	(void)state;
	int dir[2], tmp[2];

	WORKS(mkdir("gone", 0755));
	zct_open_pair(dir, "gone", O_RDONLY | O_DIRECTORY, 0);
	zct_open_pair(tmp, ".", O_TMPFILE | O_RDWR, 0600);
	GIVES(4, write(tmp[zct.side], "text", 4));
	WORKS(rmdir("gone"));
	WORKS(rename("crowd", "old-crowd"));
	BOTH(crowd());
	FAILS(ENOENT, openat(dir[zct.side], "f", O_RDWR | O_CREAT, 0644));
	GIVES(0, fchmod(dir[zct.side], 0700));
	GIVES(4, zct_pread(tmp[zct.side], 10, 0));
	GIVES(4, write(tmp[zct.side], "more", 4));
	GIVES(0, ftruncate(tmp[zct.side], 6));
	GIVES(6, zct_pread(tmp[zct.side], 10, 0));
	zct_close_pair(dir);
	zct_close_pair(tmp);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_open_is_lost),
		cmocka_unit_test(no_deleted_file_is_lost_at_the_limit),
		cmocka_unit_test(a_nameless_directory_and_tmpfile_stay_too),
	};

	zct_daemon_nofile = LIMIT;
	return ZCT_RUN("", tests);
}
