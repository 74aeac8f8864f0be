#!/bin/bash
# SPDX-License-Identifier: MIT
# -o auto_unmount: a killed daemon leaves no mount; without it the mount stays and a second daemon says so.
# It must not know who unmounts.
. "$(dirname "$0")/../lib/mount.sh"

# the daemon among the two processes that have its command line
daemon()
{
	local pid

	for pid in $(zc_daemons); do
		[ "$(cat "/proc/$pid/comm")" = zcfs-watch ] || echo "$pid"
	done
}

nobody_left()
{
	[ -z "$(zc_daemons)" ]
}

zc_need_root
zc_begin
timeout -k 5 30 "$ZCFS" -o auto_unmount "$ZC_BACK" "$ZC_MNT" 2>"$ZC_LOG" || zc_fail "exit status $?"
ZC_PID=$(daemon)
kill -KILL "$ZC_PID"
zc_until 10 zc_not_mounted "$ZC_MNT" || zc_fail "the mount is still there"
zc_until 10 nobody_left || zc_fail "the watcher is still there"

timeout -k 5 30 "$ZCFS" -o auto_unmount "$ZC_BACK" "$ZC_MNT" 2>"$ZC_LOG" || zc_fail "exit status $?"
ZC_PID=$(daemon)
zc_do umount "$ZC_MNT"
zc_until 10 nobody_left || zc_fail "the watcher outlives a clean unmount"

timeout -k 5 30 "$ZCFS" "$ZC_BACK" "$ZC_MNT" 2>"$ZC_LOG" || zc_fail "exit status $?"
ZC_PID=$(daemon)
kill -KILL "$ZC_PID"
zc_until 10 nobody_left || zc_fail "the killed daemon is still there"
timeout -k 5 30 "$ZCFS" "$ZC_BACK" "$ZC_MNT" 2>"$ZC_LOG"
[ $? = 7 ] || zc_fail "a dead mount is no exit code 7: $(cat "$ZC_LOG")"
grep -q 'daemon is gone (ENOTCONN)' "$ZC_LOG" || zc_fail "not told: $(cat "$ZC_LOG")"
umount -l "$ZC_MNT"
