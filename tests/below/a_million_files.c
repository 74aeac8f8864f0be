/* SPDX-License-Identifier: MIT */
/*
 * Helper of million_files_in_one_directory.sh: makes numbered files, lists them and uses some of them.
 * Must not know: whether the directory lies on a mount.
 *
 * a_million_files make|list|use DIR COUNT
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static void die(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn));
static void die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(1);
}

static void make(long count)
{
	char name[32];

	for (long i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "f%ld", i);
		if (mknod(name, S_IFREG | 0644, 0) < 0)
			die("%s: %s", name, strerror(errno));
	}
}

/* Each name once, and nothing else. */
static void see(const char *name, char *seen, long count)
{
	char *end;
	long i;

	if (!strcmp(name, ".") || !strcmp(name, ".."))
		return;
	i = strtol(name + 1, &end, 10);
	if (name[0] != 'f' || *end || i < 0 || i >= count)
		die("%s is listed", name);
	if (seen[i]++)
		die("%s is listed twice", name);
}

static void list(long count)
{
	static char room[1 << 16] __attribute__((aligned(8)));
	char *seen = calloc((size_t)count, 1);
	int fd = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	long n, listed = 0;

	if (!seen || fd < 0)
		die("cannot begin: %s", strerror(errno));
	while ((n = syscall(SYS_getdents64, fd, room, sizeof(room))) > 0) {
		const struct dirent64 *d;

		for (long at = 0; at < n; at += d->d_reclen) {
			d = (const struct dirent64 *)(const void *)(room + at);
			see(d->d_name, seen, count);
		}
	}
	if (n < 0)
		die("getdents: %s", strerror(errno));
	for (long i = 0; i < count; i++)
		listed += seen[i];
	if (listed != count)
		die("%ld of %ld are listed", listed, count);
	free(seen);
	close(fd);
}

/* Every tenth is looked at; every thousandth is removed, made again, renamed and renamed back. */
static void use(long count)
{
	char name[32];
	struct stat st;
	int fd;

	for (long i = 0; i < count; i += 10) {
		snprintf(name, sizeof(name), "f%ld", i);
		if (lstat(name, &st) < 0 || st.st_size != 0)
			die("%s: %s", name, strerror(errno));
		if (i % 1000)
			continue;
		if (unlink(name) < 0)
			die("unlink %s: %s", name, strerror(errno));
		fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
		if (fd < 0 || close(fd) < 0)
			die("create %s: %s", name, strerror(errno));
		if (rename(name, "moved") < 0 || rename("moved", name) < 0)
			die("rename %s: %s", name, strerror(errno));
	}
}

int main(int argc, char **argv)
{
	long count;

	if (argc != 4 || chdir(argv[2]) < 0)
		die("usage: a_million_files make|list|use DIR COUNT");
	count = atol(argv[3]);
	if (!strcmp(argv[1], "make"))
		make(count);
	else if (!strcmp(argv[1], "list"))
		list(count);
	else
		use(count);
	return 0;
}
