// SPDX-License-Identifier: MIT
// Id maps with their bounds, squash and masks, as tables.
// Must not know who asks.
#include "unit.h"

#include <errno.h>
#include <stdio.h>

#include "zcfs/view.h"

static void ranges_are_read_or_refused(void **state)
{
	static const struct {
		const char *text;
		int result;
	} rows[] = {
		{ "0:100000:65536", 0 },
		{ "65536:0:1", 0 },
		{ "4294967294:4294967294:1", 0 },
		{ "65535:200000:1", -EEXIST }, /* the end of the first, below */
		{ "70000:165535:1", -EEXIST }, /* the end of the first, on the mount */
		{ "70000:99999:2", -EEXIST },
		{ "70000:99999:1", 0 },
		{ "4294967295:1:1", -EINVAL }, /* (uid_t)-1 */
		{ "1:4294967294:2", -EINVAL },
		{ "0:0:4294967295", -EEXIST },
		{ "0:0:0", -EINVAL },
		{ "", -EINVAL },
		{ "1", -EINVAL },
		{ "1:2", -EINVAL },
		{ "1:2:", -EINVAL },
		{ ":2:3", -EINVAL },
		{ "1:2:3:4", -EINVAL },
		{ "1:2:3 ", -EINVAL },
		{ " 1:2:3", -EINVAL },
		{ "-1:2:3", -EINVAL },
		{ "+1:2:3", -EINVAL },
		{ "0x1:2:3", -EINVAL },
		{ "4294967296:1:1", -EINVAL },
		{ "99999999999999999999999:1:1", -EINVAL },
	};
	struct zc_id_map map = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (zc_view_add_range(&map, rows[i].text) != rows[i].result)
			fail_msg("%s", rows[i].text);
	}
	assert_int_equal(map.count, 4);
}

static void a_map_takes_so_many_ranges(void **state)
{
	struct zc_id_map map = { 0 };
	char text[64];

	(void)state;
	for (unsigned i = 0; i <= ZC_ID_RANGES; i++) {
		snprintf(text, sizeof(text), "%u:%u:1", i, i);
		assert_int_equal(zc_view_add_range(&map, text), i < ZC_ID_RANGES ? 0 : -ENOSPC);
	}
}

static struct zc_view view_with(const char *uids, const char *gids)
{
	struct zc_view view = { .owners = true, .acls = true };

	if (uids)
		assert_int_equal(zc_view_add_range(&view.uids, uids), 0);
	if (gids)
		assert_int_equal(zc_view_add_range(&view.gids, gids), 0);
	return view;
}

static void bounds_belong_to_the_range(void **state)
{
	static const struct {
		uid_t backing, mount; /* ZC_ID_UNMAPPED: none */
	} rows[] = {
		{ 9, ZC_ID_UNMAPPED },
		{ 10, 100 },
		{ 14, 104 },
		{ 15, ZC_ID_UNMAPPED },
	};
	struct zc_view view = view_with("10:100:5", NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct statx stx = { .stx_uid = rows[i].backing,
				     .stx_gid = 7,
				     .stx_mode = S_IFREG };
		bool mapped = rows[i].mount != ZC_ID_UNMAPPED;
		uid_t uid;

		zc_view_show(&view, &stx);
		assert_int_equal(stx.stx_uid, rows[i].mount);
		assert_int_equal(stx.stx_gid, 7); /* without a map ids are themselves */
		if (!mapped)
			continue;
		assert_true(zc_view_caller_uid(&view, rows[i].mount, &uid));
		assert_int_equal(uid, rows[i].backing);
	}
	uid_t uid;

	assert_false(zc_view_caller_uid(&view, 99, &uid));
	assert_false(zc_view_caller_uid(&view, 105, &uid));
	assert_int_equal(uid, ZC_ID_UNMAPPED);
}

/* Else nobody, who is somebody, would be its owner. */
static void an_unmapped_owner_has_the_rights_of_others(void **state)
{
	struct zc_view view = view_with("0:0:1", "0:0:1");
	struct statx stx = { .stx_uid = 5, .stx_gid = 5, .stx_mode = S_IFREG | 04764 };

	(void)state;
	zc_view_show(&view, &stx);
	assert_int_equal(stx.stx_mode, S_IFREG | 04444);
	stx = (struct statx){ .stx_uid = 0, .stx_gid = 5, .stx_mode = S_IFDIR | 0771 };
	zc_view_show(&view, &stx);
	assert_int_equal(stx.stx_mode, S_IFDIR | 0711);
}

static void masks_take_bits_of_their_kind(void **state)
{
	struct zc_view view = { .file_mask = 0133, .dir_mask = 0027, .acls = true };
	struct statx file = { .stx_mode = S_IFREG | 04777 };
	struct statx dir = { .stx_mode = S_IFDIR | 01777 };
	struct statx link = { .stx_mode = S_IFLNK | 0777 };

	(void)state;
	zc_view_show(&view, &file);
	zc_view_show(&view, &dir);
	zc_view_show(&view, &link);
	assert_int_equal(file.stx_mode, S_IFREG | 04644);
	assert_int_equal(dir.stx_mode, S_IFDIR | 01750);
	assert_int_equal(link.stx_mode, S_IFLNK | 0777);
	assert_int_equal(zc_view_store_mode(&view, S_IFREG | 0777), S_IFREG | 0644);
	assert_int_equal(zc_view_store_mode(&view, S_IFDIR | 0777), S_IFDIR | 0750);
}

static void owners_are_stored_or_refused(void **state)
{
	const uid_t keep = (uid_t)-1;
	struct zc_view map = view_with("10:100:5", NULL);
	struct zc_view squash = {
		.squash = true, .owners = true, .squash_uid = 8, .squash_gid = 9
	};
	uid_t uid = 101;
	gid_t gid = keep;

	(void)state;
	assert_int_equal(zc_view_store_owner(&map, &uid, &gid), 0);
	assert_int_equal(uid, 11);
	assert_int_equal(gid, keep);
	uid = 10;
	assert_int_equal(zc_view_store_owner(&map, &uid, &gid), -EINVAL);
	uid = 8;
	gid = 9;
	assert_int_equal(zc_view_store_owner(&squash, &uid, &gid), 0);
	assert_int_equal(uid, keep);
	assert_int_equal(gid, keep);
	gid = 8;
	assert_int_equal(zc_view_store_owner(&squash, &uid, &gid), -EPERM);
}

static void squashed_makers_make_nothing_that_acts(void **state)
{
	struct zc_view view = { .squash = true, .owners = true, .squash_uid = 8, .squash_gid = 9 };

	(void)state;
	assert_int_equal(zc_view_create_mode(&view, S_IFREG | 06755, 5), S_IFREG | 0755);
	assert_int_equal(zc_view_create_mode(&view, S_IFREG | 06755, 8), S_IFREG | 06755);
	assert_int_equal(zc_view_create_mode(&view, S_IFREG | 06755, 0), S_IFREG | 06755);
	assert_int_equal(zc_view_create_mode(&view, S_IFDIR | 02755, 5), S_IFDIR | 02755);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ranges_are_read_or_refused),
		cmocka_unit_test(a_map_takes_so_many_ranges),
		cmocka_unit_test(bounds_belong_to_the_range),
		cmocka_unit_test(an_unmapped_owner_has_the_rights_of_others),
		cmocka_unit_test(masks_take_bits_of_their_kind),
		cmocka_unit_test(owners_are_stored_or_refused),
		cmocka_unit_test(squashed_makers_make_nothing_that_acts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
