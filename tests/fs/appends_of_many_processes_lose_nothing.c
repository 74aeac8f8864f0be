/* SPDX-License-Identifier: MIT */
/*
 * Four processes append lines to one file at once: every line is there, whole, once. Must not
 * know: in which order they come.
 */
#include "zct.h"

enum { WRITERS = 4, LINES = 250, LINE = 37 };

struct writer {
	int side, number;
};

static void make_line(char line[LINE + 1], int writer, int number)
{
	snprintf(line, LINE + 1, "writer %02d line %06d ...............", writer, number);
	memset(line + strlen(line), '.', LINE - strlen(line));
	line[LINE - 1] = '\n';
}

static void append_lines(void *arg)
{
	const struct writer *w = arg;
	char line[LINE + 1];
	int fd = (int)MUST(openat(zct.fd[w->side], "log", O_WRONLY | O_APPEND | O_CLOEXEC));

	for (int i = 0; i < LINES; i++) {
		make_line(line, w->number, i);
		CHECK_EQ(write(fd, line, LINE), LINE);
	}
	close(fd);
}

static void check_lines(int side)
{
	static bool seen[WRITERS][LINES];
	char line[LINE + 1], wanted[LINE + 1];
	FILE *f = fdopen((int)MUST(openat(zct.fd[side], "log", O_RDONLY | O_CLOEXEC)), "r");
	int writer, number, lines = 0;

	CHECK(f);
	memset(seen, 0, sizeof(seen));
	for (; fread(line, 1, LINE, f) == LINE; lines++) {
		line[LINE] = '\0';
		CHECK(sscanf(line, "writer %d line %d", &writer, &number) == 2);
		CHECK(writer >= 0 && writer < WRITERS && number >= 0 && number < LINES);
		make_line(wanted, writer, number);
		CHECK(!strcmp(line, wanted) && !seen[writer][number]);
		seen[writer][number] = true;
	}
	fclose(f);
	CHECK_EQ(lines, WRITERS * LINES);
}

static void every_line_is_there_once(void **state)
{
	(void)state;
	pid_t pid[WRITERS];

	WORKS(zct_put("log", "", 0644));
	for (int side = MNT; side <= TWIN; side++) {
		for (int i = 0; i < WRITERS; i++)
			pid[i] = zct_spawn(append_lines, &(struct writer){ side, i });
		for (int i = 0; i < WRITERS; i++)
			zct_join(pid[i]);
		check_lines(side);
	}
	check_lines(BACK);
	zct.trees_differ_on_purpose = true; /* in the order of the lines */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_line_is_there_once),
	};

	return ZCT_RUN("", tests);
}
