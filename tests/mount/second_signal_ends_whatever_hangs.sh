#!/bin/bash
# SPDX-License-Identifier: MIT
# A request that hangs in the backing directory (here: in a nested FUSE mount whose daemon is stopped) does not keep
# the daemon for ever: it hears signals, and ends on a repeated one. It must not know how long it waits.
. "$(dirname "$0")/../lib/mount.sh"

NESTED_PID=

end_nested()
{
	kill -KILL "$NESTED_PID" 2>/dev/null
}

daemon_ends()
{
	kill -TERM "$ZC_PID" 2>/dev/null
	sleep 0.2
	zc_gone "$ZC_PID"
}

ZC_LIMIT=20
zc_need_root
zc_begin
mkdir "$ZC_BACK/nested" "$ZC_TMP/inner"
echo content | tee "$ZC_TMP/inner/file" >"$ZC_BACK/file"
"$ZCFS" -f -o timeout=0 "$ZC_TMP/inner" "$ZC_BACK/nested" >"$ZC_TMP/nested.log" 2>&1 &
NESTED_PID=$!
ZC_AT_END=end_nested
zc_until 20 zc_mounted "$ZC_BACK/nested" || zc_fail "the nested mount does not come"
zc_start
zc_do cat "$ZC_MNT/nested/file" >/dev/null
zc_stop_process "$NESTED_PID"
timeout -k 1 60 cat "$ZC_MNT/nested/file" >/dev/null 2>&1 &
zc_helper $!
zc_until 5 false
# others are served meanwhile, and signals heard
zc_do cat "$ZC_MNT/file" >/dev/null
zc_stats
zc_until 60 daemon_ends || zc_fail "the daemon does not end"
grep -q 'second signal' "$ZC_LOG" || zc_fail "no word of it in the log"
# the kernel waits for a request that the stopped daemon has read already, even with a killed process
end_nested
wait "$ZC_CHILD"
status=$?
[ "$status" = 12 ] || zc_fail "exit status $status, not 12"
ZC_PID=
