#!/bin/bash
# SPDX-License-Identifier: MIT
# A backing directory that is read-only from the start, or has a read-only file system mounted in it, refuses on the
# mount what it refuses in a plain directory, with the same errors. It must not know which calls these are.
. "$(dirname "$0")/../lib/mount.sh"
. "$(dirname "$0")/below.sh"

BELOW_HOLDS=reading
below_begin
case ${BELOW_WHERE:?} in
all)
	below_image ext4 16
	below_prepare
	mount -o remount,ro "$BELOW" || zc_fail "it cannot be remounted"
	;;
nested)
	below_tmpfs size=16m
	mkdir "$BELOW/inner" "$ZC_BACK/nested" "$ZC_TWIN/nested"
	mount -t tmpfs -o size=16m zcfs-test "$ZC_BACK/nested"
	mount -t tmpfs -o size=16m zcfs-test "$ZC_TWIN/nested"
	ZC_BACK=$ZC_BACK/nested ZC_TWIN=$ZC_TWIN/nested below_prepare
	mount -o remount,ro "$ZC_BACK/nested"
	mount -o remount,ro "$ZC_TWIN/nested"
	ln -s nested/work "$ZC_BACK/work"
	ln -s nested/work "$ZC_TWIN/work"
	;;
esac
zc_start
below_calls_begin mnt twin
below_calls_end mnt twin
# access(2) is answered by the kernel (default_permissions), for which the mount itself is not read-only
below_same_answers '^access'
grep -q EROFS "$ZC_TMP/calls.mnt" || zc_fail "nothing was refused"
zc_stop
