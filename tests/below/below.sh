# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Sourced by the tests of this folder after mount.sh: a file system of the test's own below the mount, which it can
# fill, freeze, shut down and take away. It must not know what a test does with it.
#
# A test says zc_begin, below_image or below_tmpfs, zc_start, ..., zc_stop. $BELOW is where the file system is mounted;
# the backing directory and the plain twin are two directories on it.

BELOW=
BELOW_CALLS=$(dirname "${BASH_SOURCE[0]}")/calls.py

# A frozen file system would hold up every step of the clean-up.
below_cleanup()
{
	local status=$?

	fsfreeze --unfreeze "$BELOW" 2>/dev/null
	(exit "$status")
	zc_cleanup
}

below_begin()
{
	zc_need_root
	zc_need python3
	zc_begin
	BELOW=$ZC_TMP/fs
	mkdir "$BELOW" "$ZC_TMP/disk"
	trap below_cleanup EXIT
}

below_known()
{
	grep -qw "$1" /proc/filesystems || modprobe -q "$1" 2>/dev/null
	grep -qw "$1" /proc/filesystems || zc_skip "this kernel has no $1"
}

below_directories()
{
	chmod 755 "$BELOW"
	ZC_BACK=$BELOW/back
	ZC_TWIN=$BELOW/twin
	mkdir "$ZC_BACK" "$ZC_TWIN"
}

# below_image FS MIB [MKFS-OPTION...]: on an image in memory, so that no disk is asked and none is worn.
below_image()
{
	local fs=$1 mib=$2

	shift 2
	below_known "$fs"
	zc_need "mkfs.$fs"
	mount -t tmpfs -o "size=$((mib + 1))m" zcfs-test "$ZC_TMP/disk" || zc_skip "no tmpfs here"
	truncate -s "${mib}M" "$ZC_TMP/disk/image"
	"mkfs.$fs" -q "$@" "$ZC_TMP/disk/image" >"$ZC_TMP/mkfs.log" 2>&1 || zc_skip "mkfs.$fs: $(tail -n 1 "$ZC_TMP/mkfs.log")"
	mount -o loop "$ZC_TMP/disk/image" "$BELOW" || zc_skip "the $fs image cannot be mounted"
	below_directories
}

below_tmpfs()
{
	mount -t tmpfs -o "$1" zcfs-test "$BELOW" || zc_skip "no tmpfs here"
	below_directories
}

# below_shutdown: all at once the file system answers EIO, as it does when its device has failed.
below_shutdown()
{
	# EXT4_IOC_SHUTDOWN and XFS_IOC_GOINGDOWN are one number; 2: without writing the journal
	timeout 20 python3 -c '
import fcntl, os, struct, sys
fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587d, struct.pack("I", 2))' "$BELOW" ||
		zc_fail "the file system cannot be shut down"
}

# below_calls_begin SIDE...: for mnt or twin, a process that has a file and a directory open in "work" there and waits.
# BELOW_HOLDS=reading: the file only to read.
declare -A below_pid below_go
BELOW_HOLDS=
below_calls_begin()
{
	local side dir

	for side; do
		dir=$ZC_MNT
		[ "$side" = mnt ] || dir=$ZC_TWIN
		mkfifo "$ZC_TMP/go.$side"
		: >"$ZC_TMP/calls.$side"
		timeout -k 5 "$ZC_LIMIT" python3 "$BELOW_CALLS" run "$dir/work" ${BELOW_HOLDS:+"$BELOW_HOLDS"} <"$ZC_TMP/go.$side" \
			>"$ZC_TMP/calls.$side" 2>"$ZC_TMP/calls.$side.err" &
		below_pid[$side]=$!
		zc_helper "${below_pid[$side]}"
		exec {below_go[$side]}>"$ZC_TMP/go.$side"
		zc_until 20 grep -qx ready "$ZC_TMP/calls.$side" || zc_fail "$(cat "$ZC_TMP/calls.$side.err")"
	done
}

# below_calls_end SIDE...: lets it make its calls; one line for each goes to $ZC_TMP/calls.SIDE.
below_calls_end()
{
	local side

	for side; do
		echo go >&"${below_go[$side]}"
		wait "${below_pid[$side]}" || zc_fail "calls on $side: $? $(cat "$ZC_TMP/calls.$side.err")"
	done
}

below_prepare()
{
	local dir

	for dir in "$ZC_BACK" "$ZC_TWIN"; do
		zc_do python3 "$BELOW_CALLS" prepare "$dir/work"
	done
	sync -f "$BELOW"
}

# below_same_answers [REGEXP]: every call was answered alike, but those whose names match.
below_same_answers()
{
	local but=${1:-^$}

	diff <(grep -vE "$but" "$ZC_TMP/calls.twin") <(grep -vE "$but" "$ZC_TMP/calls.mnt") >"$ZC_TMP/calls.diff" ||
		zc_fail "answers differ (<: plain directory, >: mount): $(cat "$ZC_TMP/calls.diff")"
	[ "$(wc -l <"$ZC_TMP/calls.mnt")" -gt 30 ] || zc_fail "too few calls were made"
}

# below_bad_blocks FILE...: from now on nothing can be stored in the blocks of these files: they are missing in the
# image, and there is no room to put them back. Everything else of the file system works. below_heal ends that.
below_bad_blocks()
{
	local file start length

	zc_need filefrag
	sync -f "$BELOW"
	fallocate -l "$(stat -c %s "$ZC_TMP/disk/image")" "$ZC_TMP/disk/image" || zc_fail "the image does not fit"
	# extents in bytes
	for file; do
		filefrag -b1 -v "$file" | awk -F '[.: \t]+' '$2 ~ /^[0-9]+$/ { print $5, $7 }' >"$ZC_TMP/extents"
		[ -s "$ZC_TMP/extents" ] || zc_fail "$file has no extents: $(filefrag -v "$file")"
		while read -r start length; do
			fallocate --punch-hole -o "$start" -l "$length" "$ZC_TMP/disk/image"
		done <"$ZC_TMP/extents"
	done
	dd if=/dev/zero of="$ZC_TMP/disk/filler" bs=4k 2>/dev/null
	[ "$(df --output=avail -k "$ZC_TMP/disk" | tail -n 1)" -eq 0 ] || zc_fail "the disk is not full"
}

below_heal()
{
	rm "$ZC_TMP/disk/filler"
}
