/* SPDX-License-Identifier: MIT */
/*
 * Where no inode is left, every call that makes one says ENOSPC and leaves nothing, everything else goes
 * on, and one that is freed can be used at once. Must not know: how many there are.
 */
#include "zct.h"

#include <sys/socket.h>
#include <sys/un.h>

static long make_file(const char *name)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

	return fd < 0 ? -1 : close(fd);
}

static int fillers;

/* A file system below both sides: it is filled directly. */
static void take_all_inodes(void)
{
	char path[600];
	int fd;

	for (fillers = 0;; fillers++) {
		snprintf(path, sizeof(path), "%s/filler%d", zct.top, fillers);
		fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
		if (fd < 0)
			break;
		close(fd);
	}
	CHECK_EQ(errno, ENOSPC);
}

static void give_one_back(void)
{
	char path[600];

	snprintf(path, sizeof(path), "%s/filler%d", zct.top, --fillers);
	MUST(unlink(path));
}

static long bind_socket(const char *name)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = (int)MUST(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
	long result;
	int err;

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", name);
	result = bind(fd, (struct sockaddr *)&address, sizeof(address));
	err = errno;
	close(fd);
	errno = err;
	return result;
}

static void none_left(void **state)
{
	(void)state;

	WORKS(zct_put("file", "text", 0644));
	WORKS(mkdir("dir", 0755));
	take_all_inodes();
	FAILS(ENOSPC, make_file("new"));
	FAILS(ENOSPC, open("new2", O_RDWR | O_CREAT, 0644));
	FAILS(ENOSPC, open(".", O_RDWR | O_TMPFILE, 0644));
	FAILS(ENOSPC, mkdir("newdir", 0755));
	FAILS(ENOSPC, mknod("fifo", S_IFIFO | 0644, 0));
	FAILS(ENOSPC, mknod("device", S_IFCHR | 0644, 0x103));
	FAILS(ENOSPC, bind_socket("socket"));
	FAILS(ENOSPC, symlink("target", "symlink"));
	/* tmpfs counts each name */
	SAME(link("file", "hard"));
	WORKS(rename("file", "dir/file"));
	WORKS(zct_try_open("dir/file", O_RDWR | O_TRUNC, 0));
	FAILS(ENOENT, zct_stat("new"));
	FAILS(ENOENT, zct_stat("newdir"));
	give_one_back();
	give_one_back();
	WORKS(mkdir("newdir", 0755));
	FAILS(ENOSPC, make_file("dir/new"));
	AS_USER(ALICE)
	{
		FAILS(EACCES, make_file("user"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(none_left),
	};

	return ZCT_RUN("", tests);
}
