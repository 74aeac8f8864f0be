// SPDX-License-Identifier: MIT
// nosuid and nodev of a mount below BACKING hold through the mirror: setuid bits and device numbers of
// files there are not shown. Must not mount where others could see it.
#include "unit.h"

#include <stdio.h>
#include <sys/mount.h>

#include "identify.h"

/* What is shown of a made-up inode of this mode on the second mount, below the first. */
static struct statx shown(const char *first, const char *second, uint16_t mode)
{
	struct zc_mounts mounts;
	struct statx stx;

	zc_mounts_init(&mounts, true);
	assert_int_equal(identify(&mounts, first).err, 0);
	stx = identify(&mounts, second).stx;
	stx.stx_mode = mode;
	stx.stx_rdev_major = 7;
	stx.stx_rdev_minor = 8;
	zc_mounts_restrict(&mounts, &stx);
	zc_mounts_fini(&mounts);
	return stx;
}

static char lax[1024], strict[1024], strict2[1024];

static void setuid_bits_of_files_are_taken_away(void **state)
{
	(void)state;
	assert_int_equal(shown(lax, strict, S_IFREG | 06755).stx_mode, S_IFREG | 0755);
	assert_int_equal(shown(lax, strict, S_IFREG | 01644).stx_mode, S_IFREG | 01644);
	/* On a directory the bit means something else. */
	assert_int_equal(shown(lax, strict, S_IFDIR | 02755).stx_mode, S_IFDIR | 02755);
}

static void device_numbers_are_taken_away(void **state)
{
	struct statx stx = shown(lax, strict, S_IFCHR | 0600);

	(void)state;
	assert_int_equal(stx.stx_rdev_major, 0);
	assert_int_equal(stx.stx_rdev_minor, 0);
}

/* The mirror's own mount has the flags of the backing directory's. */
static void same_flags_change_nothing(void **state)
{
	(void)state;
	assert_int_equal(shown(strict, strict, S_IFREG | 06755).stx_mode, S_IFREG | 06755);
	assert_int_equal(shown(strict, strict, S_IFCHR | 0600).stx_rdev_minor, 8);
	assert_int_equal(shown(lax, lax, S_IFREG | 06755).stx_mode, S_IFREG | 06755);
	assert_int_equal(shown(lax, lax, S_IFCHR | 0600).stx_rdev_major, 7);
	assert_int_equal(shown(strict, strict2, S_IFREG | 06755).stx_mode, S_IFREG | 06755);
	assert_int_equal(shown(strict, strict2, S_IFCHR | 0600).stx_rdev_minor, 8);
	assert_int_equal(shown(strict, lax, S_IFREG | 06755).stx_mode, S_IFREG | 06755);
	assert_int_equal(shown(strict, lax, S_IFCHR | 0600).stx_rdev_major, 7);
}

static bool mount_on(const struct unit_tree *tree, char path[1024], const char *name,
		     unsigned long flags)
{
	unit_dir(tree->fd, name);
	snprintf(path, 1024, "%s", unit_path(tree, name));
	return unit_private_tmpfs(path, flags);
}

static bool mount_all(const struct unit_tree *tree)
{
	return mount_on(tree, lax, "lax", 0) &&
	       mount_on(tree, strict, "strict", MS_NOSUID | MS_NODEV) &&
	       mount_on(tree, strict2, "strict2", MS_NOSUID | MS_NODEV);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(setuid_bits_of_files_are_taken_away),
		cmocka_unit_test(device_numbers_are_taken_away),
		cmocka_unit_test(same_flags_change_nothing),
	};
	void *state;
	int failed = 77;

	if (unit_tree_make(&state) != 0)
		return 1;
	if (mount_all(state)) {
		failed = cmocka_run_group_tests(tests, NULL, NULL);
		umount2(lax, MNT_DETACH);
		umount2(strict, MNT_DETACH);
		umount2(strict2, MNT_DETACH);
	} else {
		printf("SKIP: no mount namespace of its own (not root)\n");
	}
	return unit_tree_remove(&state) == 0 ? failed : 1;
}
