#!/bin/bash
# SPDX-License-Identifier: MIT
# Past a quota every call that needs room is EDQUOT, on the mount as in a plain directory, and once something is
# removed it goes on. The quotas are those of btrfs, one a subvolume, which every kernel with btrfs has.
# It must not know when a file system notices.
. "$(dirname "$0")/../lib/mount.sh"
. "$(dirname "$0")/below.sh"

below_begin
zc_need btrfs
below_image btrfs 200
rmdir "$ZC_BACK" "$ZC_TWIN"
btrfs quota enable "$BELOW" || zc_skip "no quotas on btrfs"
for dir in "$ZC_BACK" "$ZC_TWIN"; do
	btrfs -q subvolume create "$dir" >/dev/null && btrfs qgroup limit 4M "$dir" || zc_skip "no limits on btrfs"
done
zc_start
for side in mnt twin; do
	dir=$ZC_MNT
	[ "$side" = mnt ] || dir=$ZC_TWIN
	zc_do python3 "${0%/*}/past_the_quota.py" "$dir" "$BELOW" >"$ZC_TMP/answers.$side"
done
diff "$ZC_TMP/answers.twin" "$ZC_TMP/answers.mnt" >"$ZC_TMP/answers.diff" || zc_fail "answers differ: $(cat "$ZC_TMP/answers.diff")"
grep -q EDQUOT "$ZC_TMP/answers.mnt" || zc_fail "no quota was felt: $(cat "$ZC_TMP/answers.mnt")"
zc_stop
