#!/bin/bash
# SPDX-License-Identifier: MIT
# A daemon that is killed while it tells the kernel of a change, and the kernel makes it wait for a directory in which a
# request is under way: the request fails, as with any daemon that dies, and does not hang for ever. It must not know
# who sees to that.
. "$(dirname "$0")/../lib/mount.sh"

zc_need_root
zc_begin

# A nested mount that hangs keeps the only worker busy.
mkdir "$ZC_BACK/hangs" "$ZC_BACK/dir" "$ZC_TMP/inner"
"$ZCFS" -f -o coherence=timeout "$ZC_TMP/inner" "$ZC_BACK/hangs" >"$ZC_TMP/inner.log" 2>&1 &
inner=$!
zc_helper "$inner"
go_on()
{
	kill -CONT "$inner" 2>/dev/null
}
ZC_AT_END=go_on
zc_until 20 zc_mounted "$ZC_BACK/hangs" || zc_fail "the nested mount does not come up"
zc_start coherence=events,threads=1
grep -q 'cannot be watched' "$ZC_LOG" && zc_skip "$(grep 'cannot be watched' "$ZC_LOG")"
zc_quiet ls -l "$ZC_MNT" "$ZC_MNT/dir" >/dev/null
zc_stop_process "$inner"
stat "$ZC_MNT/hangs/something" >/dev/null 2>&1 &
zc_helper $!
sleep 0.3 # until it is under way
mkdir "$ZC_MNT/dir/new" 2>/dev/null &
waiting=$!
zc_helper "$waiting"
sleep 0.3
mkdir "$ZC_BACK/dir/other"
sleep 0.3 # the event is heard, and its thread waits for the directory
kill -KILL "$ZC_PID"
zc_until 20 zc_gone "$waiting" || zc_fail "a request still hangs 20 s after the daemon was killed"
wait "$waiting" && zc_fail "mkdir succeeded without a daemon"
go_on
zc_until 20 zc_gone "$ZC_PID" || zc_fail "what is left of the daemon does not end"
ZC_PID=
umount -l "$ZC_MNT"
