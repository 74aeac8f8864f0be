#!/bin/bash
# SPDX-License-Identifier: MIT
# Exit code 8: BACKING and MOUNTPOINT are the same or inside one another, however they are written.
# It must not know how the daemon works.
. "$(dirname "$0")/../lib/mount.sh"
. "$(dirname "$0")/refused.sh"

zc_need_root
zc_begin
mkdir -p "$ZC_BACK/in/side" "$ZC_MNT/in/side" "$ZC_TMP/backside" "$ZC_TMP/bind"
ln -s back "$ZC_TMP/to-back"
ln -s back/in/side "$ZC_TMP/to-inside"
ln -s "$ZC_MNT/in" "$ZC_TMP/to-mnt-in"
refused 8 "$ZC_TMP/*" "$ZC_BACK" "$ZC_BACK"
refused 8 "$ZC_TMP/*" "$ZC_BACK" "$ZC_BACK/in"
refused 8 "$ZC_TMP/*" "$ZC_BACK" "$ZC_BACK/in/side"
refused 8 "$ZC_TMP/*" "$ZC_BACK/in/side" "$ZC_BACK"
refused 8 "$ZC_TMP/*" "$ZC_MNT/in" "$ZC_MNT"
refused 8 "$ZC_TMP/*" "$ZC_BACK/" "$ZC_BACK/in/../in//side/."
refused 8 '*' / "$ZC_MNT"
# through symlinks
refused 8 "$ZC_TMP/*" "$ZC_TMP/to-back" "$ZC_BACK"
refused 8 "$ZC_TMP/*" "$ZC_BACK" "$ZC_TMP/to-inside"
refused 8 "$ZC_TMP/*" "$ZC_TMP/to-inside" "$ZC_TMP/to-back"
refused 8 "$ZC_TMP/*" "$ZC_TMP/to-mnt-in" "$ZC_MNT"
# written relatively
cd "$ZC_BACK/in" || exit 1
refused 8 '*' .. side
refused 8 '*' . .
refused 8 '*' side ..
cd /
# through a bind mount of BACKING
mount --bind "$ZC_BACK" "$ZC_TMP/bind"
REFUSED_MOUNTS=1
refused 8 "$ZC_TMP/*" "$ZC_BACK" "$ZC_TMP/bind/in"
refused 8 "$ZC_TMP/*" "$ZC_TMP/bind" "$ZC_BACK/in"
refused 8 "$ZC_TMP/*" "$ZC_TMP/bind/in" "$ZC_BACK"
umount "$ZC_TMP/bind"
REFUSED_MOUNTS=0
refused_end

# names that only begin alike are not inside one another
rm -rf --one-file-system "${ZC_MNT:?}"
ZC_MNT=$ZC_TMP/backside
echo content >"$ZC_BACK/file"
zc_start
[ "$(cat "$ZC_MNT/file")" = content ] || zc_fail "the mount does not work"
zc_stop
