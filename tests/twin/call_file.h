/* SPDX-License-Identifier: MIT */
/*
 * Calls on open files and on what stat tells. Must not know the tester: printed programs contain
 * this text.
 */
#ifndef ZC_TWIN_CALL_FILE_H
#define ZC_TWIN_CALL_FILE_H

MAYBE_UNUSED static long drop(int number)
{
	int fd = slot[number];

	slot[number] = -1;
	return close(fd);
}

/* The bytes that a read left in the buffer. */
MAYBE_UNUSED static long took(long size)
{
	if (size >= 0)
		say(" bytes=%lx", (unsigned long)hash_of(buffer, (size_t)size));
	return size;
}

MAYBE_UNUSED static void say_stat(const struct stat *st)
{
	say(" mode=%o owner=%u:%u links=%lu size=%lld", st->st_mode, st->st_uid, st->st_gid,
	    (unsigned long)st->st_nlink, (long long)st->st_size);
	if (st->st_rdev)
		say(" rdev=%lx", (unsigned long)st->st_rdev);
	say_time("atime", st->st_atim.tv_sec, st->st_atim.tv_nsec);
	say_time("mtime", st->st_mtim.tv_sec, st->st_mtim.tv_nsec);
	say_time("ctime", st->st_ctim.tv_sec, st->st_ctim.tv_nsec);
}

MAYBE_UNUSED static long show_stat(int dir, const char *path, int flags)
{
	struct stat st;

	if (fstatat(dir, path, &st, flags))
		return -1;
	say_stat(&st);
	return 0;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Every name once, with its type, and the same inode number as lstat tells. */
static void say_entries(char **entry, int count)
{
	uint64_t hash = 0;

	qsort(entry, (size_t)count, sizeof(entry[0]), by_text);
	for (int i = 0; i < count; i++) {
		hash = hash * 31 + hash_of(entry[i], strlen(entry[i]));
		if (count < 20)
			say(" %.20s", entry[i]);
		free(entry[i]);
	}
	say(" entries=%d:%lx", count, (unsigned long)hash);
}

/* Reads the directory to its end; dir is closed. */
static long list_all(DIR *dir)
{
	char *entry[1000];
	struct dirent *got;
	struct stat st;
	int count = 0;

	while ((got = readdir(dir)) && count < 1000) {
		bool other = strcmp(got->d_name, "..") &&
			     !fstatat(dirfd(dir), got->d_name, &st, AT_SYMLINK_NOFOLLOW) &&
			     st.st_ino != got->d_ino;

		if (asprintf(&entry[count++], "%s/%d%s", got->d_name, got->d_type,
			     other ? "!ino" : "") < 0)
			abort();
	}
	say_entries(entry, count);
	return closedir(dir);
}

MAYBE_UNUSED static long list(const char *path)
{
	DIR *dir = opendir(path);

	return dir ? list_all(dir) : -1;
}

/* From its beginning, whatever was read before through the same open file. */
MAYBE_UNUSED static long list_again(int fd)
{
	int own = dup(fd);
	DIR *dir = own < 0 ? NULL : fdopendir(own);
	int err = errno;

	if (!dir) {
		if (own >= 0)
			close(own);
		errno = err;
		return -1;
	}
	rewinddir(dir);
	return list_all(dir);
}
#endif
