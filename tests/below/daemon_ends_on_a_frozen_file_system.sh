#!/bin/bash
# SPDX-License-Identifier: MIT
# A daemon that is told to end while a request waits for a frozen file system ends at the latest when that is thawed,
# and one on which nobody waits ends at once. It must not know who waits for what.
. "$(dirname "$0")/../lib/mount.sh"
. "$(dirname "$0")/below.sh"

zc_need fsfreeze
# somebody uses the mount when it goes
ZC_EXPECTED='busy \(EBUSY\): detached'
below_begin
below_image ext4 16
echo content >"$ZC_BACK/file"
zc_start
zc_do cat "$ZC_MNT/file" >/dev/null
zc_do fsfreeze --freeze "$BELOW"
zc_stop
# once more, with one that waits
zc_do fsfreeze --unfreeze "$BELOW"
zc_start
zc_do cat "$ZC_MNT/file" >/dev/null
zc_do fsfreeze --freeze "$BELOW"
timeout 60 mkdir "$ZC_MNT/new" &
waiter=$!
zc_helper "$waiter"
zc_until 1 false
zc_alive "$waiter" || zc_fail "nothing waits"
kill -TERM "$ZC_PID"
zc_until 1 zc_gone "$ZC_PID"
zc_do fsfreeze --unfreeze "$BELOW"
zc_ended
wait "$waiter"
[ -d "$ZC_BACK/new" ] || zc_fail "what waited was not done"
zc_check_logs
