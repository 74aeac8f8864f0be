#!/bin/bash
# SPDX-License-Identifier: MIT
# A signal ends the daemon below another mount on the same mount point, and that mount stays and works.
# It must not know how the daemon tells them apart.
. "$(dirname "$0")/../lib/mount.sh"

covering()
{
	awk -v dir="$ZC_MNT" '$5 == dir && / - tmpfs / { n++ } END { print n + 0 }' /proc/self/mountinfo
}

# end_below START: START is zc_start or zc_start_background
end_below()
{
	"$1"
	zc_quiet cat "$ZC_MNT/file" >/dev/null
	mount -t tmpfs zcfs-test "$ZC_MNT" || zc_skip "no tmpfs here"
	echo above >"$ZC_MNT/above"
	rm -f "$ZC_STATS"
	kill -TERM "$ZC_PID"
	zc_until 20 zc_gone "$ZC_PID" || zc_fail "the daemon is still there"
	if [ -n "$ZC_CHILD" ]; then
		wait "$ZC_CHILD" || zc_fail "the daemon's exit status is $?"
	fi
	ZC_PID=
	[ "$(covering)" = 1 ] || zc_fail "the mount above ours is gone"
	[ "$(timeout 10 cat "$ZC_MNT/above")" = above ] || zc_fail "the mount above ours does not work"
	grep -q '^zcfs: .*: covered by another mount.*(ENOENT)' "$ZC_LOG" || [ -z "$ZC_CHILD" ] ||
		zc_fail "the user is not told"
	zc_check_plane
	zc_check_logs
	umount "$ZC_MNT" || zc_fail "the mount above ours cannot be unmounted"
	# ours is dead by now, and the message told how it is cleared
	if zc_mounted "$ZC_MNT"; then
		zc_do umount -l "$ZC_MNT"
	fi
	zc_not_mounted "$ZC_MNT" || zc_fail "something is still mounted"
}

zc_need_root
zc_begin
ZC_EXPECTED='\(ENOENT\)'
echo text >"$ZC_BACK/file"
end_below zc_start
end_below zc_start_background
