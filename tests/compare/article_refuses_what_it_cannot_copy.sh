#!/bin/bash
# SPDX-License-Identifier: MIT
# --article and files that it cannot copy: an exit code of its own and one line each; nothing is left or changed.
# Must not know how they are copied.
# shellcheck source=tests/compare/begin.sh
. "$(dirname "$0")/begin.sh"

article()
{
	refused "$1" "$2" "$ZCFS_COMPARE" --article "$3"
}

mkdir work
cd work || exit 1
random_file in 100000
sum=$(sha256sum in)

article 3 '^zcfs-compare: missing: .*\(ENOENT\)' missing
article 3 '\(ENOENT\)' no/such/directory
article 3 '\(ENOTDIR\)' in/in
article 2 '^zcfs-compare: --article : .*\(EINVAL\)' ''
ln -s loop loop
article 3 '\(ELOOP\)' loop
article 3 '\(ENAMETOOLONG\)' "$(printf 'x%.0s' {1..300})"
rm loop
mkdir dir
article 4 '^zcfs-compare: dir: .*\(EISDIR\)' dir
article 4 '\(EISDIR\)' .
rmdir dir
mkfifo fifo
article 4 'fifo: not a regular file \(EINVAL\)' fifo
rm fifo
article 4 'not a regular file' /dev/null
: >empty
article 4 'empty: an empty file' empty
rm empty
holds . in

# what is there stays as it is
echo mine >out
article 12 '^zcfs-compare: out: .*\(EEXIST\): move it away' in
holds . in out
mv out out1
article 12 '^zcfs-compare: out1: .*\(EEXIST\)' in
holds . in out1
[ "$(cat out1)" = mine ] || fail "out1 was overwritten"
rm out1
ln -s elsewhere out
article 12 '\(EEXIST\)' in
holds . in out
rm out
cp in out
article 12 '^zcfs-compare: \./out: ' ./out
rm out

# a buffer of the whole file is more than any memory
truncate -s 64T huge 2>/dev/null || truncate -s 15T huge 2>/dev/null || fail "no sparse file"
article 10 'huge: not enough memory .*\(ENOMEM\): use a file of less than' huge
rm huge

# a limit of file sizes (blocks of 1 KiB)
# shellcheck disable=SC2016 # the inner shell's
refused 6 '\(EFBIG\): .*ulimit -f' bash -c 'ulimit -f 50; exec "$0" --article in' "$ZCFS_COMPARE"
holds . in
[ "$(sha256sum in)" = "$sum" ] || fail "in was changed"

# somebody who may not
if [ "$EUID" = 0 ]; then
	chmod 755 "$tmp"
	chmod 600 in
	as_nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups)
	refused 5 '^zcfs-compare: in: cannot be opened \(EACCES\)' "${as_nobody[@]}" "$ZCFS_COMPARE" --article in
	chmod 644 in
	refused 5 '^zcfs-compare: out: cannot be made \(EACCES\)' "${as_nobody[@]}" "$ZCFS_COMPARE" --article in
	holds . in

	# file systems that are full or read-only
	mkdir small
	clean_up()
	{
		umount -l small 2>/dev/null
	}
	mount -t tmpfs -o size=1m zc-compare small || fail "no tmpfs"
	random_file small/in 400000
	article 6 '^zcfs-compare: small/out1: cannot be written \(ENOSPC\): free some space' small/in
	holds small in
	random_file small/in 800000
	article 6 '^zcfs-compare: small/out: cannot be written \(ENOSPC\)' small/in
	holds small in
	mount -o remount,ro small || fail "no read-only tmpfs"
	article 5 '^zcfs-compare: small/out: cannot be made \(EROFS\)' small/in
	holds small in
	umount small || fail "cannot unmount"
fi

# standard output that takes nothing
timeout 60 "$ZCFS_COMPARE" --article in >/dev/full 2>said
[ $? = 6 ] || fail "/dev/full: $(cat said)"
exit 0
