#!/bin/bash
# SPDX-License-Identifier: MIT
# A user who may write to a setuid program and overwrites it through the mount runs it as himself, at once.
# It must not know how attributes are cached.
. "$(dirname "$0")/../lib/mount.sh"

zc_need_root
zc_need setpriv id
zc_begin
zc_start timeout=1000
for round in 1 2 3; do
	cp /bin/true "$ZC_BACK/program$round"
	chmod 4777 "$ZC_BACK/program$round"
	stat "$ZC_MNT/program$round" >/dev/null
	uid=$(zc_as_nobody bash -c 'cat /usr/bin/id >"$1" && "$1" -u' - "$ZC_MNT/program$round") ||
		zc_fail "cannot be overwritten and run"
	[ "$uid" = 65534 ] || zc_fail "what user 65534 wrote ran as user $uid"
done
kill -TERM "$ZC_PID"
zc_ended
zc_check_logs
