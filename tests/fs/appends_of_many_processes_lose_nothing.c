/* SPDX-License-Identifier: MIT */
/*
 * Four processes append lines to one file at once, in passthrough two of them directly in the backing
 * directory: every line is there, whole, once, be it shorter than a page or longer than several.
 * Must not know: in which order they come.
 */
#include "zct.h"

enum { WRITERS = 4, LINES = 250, SHORT = 37, LONG = 20001 };

struct writer {
	int side, number;
	size_t size; /* of a line */
};

static void make_line(char line[LONG + 1], size_t size, int writer, int number)
{
	int used = snprintf(line, size + 1, "writer %02d line %06d ", writer, number);

	memset(line + used, 'a' + writer, size - (size_t)used);
	line[size - 1] = '\n';
	line[size] = '\0';
}

static void append_lines(void *arg)
{
	const struct writer *w = arg;
	char line[LONG + 1];
	int fd = (int)MUST(openat(zct.fd[w->side], "log", O_WRONLY | O_APPEND | O_CLOEXEC));

	for (int i = 0; i < LINES; i++) {
		make_line(line, w->size, w->number, i);
		CHECK_EQ(write(fd, line, w->size), w->size);
	}
	close(fd);
}

static void check_lines(int side, size_t size)
{
	static bool seen[WRITERS][LINES];
	char line[LONG + 1], wanted[LONG + 1];
	FILE *f = fdopen((int)MUST(openat(zct.fd[side], "log", O_RDONLY | O_CLOEXEC)), "r");
	int writer, number, lines = 0;

	CHECK(f);
	memset(seen, 0, sizeof(seen));
	for (; fread(line, 1, size, f) == size; lines++) {
		line[size] = '\0';
		CHECK(sscanf(line, "writer %d line %d", &writer, &number) == 2);
		CHECK(writer >= 0 && writer < WRITERS && number >= 0 && number < LINES);
		make_line(wanted, size, writer, number);
		CHECK(!strcmp(line, wanted) && !seen[writer][number]);
		seen[writer][number] = true;
	}
	fclose(f);
	CHECK_EQ(lines, WRITERS * LINES);
}

/* Half of those at work on the mount go to the backing file directly. On the other planes lines could
 * be torn then: the kernel sends the first page of a write in a request of its own
 * (fuse_fill_write_pages in fs/fuse/file.c, Linux 6.18). */
static int place(int side, int writer)
{
	bool whole = strcmp(zct.plane, "passthrough") == 0;

	return side == MNT && writer % 2 && whole ? BACK : side;
}

static void append_and_check(size_t size)
{
	pid_t pid[WRITERS];

	WORKS(zct_put("log", "", 0644));
	for (int side = MNT; side <= TWIN; side++) {
		for (int i = 0; i < WRITERS; i++)
			pid[i] =
			    zct_spawn(append_lines, &(struct writer){ place(side, i), i, size });
		for (int i = 0; i < WRITERS; i++)
			zct_join(pid[i]);
		check_lines(side, size);
	}
	check_lines(BACK, size);
	WORKS(unlink("log")); /* the order of the lines differs */
}

static void short_lines_are_there_once(void **state)
{
	(void)state;
	append_and_check(SHORT);
}

static void long_lines_are_not_torn(void **state)
{
	(void)state;
	append_and_check(LONG);
}

/* splice(2) refuses a file opened to append: what goes through memory is counted as that. */
static void appended_bytes_are_counted_as_copied(void **state)
{
	(void)state;
	struct zct_counters before, after;
	static char bytes[100000];
	bool daemon_writes = !zct.standin && strcmp(zct.plane, "passthrough") != 0;
	int fd[2];

	if (!daemon_writes)
		return;
	zct_open_pair(fd, "counted", O_WRONLY | O_APPEND | O_CREAT, 0644);
	zct_counters_read(&before);
	GIVES(sizeof(bytes), write(fd[zct.side], bytes, sizeof(bytes)));
	zct_counters_read(&after);
	zct_close_pair(fd);
	CHECK_EQ(zct_counter(&after, "bytes.write.splice"),
		 zct_counter(&before, "bytes.write.splice"));
	CHECK_EQ(zct_counter(&after, "bytes.write.copy"),
		 zct_counter(&before, "bytes.write.copy") + sizeof(bytes));
	zct_counters_free(&before);
	zct_counters_free(&after);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(short_lines_are_there_once),
		cmocka_unit_test(long_lines_are_not_torn),
		cmocka_unit_test(appended_bytes_are_counted_as_copied),
	};

	return ZCT_RUN("", tests);
}
