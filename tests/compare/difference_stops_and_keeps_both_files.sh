#!/bin/bash
# SPDX-License-Identifier: MIT
# A cat that changes one byte is found out: exit code 1, where, and both files stay for whoever wants to look.
# Must not know how files are compared.
# shellcheck source=tests/compare/begin.sh
. "$(dirname "$0")/begin.sh"
[ "$EUID" = 0 ] || skip "needs root"
[ -e /dev/fuse ] || skip "no /dev/fuse"

mkdir back bin
cat >bin/cat <<'PROGRAM'
#!/usr/bin/env python3
import sys
data = bytearray((open(sys.argv[1], "rb") if sys.argv[1] != "-" else sys.stdin.buffer).read())
data[54321] ^= 1
sys.stdout.buffer.write(data)
PROGRAM
chmod +x bin/cat

# differs ROUTE
differs()
{
	local source copy

	rm -rf back/.zcfs-compare.*
	PATH=$PWD/bin:$PATH "$ZCFS_COMPARE" --zcfs "$ZCFS" --self back --size 100K --repeats 3 --methods cat --routes "$1" \
		>said 2>complained
	[ $? = 1 ] || fail "$1: exit code $?: $(cat complained)"
	tail -n 1 complained | grep -q '^zcfs-compare: .*: not what its source is: the first byte that differs is 54321 ' ||
		fail "$1: $(cat complained)"
	[ -s said ] && fail "$1: figures all the same: $(cat said)"
	source=$(echo back/.zcfs-compare.*/from/source)
	copy=$(echo back/.zcfs-compare.*/to-*/source)
	[ "$(cmp -l "$source" "$copy" | awk '{ print $1 }')" = 54322 ] || fail "$1: the files are not kept: $(ls -RA back)"
	nothing_is_left
}

differs file-to-file
differs file-to-unix
differs socket-to-file
