#!/bin/bash
# SPDX-License-Identifier: MIT
# While cp reads and writes 1 GiB through the mount, the daemon's counters and the kernel's account of the daemon
# show by which way the bytes went: not at all past the daemon, spliced, or copied.
# It must not know how the daemon works.
. "$(dirname "$0")/../lib/mount.sh"

size=$((1 << 30))

# bytes that the daemon itself moved with calls of the read(2) and write(2) families; splice(2) does not count
own_bytes()
{
	awk '/^[rw]char:/ { sum += $2 } END { printf "%.0f\n", sum }' "/proc/$ZC_PID/io"
}

# moved WAY BEFORE AFTER: what the daemon moved itself, for the one way (read or write), fits the plane
moved()
{
	local own=$(($3 - $2)) splice copy

	splice=$(zc_counter "bytes.$1.splice")
	copy=$(zc_counter "bytes.$1.copy")
	echo "$1: splice $splice, copy $copy, by read(2)/write(2) $own of $size bytes," \
		"requests: read $(zc_counter request.read), write $(zc_counter request.write)"
	case $ZC_PLANE in
	passthrough)
		zc_counter_is request.read 0
		zc_counter_is request.write 0
		[ "$splice$copy" = 00 ] || zc_fail "bytes of $1 went through the daemon"
		[ "$own" -lt $((size / 1024)) ] || zc_fail "the daemon moved $own bytes itself"
		;;
	splice)
		[ "$copy" = 0 ] || zc_fail "$copy bytes of $1 were copied"
		[ "$splice" = "$size" ] || zc_fail "$splice bytes of $1 were spliced, not $size"
		[ "$own" -lt $((size / 64)) ] || zc_fail "the daemon moved $own bytes itself"
		;;
	copy)
		[ "$copy" = "$size" ] || zc_fail "$copy bytes of $1 were copied, not $size"
		[ "$splice" = 0 ] || zc_fail "$splice bytes of $1 were spliced in the copy plane"
		[ "$own" -ge "$size" ] || zc_fail "the kernel counts $own bytes of $1 by the daemon, less than the file"
		;;
	esac
}

# The files are in a directory beside the mount, on the same file system: cp cannot then hand the work to
# copy_file_range, which works within one mount only.
zc_need python3
zc_begin_in "$(zc_roomy 4)"
head -c "$size" /dev/urandom >"$ZC_BACK/big"

# Where the kernel reads a page of the file twice (it does now and then on a busy machine, in requests of one page,
# which libfuse copies), the run shows nothing exact: once more then, on a fresh mount.
for ((try = 1; ; try++)); do
	zc_start
	before=$(own_bytes)
	zc_do cp "$ZC_MNT/big" "$ZC_TMP/read"
	after=$(own_bytes)
	zc_stats
	[ $(($(zc_counter bytes.read.splice) + $(zc_counter bytes.read.copy))) -gt "$size" ] && [ "$try" -lt 6 ] || break
	zc_stop
done
moved read "$before" "$after"
cmp "$ZC_BACK/big" "$ZC_TMP/read" || zc_fail "other bytes were read"
rm "$ZC_MNT/big"

before=$(own_bytes)
zc_do cp "$ZC_TMP/read" "$ZC_MNT/written"
after=$(own_bytes)
zc_stats
moved write "$before" "$after"
cmp "$ZC_TMP/read" "$ZC_BACK/written" || zc_fail "other bytes were written"
rm "$ZC_MNT/written"
zc_stop
