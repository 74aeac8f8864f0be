// SPDX-License-Identifier: MIT
// Paths and names of extended attributes by number: few, so that calls meet, and some at the
// edges. Must not know which call takes them. No path goes up twice, and no absolute one exists:
// nothing outside the run can be reached.
#include "twin.h"

#include <limits.h>
#include <string.h>

static const char *const dirs[] = { "", "", "", "d/", "d/", "e/", "d/e/", "d/f/" };
static const char *const names[] = { "a", "b", "c", "d", "e", "f", "a", "b", "g", "h", "i", "j" };
#define DIRS  ((int)(sizeof(dirs) / sizeof(dirs[0])))
#define NAMES ((int)(sizeof(names) / sizeof(names[0])))
/* Of the names, those that most calls take; the others are for something new. */
#define USUAL	8
#define SPECIAL 1000
#define LONG	2000

static const char *const special[] = {
	"",	  ".",	     "..",	    "d/..",
	"d/../a", "a/",	     "d/",	    "b/.",
	"d/.",	  "e/..",    "\x01\xff\n ", "d/\xc3\x28",
	"-",	  "d//e//a", "a/b/",	    "/nonexistent/zc/a",
	"d/\\",	  "...",     "d/ ",	    "./a",
};
#define SPECIALS ((int)(sizeof(special) / sizeof(special[0])))

/* Where, and how many bytes of name; in those with a slash the whole path has so many. */
static const struct {
	const char *before;
	int size;
	bool whole;
} longs[] = {
	{ "", NAME_MAX, false },       { "d/", NAME_MAX, false },    { "", NAME_MAX + 1, false },
	{ "d/", NAME_MAX - 1, false }, { "./", PATH_MAX - 1, true }, { "./", PATH_MAX, true },
};
#define LONGS ((int)(sizeof(longs) / sizeof(longs[0])))

int64_t zc_path_make(struct random *random)
{
	int chance = zc_random_below(random, 100);

	if (chance < 3)
		return LONG + zc_random_below(random, LONGS);
	if (chance < 10)
		return SPECIAL + zc_random_below(random, SPECIALS);
	return zc_random_below(random, DIRS) * NAMES +
	       zc_random_below(random, zc_random_below(random, 5) ? USUAL : NAMES);
}

/* Where there is often nothing yet. */
int64_t zc_path_make_new(struct random *random)
{
	if (zc_random_below(random, 3) == 0)
		return zc_path_make(random);
	return zc_random_below(random, DIRS) * NAMES + USUAL +
	       zc_random_below(random, NAMES - USUAL);
}

/* What a symbolic link says: no way up, which links could add up to. */
int64_t zc_target_make(struct random *random)
{
	int64_t number;

	do
		number = zc_path_make(random);
	while (number >= SPECIAL && number < LONG && strstr(special[number - SPECIAL], ".."));
	return number;
}

/* d, e, d/e, d/f, e/a */
int64_t zc_path_directory(int number)
{
	static const int directories[ZC_DIRECTORIES] = { 3, 4, 3 * NAMES + 4, 3 * NAMES + 5,
							 5 * NAMES };

	return directories[number];
}

/* "./././a": as many bytes as a path may have, or one more. */
static void fill_path(char *buf, const char *before, int size)
{
	size_t unit = strlen(before), used = 0;

	for (; used + unit < (size_t)size; used += unit)
		memcpy(buf + used, before, unit);
	while (used < (size_t)size)
		buf[used++] = 'a';
	buf[used] = '\0';
}

static const char *long_text(int number, char *buf)
{
	size_t used = strlen(longs[number].before);

	if (longs[number].whole) {
		fill_path(buf, longs[number].before, longs[number].size);
		return buf;
	}
	memcpy(buf, longs[number].before, used);
	memset(buf + used, 'l', (size_t)longs[number].size);
	buf[used + (size_t)longs[number].size] = '\0';
	return buf;
}

const char *zc_path_text(int64_t number, char *buf)
{
	if (number >= LONG)
		return long_text((int)number - LONG, buf);
	if (number >= SPECIAL)
		return special[number - SPECIAL];
	snprintf(buf, STRING_SIZE, "%s%s", dirs[number / NAMES], names[number % NAMES]);
	return buf;
}

static const char *const xattrs[] = {
	"user.a", "user.b", "user.c",  "trusted.a", "security.a",
	"user.",  "",	    "other.a", "system.a",  "a",
};
#define XATTRS ((int)(sizeof(xattrs) / sizeof(xattrs[0])))

int64_t zc_xattr_make(struct random *random)
{
	if (!zc_random_below(random, 20))
		return XATTRS + zc_random_below(random, 2);
	return zc_random_below(random, zc_random_below(random, 4) ? 5 : XATTRS);
}

const char *zc_xattr_text(int64_t number, char *buf)
{
	if (number < XATTRS)
		return xattrs[number];
	snprintf(buf, STRING_SIZE, "user.%0*d", 250 + (int)(number - XATTRS), 0);
	return buf;
}
