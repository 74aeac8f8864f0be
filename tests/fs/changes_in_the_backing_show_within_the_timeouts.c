/* SPDX-License-Identifier: MIT */
/*
 * Whatever happens directly in the backing directory shows on the mount in time, with the default
 * time-outs: names, kinds, owners, sizes, content, targets. Once it has shown it stays, and no look
 * in between gives an error but that a name is not there. Must not know: how long the time-outs are.
 */
#include "zct.h"

#include <sys/xattr.h>
#include <time.h>

static int dir; /* the backing directory */

static void put(const char *name, const char *text)
{
	int fd = (int)MUST(openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));

	CHECK_EQ(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static void prepare(void)
{
	static const char *const files[] = { "gone",	  "moved",  "over",  "other", "mode",
					     "owner",	  "size",   "times", "xattr", "anew",
					     "same-size", "linked", "kind" };

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		put(files[i], "first content");
	MUST(symlinkat("first", dir, "link"));
	MUST(mkdirat(dir, "dir", 0755));
	put("dir/inside", "inside");
	MUST(mkdirat(dir, "dir-to-file", 0755));
}

static void replace_link(void)
{
	MUST(unlinkat(dir, "link", 0));
	MUST(symlinkat("second", dir, "link"));
}

/* File systems give the same inode number again at once. */
static void make_anew(void)
{
	MUST(unlinkat(dir, "anew", 0));
	put("anew", "quite other content");
}

static void change_kinds(void)
{
	MUST(unlinkat(dir, "kind", 0));
	MUST(mkdirat(dir, "kind", 0700));
	MUST(unlinkat(dir, "dir-to-file", AT_REMOVEDIR));
	put("dir-to-file", "a file now");
}

static void change_all(void)
{
	const struct timespec times[2] = { { 1, 2 }, { 3, 4 } };
	int fd = (int)MUST(openat(dir, "xattr", O_RDONLY | O_CLOEXEC));

	put("new", "new");
	MUST(unlinkat(dir, "gone", 0));
	MUST(renameat(dir, "moved", dir, "moved-here"));
	MUST(renameat(dir, "over", dir, "other"));
	MUST(fchmodat(dir, "mode", 0600, 0));
	MUST(fchownat(dir, "owner", ALICE, TEAM, 0));
	put("size", "another, longer content");
	put("same-size", "other content");
	MUST(utimensat(dir, "times", times, 0));
	MUST(fsetxattr(fd, "user.note", "value", 5, 0));
	MUST(linkat(dir, "linked", dir, "second-name", 0));
	MUST(renameat(dir, "dir", dir, "dir-moved"));
	replace_link();
	make_anew();
	change_kinds();
	close(fd);
}

static const char *const names[] = {
	"new",	       "gone",	     "moved",	  "moved-here",	     "over",  "other",
	"mode",	       "owner",	     "size",	  "times",	     "xattr", "anew",
	"link",	       "same-size",  "linked",	  "second-name",     "dir",   "kind",
	"dir-to-file", "dir/inside", "dir-moved", "dir-moved/inside"
};
enum { NAMES = sizeof(names) / sizeof(names[0]), TEXT = 400 };

/* A look in between may meet the name half gone: nothing else may go wrong. */
static void describe_content(int at, const char *name, char *text)
{
	size_t used = strlen(text);
	int fd = openat(at, name, O_RDONLY | O_CLOEXEC);
	ssize_t got;

	if (fd < 0) {
		CHECK(errno == ENOENT || errno == ENOTDIR);
		return;
	}
	got = read(fd, text + used, TEXT - used - 1);
	CHECK(got >= 0 || errno == EISDIR);
	text[used + (size_t)(got > 0 ? got : 0)] = '\0';
	got = fgetxattr(fd, "user.note", text + strlen(text), 10);
	CHECK(got >= 0 || errno == ENODATA);
	close(fd);
}

static void describe(int at, const char *name, char text[TEXT])
{
	struct stat st;

	memset(text, 0, TEXT);
	if (fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
		CHECK(errno == ENOENT || errno == ENOTDIR);
		strcpy(text, "not there");
		return;
	}
	snprintf(text, TEXT, "mode %o links %ld owner %u:%u mtime %ld.%ld ino %ld size %ld ",
		 st.st_mode, (long)st.st_nlink, st.st_uid, st.st_gid, (long)st.st_mtim.tv_sec,
		 st.st_mtim.tv_nsec, (long)st.st_ino, S_ISDIR(st.st_mode) ? 0L : (long)st.st_size);
	if (S_ISLNK(st.st_mode))
		CHECK(readlinkat(at, name, text + strlen(text), 50) >= 0 || errno == ENOENT);
	else
		describe_content(at, name, text);
}

static const char *first_difference(void)
{
	char shown[TEXT], wanted[TEXT];

	for (int i = 0; i < NAMES; i++) {
		describe(zct.fd[MNT], names[i], shown);
		describe(zct.fd[BACK], names[i], wanted);
		if (strcmp(shown, wanted) != 0)
			return names[i];
	}
	return NULL;
}

static void wait_until_it_shows(void)
{
	const struct timespec moment = { 0, 20000000 };
	const char *name = "";

	for (int i = 0; i < 1000 && name; i++) {
		name = first_difference();
		nanosleep(&moment, NULL);
	}
	if (name)
		zct_fail(ZCT_HERE, "%s: the change does not show", name);
	for (int i = 0; i < 100; i++) {
		name = first_difference();
		if (name)
			zct_fail(ZCT_HERE, "%s: shows no longer", name);
	}
}

static void on_side(int side, void (*act)(void))
{
	dir = zct.fd[side];
	act();
}

static void everything_shows_in_time(void **state)
{
	(void)state;
	on_side(BACK, prepare);
	on_side(TWIN, prepare);
	wait_until_it_shows(); /* and is believed from now on */
	on_side(BACK, change_all);
	on_side(TWIN, change_all);
	wait_until_it_shows();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_shows_in_time),
	};

	return ZCT_RUN("", tests);
}
