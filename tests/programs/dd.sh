#!/bin/bash
# SPDX-License-Identifier: MIT
# dd with O_DIRECT, without truncation and appending gives the same bytes and exit status as on a plain directory.
# It must not know how the daemon works.
. "$(dirname "$0")/../lib/mount.sh"
. "$(dirname "$0")/sample.sh"

# same_dd NAME ARGUMENT...: dd in both directories; TOP/ in an argument stands for the directory.
same_dd()
{
	local name=$1 top status=()

	shift
	for top in "$ZC_TWIN" "$ZC_MNT"; do
		timeout -k 5 "$ZC_LIMIT" dd status=none "${@//TOP/$top}" 2>"$ZC_TMP/dd.err"
		status+=($?)
	done
	[ "${status[0]}" = "${status[1]}" ] ||
		zc_fail "dd $*: exit status ${status[1]}, in a plain directory ${status[0]}: $(cat "$ZC_TMP/dd.err")"
	for top in "$ZC_MNT" "$ZC_BACK"; do
		cmp "$ZC_TWIN/$name" "$top/$name" || zc_fail "dd $*: $top/$name differs"
	done
	[ "${status[0]}" = 0 ]
}

zc_need python3
zc_begin
sample_bytes $((32 * 1048576)) >"$ZC_TMP/data"
cp "$ZC_TMP/data" "$ZC_BACK/data"
cp "$ZC_TMP/data" "$ZC_TWIN/data"
zc_start

for bs in 512 4k 64k 1M 3M; do
	case $bs in
	512) count=2000 ;;
	4k) count=1000 ;;
	64k) count=256 ;;
	*) count=10 ;;
	esac
	same_dd "buffered-$bs" if=TOP/data of="TOP/buffered-$bs" bs="$bs" count="$count" ||
		zc_fail "plain dd does not work"
	same_dd "in-$bs" if=TOP/data of="TOP/in-$bs" iflag=direct bs="$bs" count="$count" || break
	same_dd "out-$bs" if="$ZC_TMP/data" of="TOP/out-$bs" oflag=direct bs="$bs" count="$count"
	same_dd "both-$bs" if=TOP/data of="TOP/both-$bs" iflag=direct oflag=direct bs="$bs" \
		count="$count" skip=2
	same_dd "over-$bs" if="$ZC_TMP/data" of="TOP/over-$bs" bs="$bs" count=4 conv=notrunc seek=3
	same_dd "over-$bs" if="$ZC_TMP/data" of="TOP/over-$bs" bs="$bs" count=2 conv=notrunc,fsync seek=1 \
		oflag=direct
	same_dd "grow-$bs" if=/dev/null of="TOP/grow-$bs" bs="$bs" seek=7
	same_dd "grow-$bs" if="$ZC_TMP/data" of="TOP/grow-$bs" bs="$bs" count=2 oflag=append conv=notrunc
	same_dd "grow-$bs" if="$ZC_TMP/data" of="TOP/grow-$bs" bs="$bs" count=2 oflag=append,direct conv=notrunc
	same_dd "sync-$bs" if="$ZC_TMP/data" of="TOP/sync-$bs" bs="$bs" count=3 oflag=dsync conv=sparse
done
# direct I/O that is not aligned: refused or not, but as on the plain directory, except where data passes through
# the daemon, which has no reason to refuse it
if [ "$ZC_PLANE" = passthrough ]; then
	same_dd unaligned if="$ZC_TMP/data" of=TOP/unaligned bs=1000 count=3 oflag=direct
fi
same_dd data if="$ZC_TMP/data" of=TOP/data conv=excl bs=1M && zc_fail "conv=excl overwrote a file"
same_dd data if="$ZC_TMP/data" of=TOP/data conv=nocreat bs=1M count=3
# one file, direct and buffered at the same time: what was written one way is read the other way
same_dd mixed if="$ZC_TMP/data" of=TOP/mixed bs=1M count=8
exec 7<"$ZC_MNT/mixed"
same_dd mixed if="$ZC_TMP/data" of=TOP/mixed bs=64k count=16 skip=100 seek=32 conv=notrunc oflag=direct
cmp "$ZC_TWIN/mixed" /dev/fd/7 || zc_fail "an open file does not show what was written with O_DIRECT"
exec 7<&-
zc_same "$ZC_BACK" "$ZC_MNT"
zc_stop
