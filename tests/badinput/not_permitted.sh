#!/bin/bash
# SPDX-License-Identifier: MIT
# Exit code 10: an ordinary user without fusermount3, or whose MOUNTPOINT is somebody else's.
# It must not know how the daemon works. It runs in a mount namespace of its own, where it hides fusermount3.
. "$(dirname "$0")/../lib/mount.sh"
. "$(dirname "$0")/refused.sh"
. "$(dirname "$0")/../programs/user.sh"

if [ "${1:-}" != inside ]; then
	zc_need_root
	unshare -m true 2>/dev/null || zc_skip "no mount namespaces here"
	exec unshare -m --propagation private "$0" inside
fi
user_begin
REFUSED_AS=("${USER_PREFIX[@]}")
mkdir "$ZC_TMP/roots" "$ZC_TMP/readable"
refused 10 '*' "$ZC_BACK" "$ZC_TMP/roots"
refused 10 '*' "$ZC_BACK" "$ZC_TMP/readable"
# allow_other is not the user's to give where /etc/fuse.conf does not say so
if ! grep -qs '^user_allow_other' /etc/fuse.conf; then
	refused 10 '*' -o allow_other "$ZC_BACK" "$ZC_MNT"
fi
# setuid programs do not act as such
REFUSED_AS=("${USER_PREFIX[@]}" --no-new-privs)
refused 10 '*' "$ZC_BACK" "$ZC_MNT"
# root without the capability to mount
REFUSED_AS=(setpriv --bounding-set=-sys_admin --inh-caps=-sys_admin)
refused 10 '*' "$ZC_BACK" "$ZC_MNT"
# no fusermount3 at all, wherever libfuse looks for it
REFUSED_AS=("${USER_PREFIX[@]}" env PATH=/nonexistent)
: >"$ZC_TMP/not-executable"
# /bin is often /usr/bin; hiding the same file twice would put one mount on the other
for file in {/usr,/usr/local,}/{bin,sbin}/fusermount3; do
	[ -x "$file" ] && mount --bind "$ZC_TMP/not-executable" "$file"
done
refused 10 '*' "$ZC_BACK" "$ZC_MNT"
REFUSED_AS=(setpriv --bounding-set=-sys_admin --inh-caps=-sys_admin)
refused 10 '*' "$ZC_BACK" "$ZC_MNT"
refused_end
