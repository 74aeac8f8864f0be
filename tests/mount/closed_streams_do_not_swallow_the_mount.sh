#!/bin/bash
# SPDX-License-Identifier: MIT
# A daemon started with standard input, output and error closed serves all the same: nothing of its own takes
# their numbers. It must not know which files the daemon opens.
. "$(dirname "$0")/../lib/mount.sh"

zc_need_root
zc_begin
echo text >"$ZC_BACK/file"
timeout -k 5 30 "$ZCFS" -o "stats=$ZC_STATS" "$ZC_BACK" "$ZC_MNT" <&- >&- 2>&- || zc_fail "exit status $?"
ZC_PID=$(zc_daemons)
[ "$(timeout 10 cat "$ZC_MNT/file")" = text ] || zc_fail "the file cannot be read"
kill -TERM "$ZC_PID"
zc_ended
