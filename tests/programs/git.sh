#!/bin/bash
# SPDX-License-Identifier: MIT
# git clones onto the mount, and clone, history, packing and work tree are sound.
# It must not know how the daemon works.
. "$(dirname "$0")/../lib/mount.sh"
. "$(dirname "$0")/sample.sh"

# in_repo DIR ARGUMENT...: git there, never a word on stderr
in_repo()
{
	local dir=$1

	shift
	zc_do git -C "$dir" -c advice.detachedHead=false -c gc.autoDetach=false "$@"
}

# clean DIR: sound, and nothing to commit
clean()
{
	in_repo "$1" fsck --full --strict --no-progress
	[ -z "$(in_repo "$1" status --porcelain)" ] || zc_fail "git status in $1: $(git -C "$1" status --short)"
}

make_origin()
{
	local i

	zc_do git init -q -b main "$1"
	for i in {1..150}; do
		mkdir -p "$1/dir$((i % 12))"
		seq "$i" $((i * 20)) >"$1/dir$((i % 12))/file$i"
	done
	sample_bytes 3000000 >"$1/blob"
	ln -s dir1/file1 "$1/link"
	chmod 755 "$1/dir2/file2"
	in_repo "$1" add -A
	in_repo "$1" commit -qm first
	for i in {1..10}; do
		echo "$i" >>"$1/dir$i/file$i"
		in_repo "$1" commit -qam "change $i"
	done
	in_repo "$1" tag v1
}

zc_need git python3
export HOME=/nonexistent GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null GIT_TERMINAL_PROMPT=0
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@localhost GIT_COMMITTER_NAME=c GIT_COMMITTER_EMAIL=c@localhost
zc_begin
export GIT_CEILING_DIRECTORIES=$ZC_TMP
make_origin "$ZC_TMP/origin"
zc_start

for top in "$ZC_MNT" "$ZC_TWIN"; do
	in_repo "$ZC_TMP" clone -q "file://$ZC_TMP/origin" "$top/clone"
	clean "$top/clone"
done
diff -r --exclude=.git "$ZC_TMP/origin" "$ZC_MNT/clone" || zc_fail "the work tree is not that of the origin"

# a second clone, of the one on the mount with hard links; then work, pack, push
in_repo "$ZC_TMP" clone -q "$ZC_MNT/clone" "$ZC_MNT/second"
clean "$ZC_MNT/second"
for top in "$ZC_MNT" "$ZC_TWIN"; do
	export GIT_AUTHOR_DATE='1700000000 +0000' GIT_COMMITTER_DATE='1700000000 +0000'
	in_repo "$top/clone" checkout -q -b work
	in_repo "$top/clone" rm -qr dir3
	in_repo "$top/clone" mv dir4 moved
	echo more >>"$top/clone/dir5/file5"
	in_repo "$top/clone" commit -qam work
	in_repo "$top/clone" checkout -q v1
	in_repo "$top/clone" checkout -q work
	in_repo "$top/clone" -c gc.pruneExpire=now gc -q
	in_repo "$top/clone" worktree add -q "$top/tree" main
	clean "$top/tree"
	clean "$top/clone"
done
[ "$(in_repo "$ZC_MNT/clone" rev-parse work)" = "$(in_repo "$ZC_TWIN/clone" rev-parse work)" ] ||
	zc_fail "the same commits have other names on the mount"
in_repo "$ZC_MNT/clone" push -q origin work
clean "$ZC_TMP/origin"
for top in "$ZC_MNT" "$ZC_TWIN"; do
	mkdir "$top/files"
	in_repo "$top/clone" archive work -o "$top/work.tar"
	zc_do tar -xf "$top/work.tar" -C "$top/files"
done
zc_same_as_twin files nodirmtime
zc_stop
zc_start
clean "$ZC_MNT/clone"
clean "$ZC_MNT/second"
zc_stop
