#!/bin/bash
# SPDX-License-Identifier: MIT
# An ordinary user mounts through fusermount3 on the splice plane, works with cp, rsync and rm, owns the files,
# keeps others out and unmounts with fusermount3 -u.
# It must not know how the daemon works.
. "$(dirname "$0")/../lib/mount.sh"
. "$(dirname "$0")/sample.sh"
. "$(dirname "$0")/user.sh"

# refused COMMAND...: fails, with "Permission denied"
refused()
{
	timeout -k 5 "$ZC_LIMIT" "$@" >/dev/null 2>"$ZC_TMP/refused" && zc_fail "another user could: $*"
	grep -q 'Permission denied' "$ZC_TMP/refused" || zc_fail "$*: $(cat "$ZC_TMP/refused")"
}

# a tree that a user can make
make_tree()
{
	local size

	mkdir -p "$1/dir/sub"
	for size in 0 1 4097 5000000; do
		sample_bytes "$size" >"$1/dir/$size"
	done
	sample_sparse "$1/sparse"
	ln "$1/dir/4097" "$1/hard"
	ln -s nowhere "$1/dir/dangling"
	chmod 640 "$1/dir/1"
	chmod 700 "$1/dir/sub"
	setfattr -n user.name -v value "$1/dir/0"
	setfacl -m u:54321:rw "$1/dir/4097"
	chown -hR "$USER_ID:$USER_ID" "$1"
	find "$1" -depth -exec touch -h -d '2001-02-03 04:05:06.789012345' {} +
}

zc_need rsync setfattr setfacl python3
user_begin
make_tree "$ZC_TMP/user/src"
src=$ZC_TMP/user/src
zc_start
awk -v dir="$ZC_MNT" '$5 == dir' /proc/self/mountinfo | grep -q ' fuse.zcfs ' || zc_fail "not of type fuse.zcfs"
awk -v dir="$ZC_MNT" '$5 == dir' /proc/self/mountinfo | grep -q "user_id=$USER_ID" || zc_fail "not the user's mount"

user_quiet cp -a "$src" "$ZC_MNT/cp"
user_quiet rsync -aHAX "$src/" "$ZC_MNT/rsync/"
todo=$(as_user rsync -aHAX --itemize-changes "$src/" "$ZC_MNT/rsync/") || zc_fail "the second rsync failed"
[ -z "$todo" ] || zc_fail "the second rsync still had to do: $todo"
user_quiet rsync -aHAX "$ZC_MNT/rsync/" "$ZC_TMP/user/off/"
zc_same "$src" "$ZC_BACK/cp" "$ZC_BACK/rsync" "$ZC_TMP/user/off"
user_quiet touch "$ZC_MNT/new"
[ "$(stat -c %u:%g "$ZC_BACK/new")" = "$USER_ID:$USER_ID" ] || zc_fail "a new file is not the user's"
as_user chown 0 "$ZC_MNT/new" 2>/dev/null && zc_fail "the user gave a file to root"

# others: an ordinary one, and root, are kept out
refused setpriv --reuid=54321 --regid=54321 --clear-groups ls "$ZC_MNT"
refused setpriv --reuid=54321 --regid=54321 --clear-groups cat "$ZC_MNT/cp/dir/0"
refused ls "$ZC_MNT"
# what the user may not read in the backing directory, the mount does not give either
echo secret >"$ZC_BACK/secret"
chmod 600 "$ZC_BACK/secret"
as_user cat "$ZC_MNT/secret" 2>/dev/null && zc_fail "the user read a file of root's"

user_quiet rm -rf "$ZC_MNT/cp" "$ZC_MNT/rsync"
[ "$(ls "$ZC_BACK")" = "$(printf 'new\nsecret')" ] || zc_fail "rm -rf left something"
zc_stats
zc_check_plane
user_quiet fusermount3 -u "$ZC_MNT"
zc_ended

# the signal's way out
zc_start
user_quiet cat "$ZC_MNT/new"
kill -TERM "$ZC_PID"
zc_ended
zc_check_logs
