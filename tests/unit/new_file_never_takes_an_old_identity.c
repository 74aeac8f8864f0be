// SPDX-License-Identifier: MIT
// A deleted file's inode number comes back soon; what names the new file is different all the same.
// Must not know the table of inodes.
#include "unit.h"

#include <unistd.h>

#include "identify.h"

#define ROUNDS 200

/* The file system's own generation numbers tell them apart. */
static void by_handle(void **state)
{
	const struct unit_tree *tree = *state;
	static struct identified seen[ROUNDS];
	struct zc_mounts mounts;

	zc_mounts_init(&mounts, true);
	identify(&mounts, tree->path);
	if (!zc_mounts_root_has_handles(&mounts)) {
		zc_mounts_fini(&mounts);
		print_message(
		    "no file handles here: the times of birth have to do, see by_number\n");
		return;
	}
	for (int i = 0; i < ROUNDS; i++) {
		unit_file(tree->fd, "file", "text");
		seen[i] = identify(&mounts, unit_path(tree, "file"));
		MUST(unlinkat(tree->fd, "file", 0));
		for (int k = 0; k < i; k++)
			assert_false(identified_same(&seen[i], &seen[k]));
	}
	zc_mounts_fini(&mounts);
}

/* Without handles device, number and birth time do it; attributes are made up, because clocks are
 * coarser than this test is quick. */
static void by_number(void **state)
{
	const struct unit_tree *tree = *state;
	struct identified old, new;
	struct zc_mounts mounts;

	zc_mounts_init(&mounts, false);
	old = identify(&mounts, tree->path);
	assert_int_equal(old.id.handle.type, ZC_HANDLE_BY_NUMBER);
	for (int what = 0; what < (mounts.list[0].birth_times ? 5 : 3); what++) {
		new = old;
		new.stx.stx_mask |= STATX_BTIME;
		if (what == 0)
			new.stx.stx_ino ^= 1ULL << 40;
		else if (what == 1)
			new.stx.stx_dev_minor ^= 1;
		else if (what == 2)
			new.stx.stx_dev_major ^= 1;
		else if (what == 3)
			new.stx.stx_btime.tv_sec++;
		else
			new.stx.stx_btime.tv_nsec ^= 1;
		assert_int_equal(
		    zc_mounts_identify(&mounts, tree->fd, &new.stx, NULL, NULL, &new.id), 0);
		assert_int_equal(new.id.handle.type, ZC_HANDLE_BY_NUMBER);
		assert_false(identified_same(&old, &new));
	}
	zc_mounts_fini(&mounts);
}

/* Where the first inode of a mount has none, none are looked at. */
static void birth_time_counts_only_where_there_is_one(void **state)
{
	const struct unit_tree *tree = *state;
	struct identified one, two;
	struct zc_mounts mounts;

	zc_mounts_init(&mounts, false);
	one = identify(&mounts, tree->path);
	zc_mounts_fini(&mounts);
	one.stx.stx_mask &= ~(unsigned)STATX_BTIME;
	two = one;
	two.stx.stx_btime.tv_sec += 5;
	two.stx.stx_btime.tv_nsec ^= 3;
	zc_mounts_init(&mounts, false);
	assert_int_equal(zc_mounts_identify(&mounts, tree->fd, &one.stx, NULL, NULL, &one.id), 0);
	assert_int_equal(zc_mounts_identify(&mounts, tree->fd, &two.stx, NULL, NULL, &two.id), 0);
	assert_true(identified_same(&one, &two));
	zc_mounts_fini(&mounts);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, unit_tree_make, unit_tree_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(by_handle),
		TEST(by_number),
		TEST(birth_time_counts_only_where_there_is_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
