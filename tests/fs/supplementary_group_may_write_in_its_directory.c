/* SPDX-License-Identifier: MIT */
/*
 * A user who may write only by a supplementary group makes, moves, changes and removes like on any
 * disk. Must not know: how the daemon comes by a caller's groups.
 */
#include "zct.h"

#include <sys/xattr.h>

static const struct zct_who member = { ALICE, ALICE, 002, 3, { 40000, TEAM, 40001 } };

static void make_dir(const char *dir, mode_t mode)
{
	char path[64];

	WORKS(mkdir(dir, 0700));
	WORKS(chown(dir, 0, TEAM));
	WORKS(chmod(dir, mode));
	snprintf(path, sizeof(path), "%s/shared", dir);
	WORKS(zct_put(path, "text", 0660));
	WORKS(chown(path, BOB, TEAM));
}

static void work_in(const char *dir)
{
	int old = (int)MUST(open(".", O_PATH | O_CLOEXEC)), err;

	MUST(chdir(dir));
	err = zct_put("f", "text", 0640) || mkdir("d", 0775) || symlink("f", "l") ||
	      link("f", "g") || mkfifo("p", 0660) || rename("f", "d/f") ||
	      zct_try_open("new", O_RDWR | O_CREAT, 0666) || zct_try_open("shared", O_RDWR, 0) ||
	      truncate("shared", 2) || setxattr("shared", "user.x", "y", 1, 0) ||
	      zct_try_open(".", O_TMPFILE | O_RDWR, 0660) || unlink("g") || mkdir("gone", 0755) ||
	      rmdir("gone") || zct_stat("d/f") || zct_stat("new") ||
	      utimensat(AT_FDCWD, "shared", NULL, 0);
	if (err)
		zct_fail(ZCT_HERE, "side %d, %s: %m", zct.side, dir);
	MUST(fchdir(old));
	close(old);
}

static void a_member_works_and_others_do_not(void **state)
{
	(void)state;
	make_dir("team", 0770);
	make_dir("sgid", 02770);
	AS (&member) {
		WORKS((work_in("team"), 0));
		WORKS((work_in("sgid"), 0));
		FAILS(EPERM, chmod("team/shared", 0666));
	}
	AS_USER (BOB) {
		FAILS(EACCES, zct_stat("team/shared"));
		FAILS(EACCES, mkdir("team/bobs", 0755));
	}
}

static void a_member_goes_through_a_directory_of_the_group(void **state)
{
	(void)state;
	WORKS(mkdir("outer", 0700));
	WORKS(mkdir("outer/inner", 0777));
	WORKS(chmod("outer/inner", 0777));
	WORKS(chown("outer", 0, TEAM));
	WORKS(chmod("outer", 0710));
	AS (&member) {
		WORKS(zct_put("outer/inner/f", "x", 0600));
		FAILS(EACCES, open("outer", O_RDONLY));
		FAILS(EACCES, mkdir("outer/d", 0755));
	}
}

static void membership_is_asked_anew_for_each_request(void **state)
{
	(void)state;
	make_dir("changing", 0770);
	AS (&((const struct zct_who){ 0, 0, 022, 1, { TEAM } })) {
		MUST(setresuid(ALICE, ALICE, 0));
		WORKS(mkdir("changing/one", 0755));
	}
	AS (&((const struct zct_who){ ALICE, ALICE, 022, 0, { 0 } }))
		FAILS(EACCES, mkdir("changing/two", 0755));
	AS (&member)
		WORKS(mkdir("changing/three", 0755));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_member_works_and_others_do_not),
		cmocka_unit_test(a_member_goes_through_a_directory_of_the_group),
		cmocka_unit_test(membership_is_asked_anew_for_each_request),
	};

	return ZCT_RUN("", tests);
}
