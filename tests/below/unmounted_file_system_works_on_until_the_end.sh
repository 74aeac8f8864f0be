#!/bin/bash
# SPDX-License-Identifier: MIT
# A backing file system that is lazily unmounted works on for those who have it open: the mount and a program that
# stands in a plain directory on it answer alike, and when the mount ends nothing keeps the file system.
# It must not know which calls these are.
. "$(dirname "$0")/../lib/mount.sh"
. "$(dirname "$0")/below.sh"

image_is_free()
{
	! losetup -j "$ZC_TMP/disk/image" | grep -q .
}

below_begin
below_image ext4 16
below_prepare
zc_start
below_calls_begin mnt twin
umount -l "$BELOW"
below_calls_end mnt twin
# a mirror of a whole directory has the names of both; the plain one has lost its place, not its directory
below_same_answers
grep -q 'mkdir: None' "$ZC_TMP/calls.mnt" || zc_fail "nothing works on the mount: $(cat "$ZC_TMP/calls.mnt")"
[ -z "$(ls "$BELOW")" ] || zc_fail "$BELOW is still mounted"
zc_stop
zc_until 20 image_is_free || zc_fail "the image is still in use"
