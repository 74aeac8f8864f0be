/* SPDX-License-Identifier: MIT */
/*
 * poll and select on a regular file and a directory are ready at once; a fifo waits for its
 * writer. Must not know: epoll, which plain files refuse and FUSE files accept.
 */
#include "zct.h"

#include <poll.h>
#include <sys/select.h>

static long poll_now(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN | POLLOUT | POLLPRI };
	int n = poll(&p, 1, 0);

	return n < 0 ? -1 : n * 10000 + p.revents;
}

static long select_now(int fd)
{
	struct timeval zero = { 0, 0 };
	fd_set in, out;

	FD_ZERO(&in);
	FD_SET(fd, &in);
	out = in;
	return select(fd + 1, &in, &out, NULL, &zero);
}

static void on_files(void **state)
{
	(void)state;
	static const int modes[] = { O_RDONLY, O_WRONLY, O_RDWR };
	int fd[2];

	WORKS(zct_put("f", "text", 0644));
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		zct_open_pair(fd, "f", modes[i], 0);
		GIVES(10000 + (POLLIN | POLLOUT), poll_now(fd[zct.side]));
		GIVES(2, select_now(fd[zct.side]));
		zct_close_pair(fd);
	}
	zct_open_pair(fd, ".", O_RDONLY, 0);
	WORKS(poll_now(fd[zct.side]));
	zct_close_pair(fd);
}

static void on_a_fifo(void **state)
{
	(void)state;
	int in[2], out[2];

	WORKS(mkfifo("p", 0600));
	zct_open_pair(in, "p", O_RDONLY | O_NONBLOCK, 0);
	GIVES(0, poll_now(in[zct.side]));
	zct_open_pair(out, "p", O_WRONLY, 0);
	GIVES(4, write(out[zct.side], "text", 4));
	GIVES(10000 + POLLIN, poll_now(in[zct.side]));
	zct_close_pair(out);
	GIVES(10000 + (POLLIN | POLLHUP), poll_now(in[zct.side]));
	zct_close_pair(in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(on_files),
		cmocka_unit_test(on_a_fifo),
	};

	return ZCT_RUN("", tests);
}
