/* SPDX-License-Identifier: MIT */
/*
 * A thousand directories in one another: made step by step, used at the bottom while the top is renamed,
 * found again from the top, and removed. Must not know: how the daemon finds its way.
 */
#include "zct.h"

enum { LEVELS = 1000 };

static int bottom[2];

/* From the directory `fd`, which it closes, down to the last level; makes them if asked. */
static int descend(int fd, bool make)
{
	for (int i = 0; i < LEVELS; i++) {
		int next;

		if (make)
			MUST(mkdirat(fd, "level", 0755));
		next = (int)MUST(openat(fd, "level", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
		close(fd);
		fd = next;
	}
	return fd;
}

static int from_the_top(const char *path)
{
	return descend((int)MUST(open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)), false);
}

/* Up again by "..", removing what is left behind. */
static long remove_upwards(int fd)
{
	for (int i = 0; i < LEVELS; i++) {
		int up = (int)MUST(openat(fd, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC));

		close(fd);
		fd = up;
		if (unlinkat(fd, "level", AT_REMOVEDIR) < 0)
			return -1;
	}
	close(fd);
	return 0;
}

static long use(int dir, const char *name)
{
	char text[16] = "";
	int fd = openat(dir, name, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	long n;

	if (fd < 0)
		return -1;
	MUST(write(fd, "deep", 4));
	n = pread(fd, text, sizeof(text), 0);
	zct_note(text, 4);
	close(fd);
	return n;
}

static long cwd_length(int dir)
{
	static char path[PATH_MAX * 4];

	MUST(fchdir(dir));
	if (!getcwd(path, sizeof(path)))
		return -1;
	/* without what lies above */
	return (long)strlen(path) - (long)strlen(zct.dir[zct.side]);
}

static void down_and_up(void **state)
{
	(void)state;

	WORKS(mkdir("top", 0755));
	BOTH(bottom[zct.side] = descend((int)MUST(open("top", O_RDONLY | O_CLOEXEC)), true));
	GIVES(4, use(bottom[zct.side], "file"));
	WORKS(mkdir("elsewhere", 0755));
	WORKS(rename("top", "elsewhere/new"));
	GIVES(4, use(bottom[zct.side], "second"));
	WORKS(fchmodat(bottom[zct.side], "file", 0600, 0));
	WORKS(linkat(bottom[zct.side], "file", bottom[zct.side], "third", 0));
	SAME(cwd_length(bottom[zct.side]));
	BOTH(close(bottom[zct.side]));
	BOTH(bottom[zct.side] = from_the_top("elsewhere/new"));
	GIVES(4, use(bottom[zct.side], "third"));
	FAILS(EINVAL, rename("elsewhere", "elsewhere/new/level/level/level"));
	FAILS(ENOTEMPTY, rmdir("elsewhere"));
	WORKS(renameat(bottom[zct.side], "second", AT_FDCWD, "from-below"));
	WORKS(renameat(AT_FDCWD, "from-below", bottom[zct.side], "file"));
	WORKS(unlinkat(bottom[zct.side], "file", 0));
	WORKS(unlinkat(bottom[zct.side], "third", 0));
	WORKS(remove_upwards(bottom[zct.side]));
	WORKS(rmdir("elsewhere/new"));
}

/* By a program that people use. */
static void removed_by_rm(void **state)
{
	(void)state;

	WORKS(mkdir("again", 0755));
	BOTH(bottom[zct.side] = descend((int)MUST(open("again", O_RDONLY | O_CLOEXEC)), true));
	GIVES(4, use(bottom[zct.side], "file"));
	BOTH(close(bottom[zct.side]));
	GIVES(0, system("timeout 60 rm -r again"));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(down_and_up),
		cmocka_unit_test(removed_by_rm),
	};

	return ZCT_RUN(argc > 1 ? argv[1] : "", tests);
}
