#!/bin/bash
# SPDX-License-Identifier: MIT
# A bind mount of our own mount below the backing directory is refused (ELOOP), not walked without end.
# It must not know how the daemon finds out.
. "$(dirname "$0")/../lib/mount.sh"

zc_need_root
zc_begin
mkdir "$ZC_BACK/sub" "$ZC_BACK/other"
echo text >"$ZC_BACK/other/file"
zc_start timeout=0
mount --bind "$ZC_MNT" "$ZC_BACK/sub" || zc_fail "cannot bind"
said=$(timeout 10 ls "$ZC_MNT/sub" 2>&1) && zc_fail "the mount was entered through itself: $said"
[[ $said = *'Too many levels of symbolic links'* ]] || zc_fail "another error: $said"
zc_quiet cat "$ZC_MNT/other/file" >/dev/null
zc_do umount "$ZC_BACK/sub"
zc_quiet ls "$ZC_MNT/sub"
zc_stop
