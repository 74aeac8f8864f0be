// SPDX-License-Identifier: MIT
// A kernel handle names an inode only if this process may open it again; else number and birth time do.
// Must not know the table of inodes.
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "identify.h"

static void slot_of(const struct identified *what, struct zc_slot *ret)
{
	*ret = (struct zc_slot){
		.mount = what->id.mount,
		.handle_type = what->id.handle.type,
		.handle_len = what->id.handle.len,
	};
	memcpy(ret->handle, what->id.handle.bytes, what->id.handle.len);
}

static void same_answer_as_the_kernels(void **state)
{
	static const char *const elsewhere[] = { "/", "/dev/shm", "/proc", "/sys" };
	const struct unit_tree *tree = *state;

	for (size_t i = 0; i < 5; i++) {
		const char *path = i < 4 ? elsewhere[i] : tree->path;
		struct zc_mounts mounts;
		struct identified id;
		bool handles;

		if (access(path, R_OK | X_OK) < 0)
			continue;
		handles = handle_can_be_opened(path);
		zc_mounts_init(&mounts, true);
		id = identify(&mounts, path);
		assert_int_equal(id.err, 0);
		assert_int_equal(id.id.handle.type != ZC_HANDLE_BY_NUMBER, handles);
		assert_int_equal(zc_mounts_root_has_handles(&mounts), handles);
		assert_int_equal(zc_mounts_some_lack_handles(&mounts), !handles);
		zc_mounts_fini(&mounts);
	}
}

/* Who may not open by handle has no use for one. */
static void same_answer_for_a_user(void **state)
{
	const struct unit_tree *tree = *state;

	MUST(chmod(tree->path, 0755));
	unit_as_ordinary_user(same_answer_as_the_kernels, *state);
}

static void handle_opens_the_same_inode(void **state)
{
	const struct unit_tree *tree = *state;
	unsigned before = unit_fds();
	struct identified file;
	struct zc_mounts mounts;
	struct zc_slot slot;
	struct stat st;
	int fd;

	zc_mounts_init(&mounts, true);
	identify(&mounts, tree->path);
	unit_file(tree->fd, "file", "text");
	file = identify(&mounts, unit_path(tree, "file"));
	if (zc_mounts_root_has_handles(&mounts)) {
		slot_of(&file, &slot);
		MUST(renameat(tree->fd, "file", tree->fd, "other"));
		fd = zc_mounts_open(&mounts, &slot, O_RDONLY);
		assert_true(fd >= 0);
		MUST(fstat(fd, &st));
		assert_int_equal(st.st_ino, file.stx.stx_ino);
		close(fd);
		MUST(unlinkat(tree->fd, "other", 0));
		assert_int_equal(zc_mounts_open(&mounts, &slot, O_RDONLY), -ESTALE);
	}
	zc_mounts_fini(&mounts);
	assert_int_equal(unit_fds(), before);
}

static void without_them_all_mounts_lack(void **state)
{
	const struct unit_tree *tree = *state;
	struct zc_mounts mounts;

	zc_mounts_init(&mounts, false);
	assert_false(zc_mounts_root_has_handles(&mounts)); /* none seen yet */
	assert_false(zc_mounts_some_lack_handles(&mounts));
	assert_int_equal(identify(&mounts, tree->path).id.handle.type, ZC_HANDLE_BY_NUMBER);
	assert_true(zc_mounts_some_lack_handles(&mounts));
	assert_false(zc_mounts_root_has_handles(&mounts));
	zc_mounts_fini(&mounts);
}

/* Each mount once, by its own number; a mount is not a file system. */
static void mounts_are_numbered_in_the_order_seen(void **state)
{
	const struct unit_tree *tree = *state;
	struct zc_mounts mounts;

	zc_mounts_init(&mounts, true);
	assert_int_equal(identify(&mounts, tree->path).id.mount, 0);
	assert_int_equal(identify(&mounts, "/proc").id.mount, 1);
	assert_int_equal(identify(&mounts, "/sys").id.mount, 2);
	assert_int_equal(identify(&mounts, "/proc/version").id.mount, 1);
	assert_int_equal(identify(&mounts, tree->path).id.mount, 0);
	assert_int_equal(mounts.count, 3);
	zc_mounts_fini(&mounts);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, unit_tree_make, unit_tree_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(same_answer_as_the_kernels),
		TEST(same_answer_for_a_user),
		TEST(handle_opens_the_same_inode),
		TEST(without_them_all_mounts_lack),
		TEST(mounts_are_numbered_in_the_order_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
