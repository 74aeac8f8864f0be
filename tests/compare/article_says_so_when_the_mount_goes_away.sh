#!/bin/bash
# SPDX-License-Identifier: MIT
# --article on a mount whose daemon dies, before and in the middle: exit code 7 and one line.
# Must not know planes but by name: splice, where the daemon takes part in every copy.
# shellcheck source=tests/compare/begin.sh
. "$(dirname "$0")/begin.sh"
[ "$EUID" = 0 ] || skip "needs root"
[ -e /dev/fuse ] || skip "no /dev/fuse"

daemon=
clean_up()
{
	[ -z "$daemon" ] || kill -KILL "$daemon" 2>/dev/null
	umount -l mnt 2>/dev/null
}

start()
{
	"$ZCFS" -f -o plane=splice back mnt 2>log &
	daemon=$!
	for ((i = 0; i < 600; i++)); do
		mountpoint -q mnt && return
		sleep 0.05
	done
	fail "no mount: $(cat log)"
}

end_daemon()
{
	kill -KILL "$daemon"
	wait "$daemon" 2>/dev/null
	daemon=
}

mkdir back mnt
random_file back/in 200000000
sum=$(sha256sum back/in)

start
end_daemon
refused 7 '^zcfs-compare: mnt/in: cannot be opened \(ENOTCONN\): mount it again' "$ZCFS_COMPARE" --article mnt/in
umount -l mnt || fail "cannot unmount"
holds back in

start
"$ZCFS_COMPARE" --article mnt/in >said 2>complained &
tool=$!
for ((i = 0; i < 6000; i++)); do
	[ -e back/out1 ] && break
	sleep 0.01
done
end_daemon
wait "$tool"
code=$?
[ "$code" = 7 ] || fail "exit code $code: $(cat said complained)"
[ "$(wc -l <complained)" = 1 ] || fail "not one line: $(cat complained)"
grep -qE '^zcfs-compare: mnt/.*: .* \((ENOTCONN|ECONNABORTED)\): remove out and out1 there' complained || fail "$(cat complained)"
[ -s said ] && fail "says $(cat said)"
[ "$(sha256sum back/in)" = "$sum" ] || fail "in was changed"
