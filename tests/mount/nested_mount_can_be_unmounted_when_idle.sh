#!/bin/bash
# SPDX-License-Identifier: MIT
# A mount below the backing directory that was walked through our mount is not kept busy for good: it can be
# unmounted, and what is mounted there next shows. It must not know for how long file descriptors are kept.
. "$(dirname "$0")/../lib/mount.sh"

zc_need_root
printf '6.8\n%s\n' "$(uname -r)" | sort -VC || zc_skip "mount ids are used again before Linux 6.8"
zc_begin
mkdir "$ZC_BACK/dir" "$ZC_BACK/dir/nested"
mount -t tmpfs zcfs-test "$ZC_BACK/dir/nested" || zc_skip "no tmpfs here"
mkdir "$ZC_BACK/dir/nested/deep"
echo one >"$ZC_BACK/dir/nested/deep/file"
zc_start timeout=0
[ "$(timeout 10 cat "$ZC_MNT/dir/nested/deep/file")" = one ] || zc_fail "the first file cannot be read"
# idle for long enough that everything is closed, then used again by what the kernel still knows of it
sleep 8
[ "$(timeout 10 cat "$ZC_MNT/dir/nested/deep/file")" = one ] || zc_fail "the first file cannot be read again"
zc_until 30 umount "$ZC_BACK/dir/nested" 2>/dev/null || zc_fail "it stays busy"
[ -z "$(timeout 10 ls "$ZC_MNT/dir/nested")" ] || zc_fail "the unmounted tree still shows"
mount -t tmpfs zcfs-test "$ZC_BACK/dir/nested"
mkdir "$ZC_BACK/dir/nested/deep"
echo two >"$ZC_BACK/dir/nested/deep/file"
[ "$(timeout 10 cat "$ZC_MNT/dir/nested/deep/file")" = two ] || zc_fail "the second file cannot be read"
zc_stop
