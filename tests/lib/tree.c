/* SPDX-License-Identifier: MIT */
/*
 * Compares two trees, entry by entry: everything that a program can see and that must be equal.
 * Must not know: the mount. Not compared: st_dev, st_ino, atime, st_blocks (own tests look at them).
 */
#include "zct.h"

#include <dirent.h>
#include <sys/xattr.h>
#include <time.h>

enum { MAX_PRINTED = 20, CLOSE_SECONDS = 600, CONTENT_LIMIT = 64 << 20 };

struct diff {
	const char *name[2]; /* of the sides */
	bool exact;
	int count;
};

struct entry {
	char name[NAME_MAX + 1];
	unsigned char type;
};

struct list {
	struct entry *v;
	size_t n;
};

static void report(struct diff *d, const char *path, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
static void report(struct diff *d, const char *path, const char *fmt, ...)
{
	va_list ap;

	if (d->count++ >= MAX_PRINTED)
		return;
	va_start(ap, fmt);
	dprintf(2, "%s against %s: %s: ", d->name[0], d->name[1], *path ? path : ".");
	vdprintf(2, fmt, ap);
	dprintf(2, "\n");
	va_end(ap);
}

static void report_pair(struct diff *d, const char *path, const char *what, long long a,
			long long b)
{
	if (a != b)
		report(d, path, "%s %lld, %lld", what, a, b);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct entry *)a)->name, ((const struct entry *)b)->name);
}

static struct list list_directory(int dirfd)
{
	int fd = openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	struct list list = { 0 };
	struct dirent *de;

	while (dir && (de = readdir(dir))) {
		if (!strcmp(de->d_name, ".") || !strcmp(de->d_name, ".."))
			continue;
		if ((list.n & (list.n - 1)) == 0)
			list.v = realloc(list.v, (list.n ? 2 * list.n : 1) * sizeof(*list.v));
		list.v[list.n].type = de->d_type;
		memcpy(list.v[list.n++].name, de->d_name, strlen(de->d_name) + 1);
	}
	if (dir)
		closedir(dir);
	if (list.n)
		qsort(list.v, list.n, sizeof(*list.v), by_name);
	return list;
}

static void diff_times(struct diff *d, const char *path, const char *what, struct statx_timestamp a,
		       struct statx_timestamp b)
{
	long long apart = a.tv_sec - b.tv_sec;

	if (d->exact ? apart || a.tv_nsec != b.tv_nsec
		     : apart > CLOSE_SECONDS || apart < -CLOSE_SECONDS)
		report(d, path, "%s %lld.%09u, %lld.%09u", what, (long long)a.tv_sec, a.tv_nsec,
		       (long long)b.tv_sec, b.tv_nsec);
}

static void diff_attributes(struct diff *d, const char *path, const struct statx *a,
			    const struct statx *b)
{
	report_pair(d, path, "mode", a->stx_mode, b->stx_mode);
	report_pair(d, path, "nlink", a->stx_nlink, b->stx_nlink);
	report_pair(d, path, "uid", a->stx_uid, b->stx_uid);
	report_pair(d, path, "gid", a->stx_gid, b->stx_gid);
	report_pair(d, path, "rdev major", a->stx_rdev_major, b->stx_rdev_major);
	report_pair(d, path, "rdev minor", a->stx_rdev_minor, b->stx_rdev_minor);
	report_pair(d, path, "size", (long long)a->stx_size, (long long)b->stx_size);
	diff_times(d, path, "mtime", a->stx_mtime, b->stx_mtime);
	if (!d->exact)
		return;
	diff_times(d, path, "ctime", a->stx_ctime, b->stx_ctime);
	report_pair(d, path, "has btime", a->stx_mask & STATX_BTIME, b->stx_mask & STATX_BTIME);
	if (a->stx_mask & b->stx_mask & STATX_BTIME)
		diff_times(d, path, "btime", a->stx_btime, b->stx_btime);
	if (getenv("ZC_STANDIN") == NULL || !S_ISBLK(a->stx_mode))
		report_pair(d, path, "blksize", a->stx_blksize, b->stx_blksize);
}

static void diff_xattr_lists(struct diff *d, const char *path, const char *pa, const char *pb,
			     const char *sides)
{
	static char names[65536], va[65536], vb[65536];
	ssize_t len = llistxattr(pa, names, sizeof(names));

	for (char *name = names; name < names + len; name += strlen(name) + 1) {
		ssize_t na = lgetxattr(pa, name, va, sizeof(va));
		ssize_t nb = lgetxattr(pb, name, vb, sizeof(vb));

		if (na != nb || (na > 0 && memcmp(va, vb, (size_t)na)))
			report(d, path, "xattr %s: %zd, %zd bytes or their content (%s)", name, na,
			       nb, sides);
	}
}

