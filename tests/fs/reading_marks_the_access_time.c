/* SPDX-License-Identifier: MIT */
/*
 * Reading a file marks its access time, unless it was opened with O_NOATIME, be the read small or large.
 * Must not know: how often a file system writes access times down.
 */
#include "zct.h"

enum { SIZE = 200000 };

/* Older than the last change, so that a file system that spares itself marks (relatime) marks it too. */
static long grow_old(const char *path)
{
	const struct timespec times[2] = { { 1000, 1 }, { 2000, 2 } };

	return utimensat(AT_FDCWD, path, times, 0);
}

static long is_marked(const char *path)
{
	struct stat st;

	MUST(stat(path, &st));
	return st.st_atim.tv_sec != 1000;
}

static long make(const char *path)
{
	static char bytes[SIZE];
	int fd = (int)MUST(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644));

	CHECK_EQ(write(fd, bytes, SIZE), SIZE);
	close(fd);
	return grow_old(path);
}

static long read_it(const char *path, int flags, size_t size)
{
	static char bytes[SIZE];
	int fd = (int)MUST(open(path, O_RDONLY | O_CLOEXEC | flags));
	long got = read(fd, bytes, size);

	close(fd);
	return got;
}

static void a_read_marks(void **state)
{
	(void)state;
	WORKS(make("small"));
	GIVES(10, read_it("small", 0, 10));
	GIVES(1, is_marked("small"));
	WORKS(make("large"));
	GIVES(SIZE, read_it("large", 0, SIZE));
	GIVES(1, is_marked("large"));
}

static void no_mark_where_none_is_wanted(void **state)
{
	(void)state;
	WORKS(make("small"));
	GIVES(10, read_it("small", O_NOATIME, 10));
	GIVES(0, is_marked("small"));
	WORKS(make("large"));
	GIVES(SIZE, read_it("large", O_NOATIME, SIZE));
	GIVES(0, is_marked("large"));
	/* on the side of one that marks */
	GIVES(SIZE, read_it("large", 0, SIZE));
	GIVES(1, is_marked("large"));
	AS_USER (ALICE)
		FAILS(EPERM, open("large", O_RDONLY | O_NOATIME));
}

static long copy_it(const char *from, const char *to, int flags)
{
	int in = (int)MUST(open(from, O_RDONLY | O_CLOEXEC | flags));
	int out = (int)MUST(open(to, O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
	long put = copy_file_range(in, NULL, out, NULL, 1000, 0);

	close(in);
	close(out);
	return put;
}

static void a_copy_marks_its_source_as_a_read_does(void **state)
{
	(void)state;
	WORKS(make("from"));
	GIVES(1000, copy_it("from", "to", O_NOATIME));
	GIVES(0, is_marked("from"));
	GIVES(1000, copy_it("from", "to", 0));
	SAME(is_marked("from"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_read_marks),
		cmocka_unit_test(no_mark_where_none_is_wanted),
		cmocka_unit_test(a_copy_marks_its_source_as_a_read_does),
	};

	return ZCT_RUN("", tests);
}
