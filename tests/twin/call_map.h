/* SPDX-License-Identifier: MIT */
/*
 * Mappings of one page that last over other calls: whatever happens to the file meanwhile.
 * Must not know the tester: printed programs contain this text.
 */
#ifndef ZC_TWIN_CALL_MAP_H
#define ZC_TWIN_CALL_MAP_H

#define MAPPINGS 2

/* page NULL: none. file: the mapped inode by O_PATH, whatever becomes of its slot. */
static struct mapping {
	char *page;
	int file;
	bool shared;
} mapping[MAPPINGS];

static struct mapping *mapped(int number)
{
	if (mapping[number].page)
		return &mapping[number];
	errno = ENOENT;
	return NULL;
}

MAYBE_UNUSED static long map_drop(int number)
{
	struct mapping *map = mapped(number);
	long err;

	if (!map)
		return -1;
	err = munmap(map->page, 4096);
	close(map->file);
	map->page = NULL;
	return err;
}

/* Instead of the mapping of that number, if there is one. */
MAYBE_UNUSED static long map_keep(int number, int fd, off_t offset, int prot, int flags)
{
	char *page = mmap(NULL, 4096, prot, flags, fd, offset);
	char path[64];

	if (page == MAP_FAILED)
		return -1;
	if (mapping[number].page)
		map_drop(number);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	mapping[number] =
	    (struct mapping){ page, open(path, O_PATH | O_CLOEXEC), flags == MAP_SHARED };
	return 0;
}

MAYBE_UNUSED static long map_protect(int number, int prot)
{
	struct mapping *map = mapped(number);

	return map ? mprotect(map->page, 4096, prot) : -1;
}

/* A page without permission to read, or behind the end of the file, is a signal. */
MAYBE_UNUSED static long map_load(int number)
{
	struct mapping *map = mapped(number);

	if (!map)
		return -1;
	say(" page=%lx", (unsigned long)hash_of(map->page, 4096));
	return 0;
}

/* The kernel does not tell FUSE of a store: the attributes are asked for anew. */
MAYBE_UNUSED static long map_store(int number, int seed)
{
	struct mapping *map = mapped(number);
	struct statx fresh;
	long err = 0;

	if (!map)
		return -1;
	memset(map->page + seed, seed, 30);
	if (map->shared)
		err = msync(map->page, 4096, MS_SYNC);
	statx(map->file, "", AT_EMPTY_PATH | AT_STATX_FORCE_SYNC, STATX_BASIC_STATS, &fresh);
	return err;
}
#endif
