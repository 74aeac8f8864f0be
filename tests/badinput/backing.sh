#!/bin/bash
# SPDX-License-Identifier: MIT
# Exit codes 3 and 4: BACKING is missing or not a directory.
# It must not know how the daemon works.
. "$(dirname "$0")/../lib/mount.sh"
. "$(dirname "$0")/refused.sh"

zc_begin
: >"$ZC_TMP/file"
mkfifo "$ZC_TMP/fifo"
ln -s nowhere "$ZC_TMP/dangling"
ln -s loop "$ZC_TMP/loop"
ln -s file "$ZC_TMP/to-file"

refused 3 "$ZC_TMP/missing" "$ZC_TMP/missing" "$ZC_MNT"
refused 3 "$ZC_TMP/missing/deeper" "$ZC_TMP/missing/deeper" "$ZC_MNT"
refused 3 "$ZC_TMP/dangling" "$ZC_TMP/dangling" "$ZC_MNT"
cd "$ZC_TMP" && refused 3 missing missing mnt
refused 4 "$ZC_TMP/file" "$ZC_TMP/file" "$ZC_MNT"
refused 4 "$ZC_TMP/to-file" "$ZC_TMP/to-file" "$ZC_MNT"
refused 4 "$ZC_TMP/fifo" "$ZC_TMP/fifo" "$ZC_MNT"
refused 4 "/dev/null" /dev/null "$ZC_MNT"
refused '3|4' "$ZC_TMP/file/below" "$ZC_TMP/file/below" "$ZC_MNT"
refused '3|5|12' "$ZC_TMP/loop" "$ZC_TMP/loop" "$ZC_MNT"

refused_end
