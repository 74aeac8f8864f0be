#!/bin/bash
# SPDX-License-Identifier: MIT
# Exit code 9: there is no /dev/fuse, or what is there is something else.
# It must not know how the daemon works. It runs in a mount namespace of its own, where it hides /dev/fuse.
. "$(dirname "$0")/../lib/mount.sh"
. "$(dirname "$0")/refused.sh"

if [ "${1:-}" != inside ]; then
	zc_need_root
	unshare -m true 2>/dev/null || zc_skip "no mount namespaces here"
	exec unshare -m --propagation private "$0" inside
fi
zc_begin
mkdir "$ZC_TMP/dev"
# REFUSED_MOUNTS counts mounts under ZC_TMP only; those on /dev end with the namespace
: >"$ZC_TMP/file"
# something else of that name: it can be opened, the kernel refuses the mount
mount --bind "$ZC_TMP/file" /dev/fuse || zc_skip "cannot hide /dev/fuse"
refused '9|11' '*' "$ZC_BACK" "$ZC_MNT"
umount /dev/fuse
mount --bind /dev/null /dev/fuse
refused '9|11' '*' "$ZC_BACK" "$ZC_MNT"
umount /dev/fuse
mknod "$ZC_TMP/dev/null" c 1 3 && chmod 666 "$ZC_TMP/dev/null"
mount --bind "$ZC_TMP/dev" /dev
[ ! -e /dev/fuse ] || zc_fail "/dev/fuse is still there"
refused 9 '*/dev/fuse' "$ZC_BACK" "$ZC_MNT"
umount /dev
refused_end
