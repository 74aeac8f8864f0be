#!/bin/bash
# SPDX-License-Identifier: MIT
# rsync -aHAX copies a tree onto and off the mount, and then finds nothing left to do.
# It must not know how the daemon works.
. "$(dirname "$0")/../lib/mount.sh"
. "$(dirname "$0")/sample.sh"

# sync_twice FROM TO [OPTION...]
sync_twice()
{
	local from=$1 to=$2 todo

	shift 2
	zc_quiet rsync -aHAX "$@" "$from/" "$to/"
	todo=$(timeout "$ZC_LIMIT" rsync -aHAX --itemize-changes "$@" "$from/" "$to/") ||
		zc_fail "the second rsync from $from to $to failed"
	[ -z "$todo" ] || zc_fail "the second rsync from $from to $to still had to do: $todo"
	todo=$(timeout "$ZC_LIMIT" rsync -aHAXnc --itemize-changes "$from/" "$to/")
	[ -z "$todo" ] || zc_fail "by checksum $from and $to differ: $todo"
}

zc_need_root
zc_need rsync setfacl setfattr python3
zc_begin
src=$ZC_TMP/src
sample_tree "$src"
zc_start

sync_twice "$src" "$ZC_MNT/on"
sync_twice "$ZC_MNT/on" "$ZC_TMP/off"
sync_twice "$ZC_MNT/on" "$ZC_MNT/within"
zc_quiet rsync -aHAX "$src/" "$ZC_TWIN/on/"
zc_same_as_twin on
zc_same "$src" "$ZC_TMP/off" "$ZC_MNT/within" "$ZC_BACK/on" "$ZC_BACK/within"

# changes travel: delta transfer in place, deletion, a rename found again
sample_bytes 70000 | dd of="$src/sizes/8388608" bs=10000 seek=300 conv=notrunc status=none
sample_bytes 100 >>"$src/sizes/1048579"
rm "$src/sizes/0" "$src/links/hard1"
mv "$src/deep" "$src/deeper"
chmod 640 "$src/sizes/4096"
# rsync compares whole seconds: the directories just changed have to differ by more than that
find "$src" -type d -exec touch -d '2002-02-02 02:02:02.2' {} +
sync_twice "$src" "$ZC_MNT/on" --delete --no-whole-file --inplace
sync_twice "$ZC_MNT/on" "$ZC_TMP/off" --delete --no-whole-file
sync_twice "$src" "$ZC_MNT/within" --delete --no-whole-file --partial --sparse
zc_same "$src" "$ZC_TMP/off" "$ZC_MNT/on" "$ZC_MNT/within" "$ZC_BACK/on" "$ZC_BACK/within"
zc_stop
