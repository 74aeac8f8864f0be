/* SPDX-License-Identifier: MIT */
/*
 * What is made in a setgid directory gets the directory's group; new directories get the bit as
 * well. Must not know: mount options bsdgroups.
 */
#include "zct.h"

static const char *const dirs[] = { "plain", "setgid" };

static void make_all(const char *dir)
{
	char path[64];

#define IN_DIR(name) (snprintf(path, sizeof(path), "%s/%s", dir, name), path)
	WORKS(zct_put(IN_DIR("f"), "x", 0664));
	WORKS(zct_try_open(IN_DIR("g"), O_RDWR | O_CREAT, 02775));
	WORKS(mkdir(IN_DIR("d"), 0775));
	WORKS(mkdir(IN_DIR("d/e"), 02700));
	WORKS(mkfifo(IN_DIR("p"), 0600));
	WORKS(mknod(IN_DIR("n"), S_IFREG | 02755, 0));
	WORKS(symlink("x", IN_DIR("l")));
	WORKS(zct_try_open(dir, O_TMPFILE | O_RDWR, 02777));
	for (const char *const *n =
		 (const char *const[]){ "f", "g", "d", "d/e", "p", "n", "l", NULL };
	     *n; n++)
		WORKS(zct_stat(IN_DIR(*n)));
#undef IN_DIR
}

static void make_dirs(gid_t gid)
{
	for (int i = 0; i < 2; i++) {
		WORKS(mkdir(dirs[i], 0777));
		WORKS(chown(dirs[i], 0, gid));
		WORKS(chmod(dirs[i], i ? 02777 : 0777));
	}
}

static void move_away(const char *suffix)
{
	char to[64];

	for (int i = 0; i < 2; i++) {
		snprintf(to, sizeof(to), "%s-%s", dirs[i], suffix);
		WORKS(rename(dirs[i], to));
	}
}

static void for_a_user_outside_the_group(void **state)
{
	(void)state;
	make_dirs(TEAM);
	AS_USER (ALICE)
		for (int i = 0; i < 2; i++)
			make_all(dirs[i]);
	move_away("outside");
}

static void for_a_member(void **state)
{
	(void)state;
	const struct zct_who member = { ALICE, ALICE, 002, 1, { TEAM } };

	make_dirs(TEAM);
	AS (&member)
		for (int i = 0; i < 2; i++)
			make_all(dirs[i]);
	move_away("member");
}

static void for_root(void **state)
{
	(void)state;
	make_dirs(TEAM);
	for (int i = 0; i < 2; i++)
		make_all(dirs[i]);
	move_away("root");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(for_a_user_outside_the_group),
		cmocka_unit_test(for_a_member),
		cmocka_unit_test(for_root),
	};

	return ZCT_RUN("", tests);
}
