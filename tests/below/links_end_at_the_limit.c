/* SPDX-License-Identifier: MIT */
/*
 * As many hard links as ext4 allows (65,000) are made, counted and removed through the mount; one more is
 * EMLINK, and so is a directory too many where directories are counted. Must not know: that the limit is
 * the same elsewhere.
 */
#include "zct.h"

enum { LIMIT = 65000, NEAR = 64900 };

static void at(int number, char path[32])
{
	snprintf(path, 32, "d%d/%d", number % 8, number);
}

static long links_of(const char *path)
{
	struct stat st;

	return stat(path, &st) < 0 ? -1 : (long)st.st_nlink;
}

static long make_links(int from, int to)
{
	char path[32];

	for (int i = from; i < to; i++) {
		at(i, path);
		if (link("f", path) < 0)
			return -1;
	}
	return 0;
}

static long remove_links(int from, int to)
{
	char path[32];

	for (int i = from; i < to; i++) {
		at(i, path);
		if (unlink(path) < 0)
			return -1;
	}
	return 0;
}

static void hard_links(void **state)
{
	(void)state;
	char path[32];

	for (int i = 0; i < 8; i++) {
		snprintf(path, sizeof(path), "d%d", i);
		WORKS(mkdir(path, 0755));
	}
	WORKS(zct_put("f", "text", 0644));
	WORKS(make_links(1, LIMIT));
	GIVES(LIMIT, links_of("f"));
	GIVES(LIMIT, links_of("d7/64999"));
	FAILS(EMLINK, link("f", "one-more"));
	FAILS(EMLINK, link("d3/3", "one-more"));
	FAILS(ENOENT, zct_stat("one-more"));
	WORKS(rename("d3/3", "moved"));
	FAILS(EMLINK, link("moved", "one-more"));
	WORKS(unlink("moved"));
	WORKS(link("f", "d3/3"));
	FAILS(EMLINK, link("f", "one-more"));
	WORKS(zct_cat("d1/1"));
	WORKS(remove_links(1, LIMIT));
	GIVES(1, links_of("f"));
}

static long make_directories(const char *top, int from, int to)
{
	char path[64];

	for (int i = from; i < to; i++) {
		snprintf(path, sizeof(path), "%s/%d", top, i);
		if (mkdir(path, 0755) < 0)
			return -1;
	}
	return 0;
}

static long make_directories_below(const char *top, int from, int to)
{
	MUST(fchdir(zct_behind()));
	return make_directories(top, from, to);
}

/* The first ones directly in the backing directory, the last ones through the mount. */
static void directories(void **state)
{
	(void)state;

	WORKS(mkdir("many", 0755));
	WORKS(make_directories_below("many", 2, NEAR));
	WORKS(make_directories("many", NEAR, LIMIT));
	SAME(links_of("many"));
	FAILS(EMLINK, mkdir("many/one-more", 0755));
	WORKS(mkdir("other", 0755));
	FAILS(EMLINK, rename("other", "many/other"));
	WORKS(zct_put("many/file", "no link of the directory", 0644));
	WORKS(rmdir("many/64999"));
	WORKS(rename("other", "many/other"));
	FAILS(EMLINK, mkdir("many/one-more", 0755));
	SAME(links_of("many"));
	zct.trees_differ_on_purpose = true; /* 65,000 directories thrice: too slow to compare */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hard_links),
		cmocka_unit_test(directories),
	};

	return ZCT_RUN("timeout=0", tests);
}
