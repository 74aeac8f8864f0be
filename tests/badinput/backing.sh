#!/bin/bash
# SPDX-License-Identifier: MIT
# Exit codes 3, 4 and 5: BACKING is missing, not a directory, or not readable.
# It must not know how the daemon works.
. "$(dirname "$0")/../lib/mount.sh"
. "$(dirname "$0")/refused.sh"
. "$(dirname "$0")/../programs/user.sh"

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

if [ "$EUID" = 0 ] && command -v setpriv fusermount3 >/dev/null; then
	rm -rf --one-file-system "$ZC_TMP"
	user_begin
	mkdir -m 700 "$ZC_TMP/shut" "$ZC_TMP/shut/inside"
	mkdir -m 311 "$ZC_TMP/unlisted"
	chown "$USER_ID" "$ZC_TMP/unlisted"
	REFUSED_AS=("${USER_PREFIX[@]}")
	refused 5 "$ZC_TMP/shut" "$ZC_TMP/shut" "$ZC_MNT"
	refused 5 "$ZC_TMP/shut/inside" "$ZC_TMP/shut/inside" "$ZC_MNT"
	refused 5 "$ZC_TMP/unlisted" "$ZC_TMP/unlisted" "$ZC_MNT"
else
	echo "not root, or no fusermount3: unreadable BACKING not tried"
fi
refused_end
