/* SPDX-License-Identifier: MIT */
/*
 * Files without a name, and files moved and replaced, stay usable after thousands of others were
 * used. Must not know: how many descriptors the daemon caches.
 */
#include "zct.h"

#include <sys/resource.h>

enum { KEPT = 40, CROWD = 6000 };

static void raise_limit(void)
{
	struct rlimit rl;

	MUST(getrlimit(RLIMIT_NOFILE, &rl));
	rl.rlim_cur = rl.rlim_max;
	setrlimit(RLIMIT_NOFILE, &rl);
}

static void crowd(void)
{
	char name[32], byte;

	MUST(mkdirat(zct.fd[MNT], "crowd", 0755));
	for (int i = 0; i < CROWD; i++) {
		int fd;

		snprintf(name, sizeof(name), "crowd/%d", i);
		fd = (int)MUST(openat(zct.fd[MNT], name, O_RDWR | O_CREAT | O_CLOEXEC, 0644));
		CHECK_EQ(write(fd, "c", 1), 1);
		CHECK_EQ(pread(fd, &byte, 1, 0), 1);
		MUST(fchmod(fd, 0600));
		close(fd);
	}
}

static void nothing_open_is_lost(void **state)
{
	(void)state;
	int fd[KEPT][2];
	char name[32];

	raise_limit();
	for (int i = 0; i < KEPT; i++) {
		snprintf(name, sizeof(name), "kept-%d", i);
		WORKS(zct_put(name, name, 0644));
		zct_open_pair(fd[i], name, i % 2 ? O_RDWR : O_RDWR | O_APPEND, 0);
		if (i % 4 < 2)
			WORKS(unlink(name));
	}
	crowd();
	for (int i = 0; i < KEPT; i++) {
		WORKS(zct_pread(fd[i][zct.side], 100, 0));
		GIVES(1, write(fd[i][zct.side], "+", 1));
		WORKS(ftruncate(fd[i][zct.side], 50));
		GIVES(0, fsync(fd[i][zct.side]));
		GIVES(50, zct_pread(fd[i][zct.side], 100, 0));
		zct_close_pair(fd[i]);
	}
	zct.trees_differ_on_purpose = true; /* the crowd was on the mount only */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_open_is_lost),
	};

	return ZCT_RUN("", tests);
}
