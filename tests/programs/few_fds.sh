#!/bin/bash
# SPDX-License-Identifier: MIT
# A tree of 300,000 files is walked, read, copied and deleted while the daemon may have 1024 descriptors.
# It must not know how the daemon works.
. "$(dirname "$0")/../lib/mount.sh"

files=${ZC_FILES:-300000}
each=100
subset=$((files / 30))

count()
{
	timeout -k 5 "$ZC_LIMIT" find "$@" -type f -size +0 2>"$ZC_TMP/find.err" | wc -l
	head -n 3 "$ZC_TMP/find.err"
}

# copy_all: by tar, which asks for less than cp -a does and so takes a third of the time
copy_all()
{
	timeout -k 5 "$ZC_LIMIT" tar -cf - -C "$ZC_MNT/tree" . 2>"$ZC_TMP/tar.err" |
		tar -xf - -C "$ZC_TMP/copy" 2>"$ZC_TMP/untar.err" || zc_fail "tar failed"
	[ ! -s "$ZC_TMP/tar.err" ] || zc_fail "tar said: $(head -n 3 "$ZC_TMP/tar.err")"
	[ ! -s "$ZC_TMP/untar.err" ] || zc_fail "tar said: $(head -n 3 "$ZC_TMP/untar.err")"
}

known_few()
{
	echo 2 >/proc/sys/vm/drop_caches
	zc_stats
	[ "$(zc_counter inodes.known)" -le 3 ]
}

zc_need_root
zc_need python3 rsync tar prlimit
zc_begin_in "$(zc_roomy 4)"
zc_do python3 "$(dirname "$0")/many_files.py" "$ZC_BACK/tree" "$files" "$each"
ZC_AS=(prlimit --nofile=1024:1024)
zc_start
grep -q '^Max open files *1024 *1024 ' "/proc/$ZC_PID/limits" || zc_fail "the daemon's limit is not 1024"

for round in 1 2; do
	[ "$(count "$ZC_MNT/tree")" = "$files" ] || zc_fail "walk $round found $(count "$ZC_MNT/tree") files"
done
[ "$(find "$ZC_MNT/tree" -type d | wc -l)" = "$(find "$ZC_BACK/tree" -type d | wc -l)" ] ||
	zc_fail "directories are missing"
# every file is read through the mount, a thirtieth by cp -a too, and as many are written through it
mkdir "$ZC_TMP/copy"
copy_all
zc_stats
fds=$(find "/proc/$ZC_PID/fd" -mindepth 1 | wc -l)
echo "after the copy: $fds descriptors, $(zc_counter fds.cached) cached, $(zc_counter inodes.known) inodes known"
[ "$fds" -le 1024 ] || zc_fail "$fds descriptors"
zc_quiet diff -rq "$ZC_BACK/tree" "$ZC_TMP/copy"
zc_quiet cp -a "$ZC_MNT/tree/d01" "$ZC_TMP/"
zc_same "$ZC_BACK/tree/d01" "$ZC_TMP/d01"
zc_quiet rsync -aHAX "$ZC_TMP/copy/d00" "$ZC_MNT/again/"
[ "$(count "$ZC_BACK/again")" = "$subset" ] || zc_fail "not all files were copied onto the mount"
zc_quiet diff -rq "$ZC_TMP/copy/d00" "$ZC_BACK/again/d00"
zc_quiet rm -rf "$ZC_MNT/tree" "$ZC_MNT/again"
[ -z "$(ls -A "$ZC_BACK")" ] || zc_fail "rm -rf left $(find "$ZC_BACK" | head -n 3)"
zc_until 20 known_few || zc_fail "after rm -rf $(zc_counter inodes.known) inodes are still known"
zc_stop
