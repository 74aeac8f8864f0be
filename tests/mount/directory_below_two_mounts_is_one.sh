#!/bin/bash
# SPDX-License-Identifier: MIT
# What is done through the mount to a directory shows where the same directory is mounted a second time below the
# backing directory. It must not know how long that takes.
. "$(dirname "$0")/../lib/mount.sh"

zc_need python3
zc_need_root
zc_begin
mkdir "$ZC_BACK/one" "$ZC_BACK/two"
echo text >"$ZC_BACK/one/file"
mount --bind "$ZC_BACK/one" "$ZC_BACK/two" || zc_skip "nothing can be bind mounted"
ZC_AT_END=unbind
unbind()
{
	umount -l "$ZC_BACK/two"
}
zc_start

mode_is()
{
	[ "$(stat -c %a "$ZC_MNT/two/file")" = "$1" ]
}
size_is()
{
	[ "$(stat -c %s "$ZC_MNT/two/file")" = "$1" ]
}
names_are()
{
	[ "$(ls "$ZC_MNT/two" | tr '\n' ' ')" = "$1" ]
}
for mode in 600 640 755; do
	stat "$ZC_MNT/one/file" "$ZC_MNT/two/file" >/dev/null
	chmod "$mode" "$ZC_MNT/one/file"
	zc_until 10 mode_is "$mode" || zc_fail "mode $mode does not show by the other way"
done
for size in 100 5 0; do
	truncate -s "$size" "$ZC_MNT/one/file"
	zc_until 10 size_is "$size" || zc_fail "size $size does not show by the other way"
done
names_are "file " || zc_fail "names: $(ls "$ZC_MNT/two")"
touch "$ZC_MNT/one/new"
zc_until 10 names_are "file new " || zc_fail "a new name does not show by the other way"
rm "$ZC_MNT/one/file"
zc_until 10 names_are "new " || zc_fail "a name that has gone still shows by the other way"
zc_stop
