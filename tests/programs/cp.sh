#!/bin/bash
# SPDX-License-Identifier: MIT
# cp onto, off and within the mount gives what cp gives on a plain directory.
# It must not know how the daemon works.
. "$(dirname "$0")/../lib/mount.sh"
. "$(dirname "$0")/sample.sh"

# The holes of a file may be laid out a little differently; 64 KiB are allowed.
check_holes()
{
	local mine twin

	mine=$(stat -c %b "$ZC_BACK/$1")
	twin=$(stat -c %b "$ZC_TWIN/$1")
	[ "$mine" -le $((twin + 128)) ] || zc_fail "$1 has $mine blocks, in the plain directory $twin"
}

zc_need_root
zc_need setfacl setfattr python3
zc_begin
src=$ZC_TMP/src
sample_tree "$src"
zc_start

# A FIFO without -r would be read; -R copies it as such. Devices and FIFOs belong to the tree.
for top in "$ZC_MNT" "$ZC_TWIN"; do
	zc_quiet cp -R "$src" "$top/plain"
	zc_quiet cp -a "$src" "$top/a"
	zc_quiet cp -a --sparse=always "$src" "$top/always"
	zc_quiet cp -a --sparse=auto "$src" "$top/auto"
	zc_quiet cp -a --reflink=auto "$src" "$top/reflink"
	zc_quiet cp -a --reflink=auto "$top/a" "$top/within"
	zc_quiet cp -a --sparse=never "$top/a/sparse" "$top/never"
	zc_quiet cp -a "$top/a" "$ZC_TMP/off-$(basename "$top")"
	zc_quiet cp -a --remove-destination "$src/sizes/." "$top/plain/sizes"
	zc_quiet cp -a "$src" "$top/base"
	zc_quiet cp -al "$top/base" "$top/hard"
done
zc_same_as_twin plain nomtime
for name in a always auto reflink within hard never; do
	zc_same_as_twin "$name"
done
for name in a always auto reflink within; do
	check_holes "$name/sparse"
done
zc_same "$src" "$ZC_MNT/a" "$ZC_MNT/within" "$ZC_TMP/off-mnt" "$ZC_TMP/off-twin"
cmp "$src/sparse" "$ZC_MNT/never" || zc_fail "--sparse=never changed the bytes"

# once more without anything cached
zc_stop
zc_start
zc_same "$src" "$ZC_MNT/a"
zc_stop