static void diff_xattrs(struct diff *d, const char *path, const int fd[2], const char *name)
{
	char proc[2][NAME_MAX + 64];

	for (int i = 0; i < 2; i++)
		snprintf(proc[i], sizeof(proc[i]), "/proc/self/fd/%d/%s", fd[i], name);
	diff_xattr_lists(d, path, proc[0], proc[1], "first, second");
	diff_xattr_lists(d, path, proc[1], proc[0], "second, first");
}

static void diff_target(struct diff *d, const char *path, const int fd[2], const char *name)
{
	char target[2][PATH_MAX] = { { 0 } };

	for (int i = 0; i < 2; i++)
		if (readlinkat(fd[i], name, target[i], PATH_MAX - 1) < 0)
			report(d, path, "readlink on %s: %m", d->name[i]);
	if (strcmp(target[0], target[1]) != 0)
		report(d, path, "target %.80s, %.80s", target[0], target[1]);
}

static void diff_content(struct diff *d, const char *path, const int fd[2], const char *name,
			 off_t size)
{
	static char buf[2][65536];
	int file[2];
	off_t at = 0;

	for (int i = 0; i < 2; i++)
		file[i] = openat(fd[i], name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	while (at < size && at < CONTENT_LIMIT) {
		ssize_t a = pread(file[0], buf[0], sizeof(buf[0]), at);
		ssize_t b = pread(file[1], buf[1], sizeof(buf[1]), at);

		if (a <= 0 || a != b || memcmp(buf[0], buf[1], (size_t)a)) {
			report(d, path, "content from byte %lld (read %zd, %zd)", (long long)at, a,
			       b);
			break;
		}
		at += a;
	}
	close(file[0]);
	close(file[1]);
}

static void diff_directories(struct diff *d, const char *path, const int fd[2]);

static void diff_below(struct diff *d, const char *path, const int fd[2], const char *name)
{
	int sub[2];

	for (int i = 0; i < 2; i++)
		sub[i] = openat(fd[i], name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (sub[0] >= 0 && sub[1] >= 0)
		diff_directories(d, path, sub);
	close(sub[0]);
	close(sub[1]);
}

static void diff_entry(struct diff *d, const char *path, const int fd[2], const char *name)
{
	const int flags = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT;
	struct statx stx[2];

	for (int i = 0; i < 2; i++)
		if (statx(fd[i], name, flags, STATX_BASIC_STATS | STATX_BTIME, &stx[i]) < 0) {
			report(d, path, "stat on %s: %m", d->name[i]);
			return;
		}
	diff_attributes(d, path, &stx[0], &stx[1]);
	diff_xattrs(d, path, fd, name);
	if (S_ISLNK(stx[0].stx_mode))
		diff_target(d, path, fd, name);
	else if (S_ISREG(stx[0].stx_mode))
		diff_content(d, path, fd, name, (off_t)stx[0].stx_size);
	else if (S_ISDIR(stx[0].stx_mode) && strcmp(name, ".") != 0)
		diff_below(d, path, fd, name);
}

static void diff_directories(struct diff *d, const char *path, const int fd[2])
{
	struct list a = list_directory(fd[0]), b = list_directory(fd[1]);
	size_t i = 0, j = 0;
	char below[PATH_MAX];

	while (i < a.n || j < b.n) {
		int order = i == a.n ? 1 : j == b.n ? -1 : by_name(&a.v[i], &b.v[j]);

		snprintf(below, sizeof(below), "%.3000s/%s", path,
			 order <= 0 ? a.v[i].name : b.v[j].name);
		if (order == 0) {
			report_pair(d, below, "d_type", a.v[i].type, b.v[j].type);
			diff_entry(d, below, fd, a.v[i].name);
		} else {
			report(d, below, "only on %s", d->name[order > 0]);
		}
		i += order <= 0;
		j += order >= 0;
	}
	free(a.v);
	free(b.v);
}

int zct_tree_diff(enum zct_side a, enum zct_side b, bool exact)
{
	static const char *const names[] = { "mount", "twin", "backing" };
	struct diff d = { .name = { names[a], names[b] }, .exact = exact };
	const int fd[2] = { zct.fd[a], zct.fd[b] };

	diff_entry(&d, "", fd, ".");
	diff_directories(&d, "", fd);
	return d.count;
}
