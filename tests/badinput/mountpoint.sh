#!/bin/bash
# SPDX-License-Identifier: MIT
# Exit codes 6 and 7: MOUNTPOINT is missing, not a directory, already mounted or a dead mount. A MOUNTPOINT that is
# not empty is used, with one line of warning.
# It must not know how the daemon works.
. "$(dirname "$0")/../lib/mount.sh"
. "$(dirname "$0")/refused.sh"

zc_need_root
zc_begin
: >"$ZC_TMP/file"
ln -s nowhere "$ZC_TMP/dangling"
echo content >"$ZC_BACK/file"
refused 6 "$ZC_TMP/missing" "$ZC_BACK" "$ZC_TMP/missing"
refused 6 "$ZC_TMP/missing/deeper" "$ZC_BACK" "$ZC_TMP/missing/deeper"
refused 6 "$ZC_TMP/dangling" "$ZC_BACK" "$ZC_TMP/dangling"
refused 6 "$ZC_TMP/file" "$ZC_BACK" "$ZC_TMP/file"
refused 6 "$ZC_TMP/file/below" "$ZC_BACK" "$ZC_TMP/file/below"
refused 6 /dev/null "$ZC_BACK" /dev/null
# both wrong: one line, on the first
refused 3 "$ZC_TMP/missing" "$ZC_TMP/missing" "$ZC_TMP/missing2"

# another file system there
mount -t tmpfs tmpfs "$ZC_MNT"
REFUSED_MOUNTS=1
refused 7 "$ZC_MNT" "$ZC_BACK" "$ZC_MNT"
umount "$ZC_MNT"
REFUSED_MOUNTS=0

# zcfs itself there, by its name and by a symlink; the first one goes on serving
zc_start
REFUSED_MOUNTS=1
ln -s mnt "$ZC_TMP/link"
refused 7 "$ZC_MNT" "$ZC_BACK" "$ZC_MNT"
refused 7 "$ZC_TMP/*" "$ZC_BACK" "$ZC_TMP/link"
[ "$(cat "$ZC_MNT/file")" = content ] || zc_fail "the first mount was damaged"
# a dead mount: its daemon was killed
kill -KILL "$ZC_PID"
wait "$ZC_PID" 2>/dev/null
ZC_PID=
ls "$ZC_MNT" >/dev/null 2>&1 && zc_fail "the mount is not dead"
refused 7 "$ZC_MNT" "$ZC_BACK" "$ZC_MNT"
refused '3|5|7|8|12' "$ZC_MNT" "$ZC_MNT" "$ZC_TWIN"
zc_do umount "$ZC_MNT"
REFUSED_MOUNTS=0

# not empty: works, says so in one line beside the usual one
: >"$ZC_MNT/covered"
ZC_EXPECTED='\(ENOTEMPTY\)'
zc_start
[ "$(cat "$ZC_MNT/file")" = content ] || zc_fail "not mounted over what is there"
[ "$(wc -l <"$ZC_LOG")" = 2 ] || zc_fail "not two lines, a warning and the usual one"
grep -q "^zcfs: $ZC_MNT: .*not empty" "$ZC_LOG" || zc_fail "no warning: not empty"
zc_stop
[ -e "$ZC_MNT/covered" ] || zc_fail "what was covered is gone"
zc_start nonempty
[ "$(wc -l <"$ZC_LOG")" = 1 ] || zc_fail "a warning in spite of -o nonempty"
cat "$ZC_MNT/file" >/dev/null
zc_stop
refused_end
