/* SPDX-License-Identifier: MIT */
/*
 * A directory of 20,000 entries is listed whole, each name once, with big and with tiny buffers.
 * Must not know: the order of names.
 */
#include "zct.h"

#include <dirent.h>
#include <sys/syscall.h>

enum { COUNT = 20000 };

static void make_entries(int side)
{
	char name[64];
	int dir;

	MUST(mkdirat(zct.fd[side], "big", 0755));
	dir = (int)MUST(openat(zct.fd[side], "big", O_PATH | O_CLOEXEC));
	for (int i = 0; i < COUNT; i++) {
		snprintf(name, sizeof(name), "entry-%05d%.*s", i, i % 40,
			 "........................................");
		MUST(mknodat(dir, name, S_IFREG | 0644, 0));
	}
	close(dir);
}

static void see(const char *name, bool seen[COUNT])
{
	int i;

	if (!strcmp(name, ".") || !strcmp(name, ".."))
		return;
	CHECK(sscanf(name, "entry-%5d", &i) == 1 && i >= 0 && i < COUNT);
	if (seen[i])
		zct_fail(ZCT_HERE, "%s twice", name);
	seen[i] = true;
}

static void check_list(int side, size_t room)
{
	bool *seen = calloc(COUNT, sizeof(*seen));
	int fd = (int)MUST(openat(zct.fd[side], "big", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	int total = 0;
	char *buf = malloc(room);
	long n;

	CHECK(seen && buf);
	while ((n = MUST(syscall(SYS_getdents64, fd, buf, room))) > 0)
		for (long at = 0; at < n; total++) {
			struct dirent64 *de = (struct dirent64 *)(buf + at);

			see(de->d_name, seen);
			at += de->d_reclen;
		}
	CHECK_EQ(total, COUNT + 2);
	close(fd);
	free(buf);
	free(seen);
}

static void with_every_size_of_buffer(void **state)
{
	(void)state;
	make_entries(MNT);
	check_list(MNT, 32768);
	check_list(BACK, 32768);
	check_list(MNT, 1 << 20);
	check_list(MNT, 512);
	check_list(MNT, 32768);
	zct.trees_differ_on_purpose = true; /* the twin has no such directory */
}

static long getdents(int fd, size_t room)
{
	char buf[64];
	return syscall(SYS_getdents64, fd, buf, room) >= 0 ? 0 : -1;
}

static void a_buffer_too_small_for_one_name(void **state)
{
	(void)state;
	int fd[2];

	WORKS(mkdir("small", 0755));
	WORKS(zct_put("small/a-name-longer-than-the-buffer", "", 0644));
	zct_open_pair(fd, "small", O_RDONLY, 0);
	FAILS(EINVAL, getdents(fd[zct.side], 8));
	WORKS(getdents(fd[zct.side], 64));
	zct_close_pair(fd);
	WORKS(zct_put("file", "", 0644));
	zct_open_pair(fd, "file", O_RDONLY, 0);
	FAILS(ENOTDIR, getdents(fd[zct.side], 64));
	zct_close_pair(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(with_every_size_of_buffer),
		cmocka_unit_test(a_buffer_too_small_for_one_name),
	};

	return ZCT_RUN("", tests);
}
