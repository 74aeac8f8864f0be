/* SPDX-License-Identifier: MIT */
/*
 * copy_file_range in one file, across files, past the end, and each refusal; the clone ioctl too.
 * Must not know: whether blocks are shared.
 */
#include "zct.h"

#include <linux/fs.h>
#include <sys/ioctl.h>

enum { LEN = 300000 };

static long copy(int from, long at, int to, long where, size_t len)
{
	off_t in = at, out = where;
	long total = 0, n;

	while ((n = copy_file_range(from, &in, to, &out, len, 0)) > 0) {
		total += n;
		len -= (size_t)n;
	}
	zct_notef("to %ld and %ld", (long)in, (long)out);
	return n < 0 && !total ? n : total;
}

static void fresh(int fd[2], const char *name, int flags)
{
	static char bytes[LEN];

	zct_open_pair(fd, name, O_RDWR | O_CREAT, 0644);
	zct_fill(bytes, LEN, (unsigned char)name[0]);
	GIVES(LEN, write(fd[zct.side], bytes, LEN));
	zct_close_pair(fd);
	zct_open_pair(fd, name, flags, 0);
}

static void ranges(void **state)
{
	(void)state;
	static const struct {
		bool same_file;
		long at, where;
		size_t len;
		long wanted;
	} cases[] = {
		{ false, 0, 0, LEN, LEN },	     { false, 1, 4095, 70000, 70000 },
		{ false, LEN - 10, 0, 500, 10 },     { false, LEN, 0, 10, 0 },
		{ false, LEN + 5, 0, 10, 0 },	     { false, 0, LEN + 10000, 5000, 5000 },
		{ true, 0, 200000, 100000, 100000 }, { true, 0, 5, 100, -EINVAL },
		{ true, 0, LEN + 4096, 4096, 4096 }, { false, 0, 0, 0, 0 },
		{ false, -1, 0, 10, -EOVERFLOW },    { true, 100, 100, 10, -EINVAL },
	};
	int a[2], b[2];

	fresh(a, "a", O_RDWR);
	fresh(b, "b", O_RDWR);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		GIVES(cases[i].wanted,
		      copy(a[zct.side], cases[i].at, cases[i].same_file ? a[zct.side] : b[zct.side],
			   cases[i].where, cases[i].len));
		WORKS(zct_cat("a"));
		WORKS(zct_cat("b"));
		WORKS(zct_stat("b"));
	}
	zct_close_pair(a);
	zct_close_pair(b);
}

static void the_refusals(void **state)
{
	(void)state;
	int r[2], w[2], app[2], dir[2];

	fresh(r, "r", O_RDONLY);
	fresh(w, "w", O_WRONLY);
	zct_open_pair(app, "w", O_WRONLY | O_APPEND, 0);
	zct_open_pair(dir, ".", O_RDONLY, 0);
	GIVES(10, copy(r[zct.side], 0, w[zct.side], 5, 10));
	FAILS(EBADF, copy(w[zct.side], 0, r[zct.side], 5, 10));
	FAILS(EBADF, copy(w[zct.side], 0, w[zct.side], 5, 1));
	FAILS(EBADF, copy(r[zct.side], 0, app[zct.side], 0, 10));
	FAILS(EISDIR, copy(dir[zct.side], 0, w[zct.side], 0, 10));
	FAILS(EINVAL, copy_file_range(r[zct.side], NULL, w[zct.side], NULL, 1, 1));
	zct_close_pair(r);
	zct_close_pair(w);
	zct_close_pair(app);
	zct_close_pair(dir);
}

static void clone_and_dedupe_are_not_passed_on_by_fuse(void **state)
{
	(void)state;
	int a[2], c[2];

	fresh(a, "from", O_RDWR);
	fresh(c, "clone", O_RDWR);
	FORCED(EOPNOTSUPP, ioctl(c[zct.side], FICLONE, a[zct.side]));
	WORKS(zct_cat("clone"));
	zct_close_pair(a);
	zct_close_pair(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ranges),
		cmocka_unit_test(the_refusals),
		cmocka_unit_test(clone_and_dedupe_are_not_passed_on_by_fuse),
	};

	return ZCT_RUN("", tests);
}
