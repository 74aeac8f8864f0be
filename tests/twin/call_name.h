/* SPDX-License-Identifier: MIT */
/*
 * Calls on names: links by descriptor, symbolic links, working directories, a listing under change.
 * Must not know the tester: printed programs contain this text.
 */
#ifndef ZC_TWIN_CALL_NAME_H
#define ZC_TWIN_CALL_NAME_H

MAYBE_UNUSED static long read_link(int dir, const char *path, size_t size)
{
	long got = readlinkat(dir, path, buffer, size);

	if (got >= 0)
		say(" target=%.*s", (int)(got < 80 ? got : 80), buffer);
	return took(got);
}

/* Whether a file of another may be linked is judged by the mode that the kernel was last told, and
 * what clears setuid bits below does not tell it (may_linkat): so it is told before. */
MAYBE_UNUSED static long link_fresh(int from_dir, const char *from, const char *to, int flags)
{
	struct stat st;
	int follow = flags & AT_SYMLINK_FOLLOW ? 0 : AT_SYMLINK_NOFOLLOW;

	fstatat(from_dir, from, &st, (flags & AT_EMPTY_PATH) | follow);
	return linkat(from_dir, from, AT_FDCWD, to, flags);
}

MAYBE_UNUSED static long link_proc(int fd, const char *path)
{
	char source[40];

	snprintf(source, sizeof(source), "/proc/self/fd/%d", fd);
	return link_fresh(AT_FDCWD, source, path, AT_SYMLINK_FOLLOW);
}

/* Only ever below the root of the run: names go up once at most. */
MAYBE_UNUSED static long go_to(const char *path)
{
	static int root = -1;

	if (root < 0)
		root = open(".", O_PATH | O_DIRECTORY);
	if (root < 0 || fchdir(root))
		return -1;
	return chdir(path);
}

MAYBE_UNUSED static long make_node(const char *path, mode_t mode)
{
	return mknod(path, mode, S_ISCHR(mode) ? makedev(1, 3) : 0);
}

#define CHANGING 60

static void change_name(int dir, int number, char action)
{
	char name[32];
	int fd;

	snprintf(name, sizeof(name), "changing-%d", number);
	if (action == '-') {
		unlinkat(dir, name, 0);
		return;
	}
	fd = openat(dir, name, O_CREAT | O_WRONLY, 0600);
	if (fd >= 0)
		close(fd);
}

/* Reads a directory while names come and go: those that stay are there once, all others once
 * at most. */
MAYBE_UNUSED static long list_changing(const char *path, int count)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY), reader, times[2 * CHANGING] = { 0 }, number,
	    seen = 0, wrong = 0;
	char start[4096] __attribute__((aligned(8)));
	struct dirent64 *entry;
	long got;

	if (fd < 0)
		return -1;
	count %= CHANGING;
	for (int i = 0; i < count; i++)
		change_name(fd, i, '+');
	/* what is made after the opening need not be seen: btrfs does not show it */
	reader = openat(fd, ".", O_RDONLY | O_DIRECTORY);
	while ((got = getdents64(reader, start, 512)) > 0) {
		for (char *at = start; at < start + got; at += entry->d_reclen) {
			entry = (struct dirent64 *)at;
			if (sscanf(entry->d_name, "changing-%d", &number) == 1)
				times[number]++;
		}
		change_name(fd, 2 * seen, '-');
		change_name(fd, CHANGING + seen, '+');
		seen += seen < CHANGING - 1;
	}
	for (int i = 0; i < count; i++)
		if (times[i] > 1 || (!times[i] && (i % 2 || i >= 2 * seen)))
			wrong++;
	if (faccessat(fd, "changing-1", F_OK, AT_SYMLINK_NOFOLLOW))
		wrong = 0;
	for (int i = 0; i < 2 * CHANGING; i++)
		change_name(fd, i, '-');
	close(reader);
	close(fd);
	say(" wrong=%d", wrong);
	return got;
}
#endif
