#!/bin/bash
# SPDX-License-Identifier: MIT
# --article with a file that no single read, write or sendfile moves, and whose size is no int: all is copied.
# Must not know how it is copied. The copies are in memory: no disk is as fast as this test wants to be.
# shellcheck source=tests/compare/begin.sh
. "$(dirname "$0")/begin.sh"

size=$(((2 << 30) + 4097))
available=$(awk '/^MemAvailable:/ { print $2 }' /proc/meminfo)
[ "$available" -gt $((8 << 20)) ] || skip "needs 8 GiB of memory, $((available >> 20)) GiB are available"
[ "$EUID" = 0 ] || skip "needs root: a tmpfs of its own"
mkdir work
clean_up()
{
	umount -l work 2>/dev/null
}
mount -t tmpfs -o size=5g zc-compare work || fail "no tmpfs"

printf start >work/in
truncate -s "$size" work/in
printf end >>work/in
"$ZCFS_COMPARE" --article work/in >said || fail "exit code $?: $(cat said)"
for copy in out out1; do
	[ "$(stat -c %s work/$copy)" = $((size + 3)) ] || fail "$copy has $(stat -c %s work/$copy) bytes"
	[ "$(head -c 5 work/$copy)" = start ] || fail "$copy begins otherwise"
	[ "$(tail -c 3 work/$copy)" = end ] || fail "$copy ends otherwise"
done
[ "$(grep -c ': the same, byte by byte$' said)" = 2 ] || fail "$(cat said)"
umount work || fail "cannot unmount"
