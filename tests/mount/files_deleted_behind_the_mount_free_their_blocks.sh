#!/bin/bash
# SPDX-License-Identifier: MIT
# A file that was read through the mount and is then deleted in the backing directory gives its blocks back
# without anybody asking: neither cached file descriptors nor backing ids keep it. It must not know for how long.
. "$(dirname "$0")/../lib/mount.sh"

used()
{
	df --output=used -k "$ZC_BACK" | tail -n 1
}

is_free_again()
{
	[ "$(used)" -lt 1024 ]
}

zc_need_root
zc_begin
mount -t tmpfs -o size=64m zcfs-test "$ZC_BACK" || zc_skip "no tmpfs here"
zc_start
dd if=/dev/zero of="$ZC_BACK/big" bs=1M count=32 status=none
zc_quiet cp "$ZC_MNT/big" "$ZC_TMP/copy"
zc_do cmp "$ZC_MNT/big" "$ZC_TMP/copy"
rm "$ZC_BACK/big"
zc_until 30 is_free_again || zc_fail "$(used) KiB are still in use"
zc_stop
