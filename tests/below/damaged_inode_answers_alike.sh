#!/bin/bash
# SPDX-License-Identifier: MIT
# Inodes and a directory block whose checksum is wrong give the same errors on the mount as in a plain directory, and
# what is not damaged is served on. It must not know how a file system notices damage.
. "$(dirname "$0")/../lib/mount.sh"
. "$(dirname "$0")/below.sh"

damaged_prepare()
{
	mkdir "$1/dir" "$1/block"
	echo damaged >"$1/file"
	echo whole >"$1/good"
	ln -s good "$1/symlink"
	touch "$1/dir/below" "$1/block/below"
}

# damaged_damage DIR: in the image, of a directory of the file system that is not mounted.
damaged_damage()
{
	local image=$ZC_TMP/disk/image name block

	for name in file dir symlink; do
		debugfs -w -R "set_inode_field $1/$name checksum 0xbad" "$image" 2>"$ZC_TMP/debugfs.log"
	done
	# a directory block ends in its checksum
	block=$(debugfs -R "blocks $1/block" "$image" 2>"$ZC_TMP/debugfs.log" | tr -d ' ')
	[[ $block =~ ^[0-9]+$ ]] || zc_fail "$1/block: blocks $block: $(cat "$ZC_TMP/debugfs.log")"
	printf '\272\320\272\320' |
		dd of="$image" bs=1 seek=$((block * 4096 + 4092)) conv=notrunc status=none
}

# damaged_call COMMAND...: what it complains of, and its exit status.
damaged_call()
{
	local said status=0

	said=$(timeout 20 "$@" 2>&1 >/dev/null) || status=$?
	echo "$*: $status $said"
}

# damaged_calls DIR
damaged_calls()
{
	local name command

	cd "$1" || exit 1
	damaged_call ls .
	damaged_call ls -l .
	for name in file dir symlink block; do
		for command in 'stat' 'cat' 'ls' 'readlink' 'touch' 'chmod 700' 'chown -h 1:1' 'truncate -s 1' \
			'mv -T good' 'ln good' 'mv -T dir' 'rm' 'rmdir'; do
			# shellcheck disable=SC2086 # a command and its arguments
			damaged_call $command "$name"
		done
		damaged_call stat "$name/below"
		damaged_call stat "$name/absent"
		damaged_call touch "$name/new"
		damaged_call mkdir "$name/new"
		damaged_call rm "$name/below"
		damaged_call mv -T "$name" moved
	done
	damaged_call cat good
	damaged_call touch good new
	cd /
}

zc_need debugfs
below_begin
below_image ext4 16 -b 4096 -O metadata_csum
for dir in "$ZC_BACK" "$ZC_TWIN"; do
	damaged_prepare "$dir"
done
umount "$BELOW" || zc_fail "$BELOW is busy"
damaged_damage /back
damaged_damage /twin
mount -o loop,errors=continue "$ZC_TMP/disk/image" "$BELOW" || zc_fail "the damaged image cannot be mounted"
zc_start
damaged_calls "$ZC_TWIN" >"$ZC_TMP/calls.twin"
damaged_calls "$ZC_MNT" >"$ZC_TMP/calls.mnt"
below_same_answers
for name in file dir symlink block; do
	grep -q "$name.*Bad message" "$ZC_TMP/calls.mnt" || zc_fail "$name is not damaged: $(cat "$ZC_TMP/calls.mnt")"
done
[ "$(cat "$ZC_MNT/good")" = whole ] || zc_fail "what is not damaged cannot be read"
zc_stop
