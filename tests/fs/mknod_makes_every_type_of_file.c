/* SPDX-License-Identifier: MIT */
/*
 * mknod of regular files, fifos, sockets and devices, by root and by a user; a fifo and a socket
 * work. Must not know: whether devices may be opened on the mount.
 */
#include "zct.h"

#include <sys/socket.h>
#include <sys/sysmacros.h>
#include <sys/un.h>

static void by_root(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		mode_t mode;
		unsigned int major, minor;
	} kinds[] = {
		{ "regular", S_IFREG | 0640, 0, 0 },	{ "plain", 0604, 0, 0 },
		{ "fifo", S_IFIFO | 0666, 0, 0 },	{ "socket", S_IFSOCK | 0755, 0, 0 },
		{ "null", S_IFCHR | 0666, 1, 3 },	{ "block", S_IFBLK | 0660, 7, 0 },
		{ "big", S_IFBLK | 0600, 259, 262143 }, { "suid", S_IFREG | 06755, 0, 0 },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		WORKS(mknod(kinds[i].name, kinds[i].mode, makedev(kinds[i].major, kinds[i].minor)));
		WORKS(zct_stat(kinds[i].name));
		FAILS(EEXIST, mknod(kinds[i].name, kinds[i].mode, 0));
	}
	FAILS(EPERM, mknod("dir", S_IFDIR | 0755, 0));
	FAILS(EINVAL, mknod("link", S_IFLNK | 0777, 0));
	FAILS(ENOENT, mknod("missing/f", S_IFREG | 0644, 0));
	FAILS(ENOTDIR, mknod("regular/f", S_IFREG | 0644, 0));
}

static void by_a_user(void **state)
{
	(void)state;
	WORKS(mkdir("open", 0777));
	WORKS(chmod("open", 0777));
	AS_USER (ALICE) {
		WORKS(mknod("open/regular", S_IFREG | 0666, 0));
		WORKS(mknod("open/fifo", S_IFIFO | 0666, 0));
		WORKS(mknod("open/socket", S_IFSOCK | 0666, 0));
		FAILS(EPERM, mknod("open/null", S_IFCHR | 0666, makedev(1, 3)));
		FAILS(EPERM, mknod("open/block", S_IFBLK | 0666, makedev(7, 0)));
		FAILS(EACCES, mknod("shut", S_IFIFO | 0666, 0));
		WORKS(zct_stat("open/fifo"));
	}
}

static long talk_through_fifo(const char *path)
{
	int reader = (int)MUST(open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC));
	int writer = (int)MUST(open(path, O_WRONLY | O_CLOEXEC));
	char buf[8];
	ssize_t n;

	MUST(write(writer, "fifo", 4));
	n = read(reader, buf, sizeof(buf));
	zct_note(buf, (size_t)n);
	close(writer);
	close(reader);
	return n;
}

static long talk_through_socket(const char *path)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int server = (int)MUST(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
	int client = (int)MUST(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
	long err;

	snprintf(at.sun_path, sizeof(at.sun_path), "%s", path);
	MUST(bind(server, (struct sockaddr *)&at, sizeof(at)));
	MUST(listen(server, 1));
	err = connect(client, (struct sockaddr *)&at, sizeof(at));
	close(client);
	close(server);
	return err;
}

static void a_fifo_and_a_socket_connect_programs(void **state)
{
	(void)state;
	WORKS(mkfifo("talk", 0600));
	GIVES(4, talk_through_fifo("talk"));
	GIVES(0, talk_through_socket("sock"));
	WORKS(zct_stat("sock"));
	FAILS(ENXIO, open("sock", O_RDONLY));
	FAILS(ENXIO, open("talk", O_WRONLY | O_NONBLOCK));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_root),
		cmocka_unit_test(by_a_user),
		cmocka_unit_test(a_fifo_and_a_socket_connect_programs),
	};

	return ZCT_RUN("", tests);
}
