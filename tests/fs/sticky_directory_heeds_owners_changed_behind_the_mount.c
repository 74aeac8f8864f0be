/* SPDX-License-Identifier: MIT */
/*
 * Owners and the sticky bit change in the backing directory, and the mount remembers them as they were:
 * who may remove and rename follows what they are now. Must not know: who checks.
 */
#include "zct.h"

static const char *const old[] = { "d", "d/old", "d/old-dir" };

/* Two files and two directories of ALICE's. */
static void make_dir(uid_t owner, mode_t mode)
{
	static const char *const files[] = { "d/mine", "d/old" };
	static const char *const dirs[] = { "d/mine-dir", "d/old-dir" };

	zct.trees_differ_on_purpose = true; /* in what the mount remembers */
	WORKS(mkdir("d", 0777));
	for (int i = 0; i < 2; i++) {
		WORKS(zct_put(files[i], files[i], 0666));
		WORKS(chown(files[i], ALICE, ALICE));
		WORKS(mkdir(dirs[i], 0777));
		WORKS(chown(dirs[i], ALICE, ALICE));
	}
	WORKS(chown("d", owner, 0));
	WORKS(chmod("d", mode));
	for (int i = 0; i < 3; i++)
		WORKS(zct_stat(old[i]));
}

/* The owners of `old` that the mount shows, and the mode of the directory. */
static void check_remembered(const uid_t owners[3], mode_t mode)
{
	struct stat st;

	if (zct.standin)
		return;
	for (int i = 2; i >= 0; i--) {
		MUST(fstatat(zct.fd[MNT], old[i], &st, AT_SYMLINK_NOFOLLOW));
		CHECK_EQ(st.st_uid, owners[i]);
	}
	CHECK_EQ(st.st_mode & 07777, mode);
}

static void alice_fails(void)
{
	AS_USER (ALICE) {
		FAILS(EPERM, unlink("d/old"));
		FAILS(EPERM, rmdir("d/old-dir"));
		FAILS(EPERM, rename("d/old", "d/new"));
		FAILS(EPERM, rename("d/old-dir", "d/new-dir"));
		FAILS(EPERM, rename("d/mine", "d/old"));
		FAILS(EPERM, rename("d/mine-dir", "d/old-dir"));
		FAILS(EPERM, renameat2(AT_FDCWD, "d/mine", AT_FDCWD, "d/old", RENAME_EXCHANGE));
		FAILS(EPERM, renameat2(AT_FDCWD, "d/old", AT_FDCWD, "d/mine", RENAME_EXCHANGE));
		FAILS(EPERM, renameat2(AT_FDCWD, "d/old", AT_FDCWD, "d/new", RENAME_NOREPLACE));
	}
	CHECK_EQ(zct_tree_diff(TWIN, BACK, false), 0);
}

/* And what is hers still goes. */
static void end(const char *name)
{
	AS_USER (ALICE) {
		WORKS(rename("d/mine", "d/hers"));
		WORKS(unlink("d/hers"));
		WORKS(rmdir("d/mine-dir"));
	}
	WORKS(rename("d", name));
	CHECK_EQ(zct_tree_diff(TWIN, BACK, false), 0);
}

static void files_were_given_away(void **state)
{
	(void)state;
	make_dir(0, 01777);
	WORKS(fchownat(zct_behind(), "d/old", BOB, BOB, 0));
	WORKS(fchownat(zct_behind(), "d/old-dir", BOB, BOB, 0));
	check_remembered((const uid_t[]){ 0, ALICE, ALICE }, 01777);
	alice_fails();
	end("files");
}

static void directory_was_given_away(void **state)
{
	(void)state;
	make_dir(ALICE, 01777);
	WORKS(chown("d/old", BOB, BOB));
	WORKS(chown("d/old-dir", BOB, BOB));
	WORKS(fchownat(zct_behind(), "d", 0, 0, 0));
	check_remembered((const uid_t[]){ ALICE, BOB, BOB }, 01777);
	alice_fails();
	end("directory");
}

static void directory_became_sticky(void **state)
{
	(void)state;
	make_dir(0, 0777);
	WORKS(chown("d/old", BOB, BOB));
	WORKS(chown("d/old-dir", BOB, BOB));
	WORKS(fchmodat(zct_behind(), "d", 01777, 0));
	check_remembered((const uid_t[]){ 0, BOB, BOB }, 0777);
	alice_fails();
	end("bit");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_were_given_away),
		cmocka_unit_test(directory_was_given_away),
		cmocka_unit_test(directory_became_sticky),
	};

	return ZCT_RUN("timeout=1000", tests);
}
