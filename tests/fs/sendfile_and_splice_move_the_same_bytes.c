/* SPDX-License-Identifier: MIT */
/*
 * sendfile and splice out of a file, into a file, and from file to file on the mount. Must not
 * know: which plane moves them.
 */
#include "zct.h"

#include <sys/sendfile.h>
#include <sys/socket.h>

enum { LEN = 200001 };

static void fresh(int fd[2], const char *name)
{
	static char bytes[LEN];

	zct_open_pair(fd, name, O_RDWR | O_CREAT, 0644);
	zct_fill(bytes, LEN, 11);
	GIVES(LEN, pwrite(fd[zct.side], bytes, LEN, 0));
}

/* Everything from `at` on goes through a socket, as in a web server. */
static long serve(int fd, off_t at)
{
	int pair[2];
	char buf[4096];
	long total = 0;
	ssize_t n = 1, got;

	MUST(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair));
	while (n > 0) {
		n = sendfile(pair[0], fd, &at, 3000);
		for (ssize_t left = n; left > 0; left -= got) {
			got = MUST(read(pair[1], buf, sizeof(buf)));
			zct_note(buf, (size_t)got);
			total += got;
		}
	}
	close(pair[0]);
	close(pair[1]);
	return n < 0 ? n : total;
}

static void out_of_a_file(void **state)
{
	(void)state;
	int fd[2];

	fresh(fd, "f");
	GIVES(LEN, serve(fd[zct.side], 0));
	GIVES(LEN - 4097, serve(fd[zct.side], 4097));
	GIVES(0, serve(fd[zct.side], LEN + 5));
	zct_close_pair(fd);
}

static long send_all(int out, int in)
{
	off_t at = 0;
	long total = 0, n;

	while ((n = sendfile(out, in, &at, 100000)) > 0)
		total += n;
	return n < 0 ? n : total;
}

static void from_file_to_file(void **state)
{
	(void)state;
	int in[2], out[2];

	fresh(in, "in");
	zct_open_pair(out, "out", O_WRONLY | O_CREAT, 0644);
	GIVES(LEN, send_all(out[zct.side], in[zct.side]));
	zct_close_pair(out);
	GIVES(LEN, zct_cat("out"));
	zct_open_pair(out, "out", O_WRONLY | O_APPEND, 0);
	FAILS(EINVAL, send_all(out[zct.side], in[zct.side]));
	zct_close_pair(out);
	zct_close_pair(in);
}

static long splice_all(int in, int out, off_t where)
{
	int p[2];
	off_t at = 0;
	long total = 0, n, m;

	MUST(pipe2(p, O_CLOEXEC));
	while ((n = splice(in, &at, p[1], NULL, 65536, SPLICE_F_MOVE)) > 0)
		for (; n > 0; n -= m) {
			m = MUST(splice(p[0], NULL, out, &where, (size_t)n, SPLICE_F_MOVE));
			total += m;
		}
	close(p[0]);
	close(p[1]);
	return n < 0 ? n : total;
}

static void through_a_pipe(void **state)
{
	(void)state;
	int in[2], out[2];

	fresh(in, "s-in");
	zct_open_pair(out, "s-out", O_RDWR | O_CREAT, 0644);
	GIVES(LEN, splice_all(in[zct.side], out[zct.side], 0));
	GIVES(LEN, splice_all(in[zct.side], out[zct.side], 5001));
	GIVES(LEN + 5001, zct_cat("s-out"));
	zct_close_pair(in);
	zct_close_pair(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(out_of_a_file),
		cmocka_unit_test(from_file_to_file),
		cmocka_unit_test(through_a_pipe),
	};

	return ZCT_RUN("", tests);
}
