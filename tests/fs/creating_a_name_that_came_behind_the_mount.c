/* SPDX-License-Identifier: MIT */
/*
 * The mount remembers that a name is free, and somebody makes it in the backing directory:
 * creating it through the mount then gives what it gives where the name is seen. Must not know:
 * how the kernel is made to look again.
 */
#include "zct.h"

static int put_behind(const char *name, mode_t mode)
{
	int fd =
	    (int)MUST(openat(zct_behind(), name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));

	MUST(fchmod(fd, mode));
	CHECK_EQ(write(fd, "theirs", 6), 6);
	return close(fd);
}

/* A fresh directory that is open to all, where `name` is known to be free and then made. */
static void make_behind(const char *dir, const char *name, mode_t mode)
{
	char path[64];

	WORKS(mkdir(dir, 0777));
	WORKS(chmod(dir, 0777));
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	FAILS(ENOENT, zct_stat(path));
	GIVES(0, put_behind(path, mode));
}

static void an_open_that_creates_opens_it(void **state)
{
	(void)state;
	make_behind("a", "f", 0644);
	GIVES(0, zct_try_open("a/f", O_RDWR | O_CREAT, 0600));
	GIVES(6, zct_cat("a/f"));
	make_behind("b", "f", 0644);
	FAILS(EEXIST, open("b/f", O_RDWR | O_CREAT | O_EXCL, 0600));
	make_behind("c", "f", 0644);
	GIVES(0, zct_try_open("c/f", O_RDWR | O_CREAT | O_TRUNC, 0600));
	GIVES(0, zct_cat("c/f"));
}

static void an_open_that_creates_respects_its_mode(void **state)
{
	(void)state;
	make_behind("d", "f", 0600);
	make_behind("e", "f", 0644);
	AS_USER (ALICE) {
		FAILS(EACCES, open("d/f", O_RDWR | O_CREAT, 0666));
		FAILS(EACCES, open("e/f", O_RDWR | O_CREAT | O_TRUNC, 0666));
		GIVES(0, zct_try_open("e/f", O_RDONLY | O_CREAT, 0666));
	}
	GIVES(6, zct_cat("e/f"));
}

static void other_makers_refuse(void **state)
{
	(void)state;
	static const char *const names[] = { "mkdir", "mknod", "symlink", "link" };

	WORKS(zct_put("mine", "mine", 0644));
	WORKS(mkdir("g", 0755));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char path[64];

		snprintf(path, sizeof(path), "g/%s", names[i]);
		FAILS(ENOENT, zct_stat(path));
		GIVES(0, put_behind(path, 0600));
	}
	FAILS(EEXIST, mkdir("g/mkdir", 0755));
	FAILS(EEXIST, mknod("g/mknod", S_IFIFO | 0600, 0));
	FAILS(EEXIST, symlink("x", "g/symlink"));
	FAILS(EEXIST, link("mine", "g/link"));
	make_behind("h", "target", 0600);
	FAILS(EEXIST, renameat2(AT_FDCWD, "mine", AT_FDCWD, "h/target", RENAME_NOREPLACE));
	GIVES(0, rename("mine", "h/target"));
	GIVES(4, zct_cat("h/target"));
}

/* In the child's chroot the target of the link does not exist. */
static void create_in_chroot(void *arg)
{
	int fd;

	(void)arg;
	MUST(chroot(zct.dir[MNT]));
	MUST(chdir("/"));
	fd = open("trap/name", O_WRONLY | O_CREAT, 0666);
	CHECK(fd < 0);
}

static void a_symbolic_link_there_is_not_followed_out(void **state)
{
	(void)state;
	char target[600];

	WORKS(mkdir("trap", 0755));
	FAILS(ENOENT, zct_stat("trap/name"));
	snprintf(target, sizeof(target), "%s/planted", zct.top);
	WORKS(symlinkat(target, zct_behind(), "trap/name"));
	zct_join(zct_spawn(create_in_chroot, NULL));
	CHECK(access(target, F_OK) < 0 && errno == ENOENT);
	zct.trees_differ_on_purpose = true; /* time-outs are long */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_open_that_creates_opens_it),
		cmocka_unit_test(an_open_that_creates_respects_its_mode),
		cmocka_unit_test(other_makers_refuse),
		cmocka_unit_test(a_symbolic_link_there_is_not_followed_out),
	};

	return ZCT_RUN("timeout=1000", tests);
}
