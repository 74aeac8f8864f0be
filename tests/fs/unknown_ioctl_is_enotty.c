/* SPDX-License-Identifier: MIT */
/*
 * An ioctl that no file has gives ENOTTY on files and directories; the ones the kernel answers
 * work. Must not know: which ioctls the daemon passes on.
 */
#include "zct.h"

#include <sys/ioctl.h>
#include <termios.h>

static long ask(int fd, unsigned long request)
{
	char arg[256] = "";

	return ioctl(fd, request, arg);
}

static void on_files_and_directories(void **state)
{
	(void)state;
	static const unsigned long requests[] = {
		_IO('Z', 77), _IOR('Z', 78, int), _IOW('Z', 79, long), _IOWR('Z', 80, char[100]),
		TCGETS,	      TIOCGWINSZ,
	};
	static const char *const names[] = { "f", "d", "." };
	int fd[2];

	WORKS(zct_put("f", "text", 0644));
	WORKS(mkdir("d", 0755));
	for (size_t n = 0; n < sizeof(names) / sizeof(names[0]); n++) {
		zct_open_pair(fd, names[n], O_RDONLY, 0);
		for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++)
			FAILS(ENOTTY, ask(fd[zct.side], requests[i]));
		GIVES(0, isatty(fd[zct.side]));
		zct_close_pair(fd);
	}
}

static long unread(int fd)
{
	int n = -1;

	return ioctl(fd, FIONREAD, &n) < 0 ? -1 : n;
}

static void what_the_kernel_answers_for_every_file(void **state)
{
	(void)state;
	int fd[2];

	WORKS(zct_put("g", "text", 0644));
	zct_open_pair(fd, "g", O_RDONLY, 0);
	GIVES(4, unread(fd[zct.side]));
	GIVES(0, ioctl(fd[zct.side], FIOCLEX));
	GIVES(0, ioctl(fd[zct.side], FIONBIO, &(int){ 1 }));
	zct_close_pair(fd);
	zct_open_pair(fd, "g", O_PATH, 0);
	FAILS(EBADF, unread(fd[zct.side]));
	zct_close_pair(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(on_files_and_directories),
		cmocka_unit_test(what_the_kernel_answers_for_every_file),
	};

	return ZCT_RUN("", tests);
}
