#!/bin/bash
# SPDX-License-Identifier: MIT
# Where the device no longer gives the data of a file, reading is EIO (SIGBUS in a mapping), and what lies before it is
# read: never an end of the file that is none, nor zeros. It must not know in which pieces anybody reads.
. "$(dirname "$0")/../lib/mount.sh"
. "$(dirname "$0")/below.sh"

# the byte in the image where the data of a file, or its last piece, begins
begin_of()
{
	filefrag -b1 -v "$1" | awk -F '[.: \t]+' '$2 ~ /^[0-9]+$/ { at = $5 } END { print at }'
}

zc_need filefrag
below_begin
below_image ext4 64 -b 4096 -O ^has_journal
for dir in "$ZC_BACK" "$ZC_TWIN"; do
	head -c 301000 /dev/zero | tr '\0' g | tee "$dir/good" >"$dir/half"
done
sync -f "$BELOW"
dd if=/dev/zero of="$BELOW/filler" bs=1M count=20 conv=fsync status=none
for dir in "$ZC_BACK" "$ZC_TWIN"; do
	head -c 700000 /dev/zero | tr '\0' b | tee "$dir/gone" >>"$dir/half"
	sync -f "$BELOW"
done
lost=$(for dir in "$ZC_BACK" "$ZC_TWIN"; do begin_of "$dir/half"; begin_of "$dir/gone"; done | sort -n | head -n 1)
last=$(for dir in "$ZC_BACK" "$ZC_TWIN"; do begin_of "$dir/good"; done | sort -n | tail -n 1)
[ "$lost" -gt $((last + 400000)) ] || zc_fail "the files do not lie as they should: good up to $last, lost from $lost"
# cold caches, then the device is shorter than it says
umount "$BELOW"
mount -o loop "$ZC_TMP/disk/image" "$BELOW"
zc_start
truncate -s "$lost" "$ZC_TMP/disk/image"
for side in mnt twin; do
	dir=$ZC_MNT
	[ "$side" = mnt ] || dir=$ZC_TWIN
	zc_do python3 "${0%/*}/read_all_ways.py" "$dir" >"$ZC_TMP/answers.$side"
done
diff "$ZC_TMP/answers.twin" "$ZC_TMP/answers.mnt" >"$ZC_TMP/answers.diff" ||
	zc_fail "answers differ (<: plain directory, >: mount): $(cat "$ZC_TMP/answers.diff")"
grep -q EIO "$ZC_TMP/answers.mnt" || zc_fail "everything can be read: $(cat "$ZC_TMP/answers.mnt")"
zc_stop
