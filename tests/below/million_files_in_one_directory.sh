#!/bin/bash
# SPDX-License-Identifier: MIT
# A directory of a million files is listed through the mount, each name once, and its files are used, by a daemon that
# may have 1,024 files open and takes a bounded amount of memory for each inode it knows.
# It must not know how the daemon remembers them.
. "$(dirname "$0")/../lib/mount.sh"
. "$(dirname "$0")/below.sh"

COUNT=1000000
BYTES_AN_INODE=600
: "${A_MILLION_FILES:?}"
# sanitizers keep a multiple of it for themselves
! grep -qE '__(asan|tsan)_init' "${ZCFS:?}" || BYTES_AN_INODE=10000

# in KiB; without the pages of the program itself
memory()
{
	awk '/^RssAnon|^RssShmem/ { sum += $2 } END { print sum }' "/proc/$ZC_PID/status"
}

open_files()
{
	find "/proc/$ZC_PID/fd" -mindepth 1 | wc -l
}

[ "$(awk '/^MemAvailable/ { print $2 }' /proc/meminfo)" -gt $((5 << 20)) ] ||
	zc_skip "less than 5 GiB of memory for a million inodes, thrice"
below_begin
below_tmpfs size=64m,nr_inodes=1100000
mkdir "$ZC_BACK/dir"
zc_do "$A_MILLION_FILES" make "$ZC_BACK/dir" "$COUNT"
ZC_AS=(prlimit --nofile=1024:1024)
zc_start
before=$(memory)
zc_do "$A_MILLION_FILES" list "$ZC_MNT/dir" "$COUNT"
zc_do "$A_MILLION_FILES" use "$ZC_MNT/dir" "$COUNT"
[ "$(open_files)" -lt 1024 ] || zc_fail "$(open_files) files are open"
zc_stats
after=$(memory)
known=$(zc_counter inodes.known)
[ "$known" -ge $((COUNT / 10)) ] || zc_fail "only $known inodes are known"
echo "$known inodes are known: $(((after - before) * 1024 / known)) bytes each, $(open_files) open files"
[ $(((after - before) * 1024 / known)) -le "$BYTES_AN_INODE" ] ||
	zc_fail "$((after - before)) KiB more memory for $known inodes"
zc_do "$A_MILLION_FILES" list "$ZC_MNT/dir" "$COUNT"
[ "$(timeout 60 stat -c %h "$ZC_MNT/dir")" = 2 ] || zc_fail "the link count of the directory is wrong"
cp /dev/null "$ZC_MNT/file"
zc_stop
