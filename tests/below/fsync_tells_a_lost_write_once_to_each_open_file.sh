#!/bin/bash
# SPDX-License-Identifier: MIT
# Data that could not be stored is reported by fsync and msync on the mount exactly when the backing file reports it:
# once to every file that was open, whoever wrote, whoever asked first. It must not know how the daemon does it.
. "$(dirname "$0")/../lib/mount.sh"
. "$(dirname "$0")/below.sh"

below_begin
case ${BELOW_FS:?} in
ext4) below_image ext4 16 -b 4096 ;;
xfs) below_image xfs 330 ;;
esac
for dir in "$ZC_BACK" "$ZC_TWIN"; do
	for i in {1..6}; do
		head -c 65536 /dev/zero | tr '\0' "$i" >"$dir/$i"
	done
done
zc_start
below_bad_blocks "$ZC_BACK"/? "$ZC_TWIN"/?
for side in mnt twin; do
	dir=$ZC_MNT
	[ "$side" = mnt ] || dir=$ZC_TWIN
	zc_do python3 "${0%/*}/lost_writes.py" "$dir" "$BELOW" >"$ZC_TMP/lost.$side"
done

# On the passthrough plane msync and O_SYNC are served by the kernel's own open file (backing_file_mmap,
# backing_file_write_iter): who is told by it is told once more by fsync, for which the daemon is asked.
# What was opened only to read has no file of its own in the daemon there, so it is not told what another was told.
# On the other planes O_DIRECT is served with the backing file's page cache: the error comes later.
but='^after O_DIRECT: fsync of fd 0:'
reader='^written and synced: fsync of fd 2:|^second error: fsync of fd 0:|nobody was told: fsync of fd 1:'
[ "$ZC_PLANE" != passthrough ] || but="^(after msync|after O_SYNC): fsync of fd 0:|^msync at last:|$reader"
diff <(grep -vE "$but" "$ZC_TMP/lost.twin") <(grep -vE "$but" "$ZC_TMP/lost.mnt") >"$ZC_TMP/lost.diff" ||
	zc_fail "answers differ (<: plain directory, >: mount): $(cat "$ZC_TMP/lost.diff")"
grep -qE 'fsync.*: (EIO|ENOSPC)' "$ZC_TMP/lost.twin" || zc_fail "nothing was lost: $(cat "$ZC_TMP/lost.twin")"
below_heal
zc_stop
