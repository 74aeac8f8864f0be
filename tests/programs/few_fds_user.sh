#!/bin/bash
# SPDX-License-Identifier: MIT
# An ordinary user, who may not open files by handle, can do with 20,000 files what root can with 300,000:
# walk, read, copy and delete them while the daemon may have 1024 descriptors.
# It must not know how the daemon works.
. "$(dirname "$0")/../lib/mount.sh"
. "$(dirname "$0")/user.sh"

files=20000

count()
{
	as_user find "$@" -type f -size +0 2>"$ZC_TMP/find.err" | wc -l
	head -n 3 "$ZC_TMP/find.err"
}

zc_need python3 prlimit
user_begin
zc_do python3 "$(dirname "$0")/many_files.py" "$ZC_BACK/tree" "$files" 100
chown -R "$USER_ID:$USER_ID" "$ZC_BACK/tree"
ZC_AS=(prlimit --nofile=1024:1024 "${USER_PREFIX[@]}")
zc_start
for round in 1 2; do
	[ "$(count "$ZC_MNT/tree")" = "$files" ] || zc_fail "walk $round found $(count "$ZC_MNT/tree") files"
done
user_quiet cp -a "$ZC_MNT/tree" "$ZC_TMP/user/copy"
zc_quiet diff -rq "$ZC_BACK/tree" "$ZC_TMP/user/copy"
user_quiet cp -a "$ZC_TMP/user/copy/d00" "$ZC_TMP/user/copy/d01" "$ZC_MNT/"
zc_quiet diff -rq "$ZC_BACK/d00" "$ZC_TMP/user/copy/d00"
zc_stats
echo "$(zc_counter fds.cached) descriptors cached, $(zc_counter inodes.known) inodes known"
[ "$(find "/proc/$ZC_PID/fd" -mindepth 1 | wc -l)" -le 1024 ] || zc_fail "more than 1024 descriptors"
# everything is known now, and deep: a name at the end of a long path, a file held open across it all
deep=$ZC_MNT
for i in {1..60}; do
	deep+=/level$i
done
user_quiet mkdir -p "$deep"
user_quiet cp "$ZC_MNT/d00/e0000/file000007" "$deep/file"
[ "$(count "$ZC_MNT/tree")" = "$files" ] || zc_fail "files are missing after the copy"
user_quiet cmp "$deep/file" "$ZC_MNT/tree/d00/e0000/file000007"
user_quiet rm -rf "$ZC_MNT/tree" "$ZC_MNT/d00" "$ZC_MNT/d01" "$ZC_MNT/level1"
[ -z "$(ls -A "$ZC_BACK")" ] || zc_fail "rm -rf left $(find "$ZC_BACK" | head -n 3)"
zc_stop
