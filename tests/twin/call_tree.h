/* SPDX-License-Identifier: MIT */
/*
 * A whole tree with all its metadata as text, one line an object, in two passes: what stat tells,
 * then what reading tells. Must not know the tester; printed programs end with it.
 */
#ifndef ZC_TWIN_CALL_TREE_H
#define ZC_TWIN_CALL_TREE_H

#define TREE_NAMES 2048
#define TREE_DEPTH 40

/* Inode numbers are told by the first name that had them. */
struct tree {
	FILE *out;
	bool contents;
	int count;
	struct {
		ino_t ino;
		unsigned long name;
	} seen[TREE_NAMES];
};

static int tree_order(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void tree_name(FILE *out, const char *name)
{
	size_t size = strlen(name);

	for (size_t i = 0; i < size && i < 40; i++)
		fprintf(out, name[i] > ' ' && name[i] < 127 ? "%c" : "\\%03o",
			(unsigned char)name[i]);
	if (size > 40)
		fprintf(out, "...(%zu bytes)", size);
}

static unsigned long tree_first(struct tree *tree, ino_t ino, unsigned long name)
{
	for (int i = 0; i < tree->count; i++)
		if (tree->seen[i].ino == ino)
			return tree->seen[i].name;
	if (tree->count < TREE_NAMES) {
		tree->seen[tree->count].ino = ino;
		tree->seen[tree->count++].name = name;
	}
	return name;
}

/* Zero pages count as holes do: where data lies is not what is compared here. */
static uint64_t tree_data(int fd)
{
	static const char zeros[4096];
	uint64_t hash = 0;
	off_t at = 0, end;

	while ((at = lseek(fd, at, SEEK_DATA)) >= 0) {
		end = lseek(fd, at, SEEK_HOLE);
		for (at &= -4096; at < end; at += 4096) {
			ssize_t got = pread(fd, buffer, 4096, at);

			if (got <= 0)
				return hash ^ (uint64_t)(got < 0 ? errno : 1);
			if (memcmp(buffer, zeros, (size_t)got))
				hash ^= hash_of(buffer, (size_t)got) * (2 * (uint64_t)at + 1);
		}
	}
	return hash;
}

static void tree_xattrs(struct tree *tree, const char *path)
{
	char names[4096], *list[256], value[4096];
	ssize_t size = llistxattr(path, names, sizeof(names));
	int count = 0;

	if (size < 0)
		fprintf(tree->out, " xattrs=E%d", errno);
	for (char *name = names; name < names + size && count < 256; name += strlen(name) + 1)
		list[count++] = name;
	qsort(list, (size_t)count, sizeof(list[0]), tree_order);
	for (int i = 0; i < count; i++) {
		ssize_t got = lgetxattr(path, list[i], value, sizeof(value));

		fprintf(tree->out, " %s=%zd:%lx", list[i], got < 0 ? -errno : got,
			got < 0 ? 0UL : (unsigned long)hash_of(value, (size_t)got));
	}
}

static void tree_flags(struct tree *tree, const char *path)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOATIME | O_NOFOLLOW), flags = 0;

	if (fd < 0) {
		fprintf(tree->out, " open=E%d", errno);
		return;
	}
	fprintf(tree->out, " flags=%x", ioctl(fd, FS_IOC_GETFLAGS, &flags) ? -errno : flags);
	close(fd);
}

static void tree_contents(struct tree *tree, const char *path, const struct stat *st)
{
	char target[PATH_MAX];
	ssize_t size;
	int fd;

	if (S_ISLNK(st->st_mode)) {
		size = readlink(path, target, sizeof(target));
		fprintf(tree->out, " target=%zd:%lx", size,
			size < 0 ? 0UL : (unsigned long)hash_of(target, (size_t)size));
	} else if (S_ISREG(st->st_mode)) {
		fd = open(path, O_RDONLY | O_NOATIME | O_NOFOLLOW);
		fprintf(tree->out, " data=%lx", fd < 0 ? 0UL : (unsigned long)tree_data(fd));
		if (fd >= 0)
			close(fd);
	}
	if (S_ISREG(st->st_mode) || S_ISDIR(st->st_mode))
		tree_flags(tree, path);
	tree_xattrs(tree, path);
}

static void tree_stat(struct tree *tree, const struct stat *st, unsigned long name)
{
	said.note[0] = '\0';
	say(" mode=%o owner=%u:%u links=%lu size=%lld rdev=%lx same=%lx", st->st_mode, st->st_uid,
	    st->st_gid, (unsigned long)st->st_nlink, (long long)st->st_size,
	    (unsigned long)st->st_rdev, tree_first(tree, st->st_ino, name));
	say_time("atime", st->st_atim.tv_sec, st->st_atim.tv_nsec);
	say_time("mtime", st->st_mtim.tv_sec, st->st_mtim.tv_nsec);
	say_time("ctime", st->st_ctim.tv_sec, st->st_ctim.tv_nsec);
	fputs(said.note, tree->out);
}

static void tree_dir(struct tree *tree, int depth, unsigned long above);

static void tree_entry(struct tree *tree, const char *name, int depth, unsigned long above)
{
	unsigned long number = hash_of(name, strlen(name)) * 31 + above * 17;
	struct stat st;

	fprintf(tree->out, "%*s", depth * 2, "");
	tree_name(tree->out, name);
	if (lstat(name, &st)) {
		fprintf(tree->out, " lstat=E%d\n", errno);
		return;
	}
	if (tree->contents)
		tree_contents(tree, name, &st);
	else
		tree_stat(tree, &st, number);
	fputc('\n', tree->out);
	if (!S_ISDIR(st.st_mode) || depth == TREE_DEPTH)
		return;
	if (chdir(name)) {
		fprintf(tree->out, "chdir=E%d\n", errno);
		return;
	}
	tree_dir(tree, depth + 1, number);
	if (chdir(".."))
		fprintf(tree->out, "chdir ..=E%d\n", errno);
}

static void tree_dir(struct tree *tree, int depth, unsigned long above)
{
	int fd = open(".", O_RDONLY | O_DIRECTORY | O_NOATIME), count = 0;
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	char *names[TREE_NAMES];
	struct dirent *entry;

	if (!dir) {
		fprintf(tree->out, "opendir=E%d\n", errno);
		return;
	}
	while ((entry = readdir(dir)) && count < TREE_NAMES)
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			names[count++] = strdup(entry->d_name);
	closedir(dir);
	qsort(names, (size_t)count, sizeof(names[0]), tree_order);
	for (int i = 0; i < count; i++) {
		tree_entry(tree, names[i], depth, above);
		free(names[i]);
	}
}

/* The tree below the directory where we are. */
MAYBE_UNUSED static void tree_describe(FILE *out, bool contents)
{
	static struct tree tree;
	int here = open(".", O_PATH);

	tree = (struct tree){ .out = out, .contents = contents };
	tree_entry(&tree, ".", 0, 0);
	if (here < 0 || fchdir(here))
		fprintf(out, "the way back is lost\n");
	close(here);
}
#endif
