#!/bin/bash
# SPDX-License-Identifier: MIT
# While the backing file system is frozen, whoever changes something on the mount waits, as in a plain directory;
# readers do not; and after the thaw all that waited is done. It must not know how long that takes.
. "$(dirname "$0")/../lib/mount.sh"
. "$(dirname "$0")/below.sh"

# in the background: each of these changes something
changes()
{
	local dir=$1/work

	timeout 60 cp "$dir/file" "$dir/copy" & waiting+=($!)
	timeout 60 mkdir "$dir/dir/new" & waiting+=($!)
	timeout 60 mv "$dir/old" "$dir/renamed" & waiting+=($!)
	timeout 60 rm "$dir/gone" & waiting+=($!)
	timeout 60 chmod 600 "$dir/mode" & waiting+=($!)
	timeout 60 dd if=/dev/zero of="$dir/held" bs=64k count=4 conv=notrunc,fsync status=none & waiting+=($!)
	timeout 60 setfattr -n user.a -v b "$dir/xattr" & waiting+=($!)
	timeout 60 truncate -s 100 "$dir/short" & waiting+=($!)
}

ZC_LIMIT=10
zc_need fsfreeze setfattr
below_begin
below_image ext4 32
for dir in "$ZC_BACK" "$ZC_TWIN"; do
	mkdir "$dir/quiet" "$dir/work" "$dir/work/dir"
	for name in quiet/file quiet/other work/file work/old work/gone work/mode work/held work/xattr work/short; do
		head -c 300000 /dev/zero >"$dir/$name"
	done
done
waiting=()
zc_start
zc_do fsfreeze --freeze "$BELOW"
changes "$ZC_MNT"
changes "$ZC_TWIN"
zc_until 1 false
# Elsewhere than where the changes are made: what waits on a FUSE mount holds its directory's lock (filename_create
# and others take it before the file system is asked), so there lookups and listings wait with it.
for dir in "$ZC_MNT" "$ZC_TWIN"; do
	zc_do cmp "$dir/quiet/file" "$dir/quiet/other"
	zc_do ls -l "$dir/quiet" >/dev/null
done
for dir in "$ZC_BACK" "$ZC_TWIN"; do
	[ ! -e "$dir/work/dir/new" ] && [ -e "$dir/work/old" ] && [ -e "$dir/work/gone" ] ||
		zc_fail "$dir was changed while frozen"
done
for pid in "${waiting[@]}"; do
	zc_alive "$pid" || zc_fail "one did not wait"
done
zc_do fsfreeze --unfreeze "$BELOW"
for pid in "${waiting[@]}"; do
	wait "$pid" || zc_fail "one that waited failed"
done
zc_same "$ZC_TWIN" "$ZC_MNT" "$ZC_BACK" -- nomtime
zc_stop
