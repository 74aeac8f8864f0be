#!/bin/bash
# SPDX-License-Identifier: MIT
# Setuid bits and devices of a nested mount that forbids them do not come to power through ours, which allows them.
# It must not know how that is done.
. "$(dirname "$0")/../lib/mount.sh"

zc_need_root
zc_begin
mkdir "$ZC_BACK/strict" "$ZC_BACK/loose"
mount -t tmpfs -o nosuid,nodev zcfs-test "$ZC_BACK/strict" || zc_skip "no tmpfs here"
mount -t tmpfs zcfs-test "$ZC_BACK/loose" || zc_skip "no tmpfs here"
for dir in strict loose; do
	cp /bin/true "$ZC_BACK/$dir/program"
	chmod 6755 "$ZC_BACK/$dir/program"
	mknod "$ZC_BACK/$dir/null" c 1 3
	chmod 2775 "$ZC_BACK/$dir"
done
zc_start
shown=$(cd "$ZC_MNT" && timeout 10 stat -c '%n %a %t:%T' strict strict/* loose loose/*)
[ "$shown" = "strict 2775 0:0
strict/null 644 0:0
strict/program 755 0:0
loose 2775 0:0
loose/null 644 1:3
loose/program 6755 0:0" ] || zc_fail "shown: $shown"
timeout 10 dd if=/dev/zero of="$ZC_MNT/strict/null" bs=1 count=1 2>/dev/null && zc_fail "a forbidden device was opened"
zc_quiet dd if=/dev/zero of="$ZC_MNT/loose/null" bs=1 count=1 status=none
zc_do cp "$ZC_MNT/loose/program" "$ZC_TMP/copy"
zc_stop
