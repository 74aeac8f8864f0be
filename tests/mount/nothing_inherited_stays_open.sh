#!/bin/bash
# SPDX-License-Identifier: MIT
# A daemon in the background holds nothing that the program which started it had open: a lock is free again, and who
# reads from a pipe sees its end. It must not know how the daemon gets into the background.
. "$(dirname "$0")/../lib/mount.sh"

zc_need flock
zc_need_root
zc_begin
echo content >"$ZC_BACK/file"
exec 9>"$ZC_TMP/lock" 23>"$ZC_TMP/other"
flock -n 9 || zc_fail "the lock cannot be had at all"
zc_start_background
exec 9>&- 23>&-
flock -n "$ZC_TMP/lock" true || zc_fail "the daemon holds a lock that it inherited"
zc_do cat "$ZC_MNT/file"
zc_stop
