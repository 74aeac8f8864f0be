/* SPDX-License-Identifier: MIT */
/*
 * In a sticky directory only the file's owner, the directory's owner and root remove or rename.
 * Must not know: who checks.
 */
#include "zct.h"

static void make_dir(const char *dir, uid_t owner)
{
	static const char *const names[] = { "a", "b" };
	static const uid_t owners[] = { ALICE, BOB };
	char path[64];

	WORKS(mkdir(dir, 0777));
	WORKS(chown(dir, owner, 0));
	WORKS(chmod(dir, 01777));
	for (int i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		WORKS(zct_put(path, "x", 0666));
		WORKS(chown(path, owners[i], owners[i]));
		snprintf(path, sizeof(path), "%s/%s-dir", dir, names[i]);
		WORKS(mkdir(path, 0777));
		WORKS(chown(path, owners[i], owners[i]));
	}
}

static void owned_by_root(void **state)
{
	(void)state;
	make_dir("r", 0);
	AS_USER (ALICE) {
		FAILS(EPERM, unlink("r/b"));
		FAILS(EPERM, rename("r/b", "r/c"));
		FAILS(EPERM, rename("r/a", "r/b"));
		FAILS(EPERM, rmdir("r/b-dir"));
		FAILS(EPERM, rename("r/b-dir", "r/c-dir"));
		FAILS(EPERM, renameat2(AT_FDCWD, "r/a", AT_FDCWD, "r/b", RENAME_EXCHANGE));
		GIVES(0, zct_try_open("r/b", O_RDWR, 0));
		WORKS(zct_put("r/new", "x", 0644));
		WORKS(rename("r/new", "r/a"));
		WORKS(rename("r/a", "r/a2"));
		WORKS(unlink("r/a2"));
		WORKS(rmdir("r/a-dir"));
	}
	WORKS(unlink("r/b"));
}

static void owned_by_a_user(void **state)
{
	(void)state;
	make_dir("s", ALICE);
	AS_USER (ALICE) {
		WORKS(rename("s/b", "s/c"));
		WORKS(unlink("s/c"));
		WORKS(rmdir("s/b-dir"));
	}
	AS_USER (BOB) {
		FAILS(EPERM, unlink("s/a"));
		FAILS(EPERM, rmdir("s/a-dir"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(owned_by_root),
		cmocka_unit_test(owned_by_a_user),
	};

	return ZCT_RUN("", tests);
}
