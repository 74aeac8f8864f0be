/* SPDX-License-Identifier: MIT */
/*
 * open(2) with each flag that changes who is let in, on files, directories, links and fifos. Must
 * not know: data planes; O_DIRECT and O_TMPFILE have their own tests.
 */
#include "zct.h"

static void by_root(void **state)
{
	(void)state;
	static const struct {
		const char *path;
		int flags, err;
	} cases[] = {
		{ "f", O_RDONLY, 0 },
		{ "f", O_RDWR | O_CREAT, 0 },
		{ "f", O_WRONLY | O_CREAT | O_EXCL, EEXIST },
		{ "f", O_RDONLY | O_DIRECTORY, ENOTDIR },
		{ "f", O_RDONLY | O_NOFOLLOW, 0 },
		{ "f", O_RDWR | O_SYNC, 0 },
		{ "f", O_RDWR | O_DSYNC, 0 },
		{ "f", O_RDWR | O_APPEND | O_NOATIME | O_NONBLOCK, 0 },
		{ "f", O_PATH, 0 },
		{ "f/", O_RDONLY, ENOTDIR },
		{ "f/x", O_RDONLY | O_CREAT, ENOTDIR },
		{ "d", O_RDONLY, 0 },
		{ "d", O_RDONLY | O_DIRECTORY, 0 },
		{ "d", O_WRONLY, EISDIR },
		{ "d", O_RDWR, EISDIR },
		{ "d", O_RDONLY | O_CREAT, EISDIR },
		{ "d", O_RDONLY | O_TRUNC, EISDIR },
		{ "d", O_PATH, 0 },
		{ "l", O_RDONLY, 0 },
		{ "l", O_RDONLY | O_NOFOLLOW, ELOOP },
		{ "l", O_PATH | O_NOFOLLOW, 0 },
		{ "l", O_WRONLY | O_CREAT | O_EXCL, EEXIST },
		{ "dangling", O_RDONLY, ENOENT },
		{ "dangling", O_WRONLY | O_CREAT | O_EXCL, EEXIST },
		{ "dangling", O_WRONLY | O_CREAT, 0 },
		{ "made-through-link", O_RDONLY, 0 },
		{ "missing", O_RDONLY, ENOENT },
		{ "missing", O_PATH, ENOENT },
		{ "missing/x", O_RDWR | O_CREAT, ENOENT },
		{ "new", O_RDWR | O_CREAT | O_EXCL, 0 },
		{ "new-for-reading", O_RDONLY | O_CREAT, 0 },
		{ "p", O_RDONLY | O_NONBLOCK, 0 },
		{ "p", O_WRONLY | O_NONBLOCK, ENXIO },
		{ "f", O_RDONLY | O_TRUNC, 0 },
		{ "g", O_WRONLY | O_TRUNC, 0 },
		{ "h", O_RDWR | O_CREAT | O_TRUNC | O_APPEND, 0 },
	};

	WORKS(zct_put("f", "text", 0644));
	WORKS(zct_put("g", "text", 0600));
	WORKS(zct_put("h", "text", 0600));
	WORKS(mkdir("d", 0755));
	WORKS(mkfifo("p", 0600));
	WORKS(symlink("f", "l"));
	WORKS(symlink("made-through-link", "dangling"));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		GIVES(-cases[i].err, zct_try_open(cases[i].path, cases[i].flags, 0640));
}

static void by_a_user(void **state)
{
	(void)state;
	static const struct {
		const char *path;
		int flags, err;
	} cases[] = {
		{ "u/r", O_RDONLY, 0 },
		{ "u/r", O_WRONLY, EACCES },
		{ "u/r", O_RDONLY | O_TRUNC, EACCES },
		{ "u/r", O_RDONLY | O_NOATIME, EPERM },
		{ "u/w", O_WRONLY, 0 },
		{ "u/w", O_RDONLY, EACCES },
		{ "u/w", O_RDWR, EACCES },
		{ "u/w", O_WRONLY | O_TRUNC, 0 },
		{ "u/none", O_RDONLY, EACCES },
		{ "u/none", O_PATH, 0 },
		{ "u/none", O_RDWR | O_CREAT, EACCES },
		{ "u/mine", O_RDWR | O_CREAT | O_NOATIME, 0 },
		{ "shut/f", O_RDONLY, EACCES },
		{ "shut/new", O_WRONLY | O_CREAT, EACCES },
		{ "alice", O_WRONLY | O_CREAT, EACCES },
		{ "shut", O_RDONLY, EACCES },
		{ "shut", O_PATH, 0 },
	};

	WORKS(mkdir("u", 0777));
	WORKS(chmod("u", 0777));
	WORKS(zct_put("u/r", "r", 0644));
	WORKS(zct_put("u/w", "w", 0622));
	WORKS(zct_put("u/none", "none", 0600));
	WORKS(mkdir("shut", 0700));
	WORKS(zct_put("shut/f", "f", 0666));
	AS_USER (ALICE)
		for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
			GIVES(-cases[i].err, zct_try_open(cases[i].path, cases[i].flags, 0666));
}

/* The mode of a new file binds later opens, not the one that makes it. */
static long make_and_use(const char *path, mode_t mode)
{
	int fd = (int)MUST(open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode));
	long n = write(fd, "written", 7) == 7 ? zct_pread(fd, 10, 0) : -1;

	close(fd);
	return n;
}

static void a_new_file_is_usable_whatever_its_mode(void **state)
{
	(void)state;
	WORKS(mkdir("n", 0777));
	WORKS(chmod("n", 0777));
	AS_USER (ALICE) {
		GIVES(7, make_and_use("n/zero", 0));
		GIVES(7, make_and_use("n/readonly", 0444));
		GIVES(7, make_and_use("n/writeonly", 0200));
		FAILS(EACCES, open("n/zero", O_RDONLY));
		FAILS(EACCES, open("n/readonly", O_WRONLY));
	}
}

static long status_flags(int fd)
{
	return fcntl(fd, F_GETFL) & ~(O_LARGEFILE | O_CLOEXEC);
}

static void the_descriptor_has_the_flags_asked_for(void **state)
{
	(void)state;
	static const int flags[] = { O_RDONLY, O_RDWR | O_APPEND, O_RDWR | O_SYNC,
				     O_WRONLY | O_DSYNC | O_NONBLOCK, O_RDONLY | O_NOATIME };
	int fd[2];

	WORKS(zct_put("flags", "", 0600));
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		zct_open_pair(fd, "flags", flags[i], 0);
		WORKS(status_flags(fd[zct.side]));
		WORKS(fcntl(fd[zct.side], F_SETFL, O_APPEND));
		WORKS(status_flags(fd[zct.side]));
		WORKS(fcntl(fd[zct.side], F_SETFL, 0));
		zct_close_pair(fd);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_root),
		cmocka_unit_test(by_a_user),
		cmocka_unit_test(a_new_file_is_usable_whatever_its_mode),
		cmocka_unit_test(the_descriptor_has_the_flags_asked_for),
	};

	return ZCT_RUN("", tests);
}
