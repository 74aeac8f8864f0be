#!/bin/bash
# SPDX-License-Identifier: MIT
# A backing file system that is made read-only under the mount, by hand or by itself after an error, refuses on the
# mount what it refuses in a plain directory, with the same errors, and lets read what it lets read there.
# It must not know which calls these are.
. "$(dirname "$0")/../lib/mount.sh"
. "$(dirname "$0")/below.sh"

# by hand only while nothing is open for writing; "abort" is what an error does, whoever has files open
case ${BELOW_HOW:?} in
hand) how=ro BELOW_HOLDS=reading ;;
error) how=abort ;;
esac
below_begin
below_image ext4 16
below_prepare
zc_start
below_calls_begin mnt twin
mount -o "remount,$how" "$BELOW" || zc_fail "it cannot be remounted"
below_calls_end mnt twin
# access(2) is answered by the kernel (default_permissions), for which the mount itself is not read-only
below_same_answers '^access'
grep -q EROFS "$ZC_TMP/calls.mnt" || zc_fail "nothing was refused"
zc_stop
