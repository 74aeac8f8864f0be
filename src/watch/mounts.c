// SPDX-License-Identifier: MIT
// What is mounted below the backing directory: no event tells of that, but the kernel's list of mounts does.
// Must not know what follows from it.
#include <stdlib.h>
#include <string.h>

#include "zcfs/watch.h"
#include "watch.h"

#define FNV_START 0xcbf29ce484222325ULL
#define FNV_PRIME 0x100000001b3ULL

/* The nth of the fields that single blanks separate, from 0 on; *ret_len its length. */
static const char *field(const char *line, int n, size_t *ret_len)
{
	for (; n > 0 && line; n--) {
		line = strchr(line, ' ');
		line = line ? line + 1 : NULL;
	}
	*ret_len = line ? strcspn(line, " \n") : 0;
	return line;
}

/* A character of a mount point: blanks, backslashes and line ends are written as three octal digits. */
static char next_char(const char **at)
{
	const char *s = *at;

	if (s[0] != '\\') {
		*at = s + 1;
		return s[0];
	}
	*at = s + 4;
	return (char)((s[1] - '0') << 6 | (s[2] - '0') << 3 | (s[3] - '0'));
}

static bool is_below(const char *point, size_t len, const char *path)
{
	const char *end = point + len;

	if (!strcmp(path, "/"))
		return true;
	while (*path && point < end) {
		if (next_char(&point) != *path++)
			return false;
	}
	return !*path && point < end && *point == '/';
}

static uint64_t hash(uint64_t h, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)text[i]) * FNV_PRIME;
	return h;
}

/* proc_pid_mountinfo(5): mount id, parent, device, root, mount point, ... */
uint64_t zc_watch_mounts_below(struct zc_watch *watch)
{
	uint64_t h = FNV_START;
	char *line = NULL;
	size_t size = 0;

	rewind(watch->mounts);
	while (getline(&line, &size, watch->mounts) > 0) {
		size_t len, id_len;
		const char *point = field(line, 4, &len);
		const char *id = field(line, 0, &id_len);

		if (point && is_below(point, len, watch->path))
			h = hash(hash(h, id, id_len), point, len);
	}
	free(line);
	return h;
}
