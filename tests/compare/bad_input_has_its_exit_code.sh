#!/bin/bash
# SPDX-License-Identifier: MIT
# What cannot be measured is said in one line with an exit code of its own, and nothing is left behind.
# Must not know what a measurement consists of.
# shellcheck source=tests/compare/begin.sh
. "$(dirname "$0")/begin.sh"
[ "$EUID" = 0 ] || skip "needs root"
[ -e /dev/fuse ] || skip "no /dev/fuse"

clean_up()
{
	umount -l small 2>/dev/null
}

self=("$ZCFS_COMPARE" --zcfs "$ZCFS" --repeats 3 --methods read+write-64k --routes file-to-file)

mkdir back small
random_file outside 100000
: >back/empty
echo text >file
refused 3 '^zcfs-compare: nowhere: .*\(ENOENT\)' "${self[@]}" --self nowhere
refused 2 '^zcfs-compare: file: not a directory' "${self[@]}" --self file
refused 3 '^zcfs-compare: back/none: .*\(ENOENT\)' "${self[@]}" --file back/none --self back
refused 4 '^zcfs-compare: back: not a regular file' "${self[@]}" --file back --self back
refused 4 '^zcfs-compare: back/empty: empty' "${self[@]}" --file back/empty --self back
refused 11 '^zcfs-compare: .*/back: cannot be mounted: .*No such file' "$ZCFS_COMPARE" --zcfs "$PWD/no-such-zcfs" --self back
refused 11 '^zcfs-compare: .*/back: cannot be mounted' "$ZCFS_COMPARE" --zcfs /bin/false --self back
[ "$(ls -A back)" = empty ] || fail "left: $(ls -A back)"

mount -t tmpfs -o size=4m,mode=755 zcfs-compare-test small || fail "no tmpfs"
refused 6 '^zcfs-compare: .*/small: too little room' "${self[@]}" --size 10M --self small
[ -z "$(ls -A small)" ] || fail "left: $(ls -A small)"
mount -o remount,ro small
refused 5 '^zcfs-compare: .*/small: .*\(EROFS\)' "${self[@]}" --size 10K --self small
umount small

# a file from elsewhere is taken as a copy, and is not touched
sum=$(sha256sum outside)
"${self[@]}" --file outside --self back >said 2>&1 || fail "$(tail -n 3 said)"
[ "$(sha256sum outside)" = "$sum" ] || fail "the source was changed"
[ "$(ls -A back)" = empty ] || fail "left: $(ls -A back)"

# another user
chmod 755 . back
refused 5 '^zcfs-compare: .*/back: .*\(EACCES\)' setpriv --reuid=65534 --regid=65534 --clear-groups \
	"$ZCFS_COMPARE" --zcfs "$ZCFS" --size 10K --self back
nothing_is_left
