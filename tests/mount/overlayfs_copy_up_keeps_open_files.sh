#!/bin/bash
# SPDX-License-Identifier: MIT
# On overlayfs a file that is copied up by a write stays the same inode for a program that had it open before.
# It must not know how the daemon names inodes.
. "$(dirname "$0")/../lib/mount.sh"

zc_need_root
zc_need python3
zc_begin
mkdir "$ZC_TMP/lower" "$ZC_TMP/upper" "$ZC_TMP/work"
echo low >"$ZC_TMP/lower/file"
mount -t overlay zcfs-test -o "lowerdir=$ZC_TMP/lower,upperdir=$ZC_TMP/upper,workdir=$ZC_TMP/work" "$ZC_BACK" ||
	zc_skip "no overlayfs here"
zc_start timeout=0
grep -q 'overlayfs, stack depth 2' "$ZC_LOG" || zc_fail "the stack depth was not chosen for overlayfs"
# longer than idle file descriptors are kept
zc_do python3 - "$ZC_MNT/file" <<'PYTHON' || exit 1
import os, sys, time
reader = os.open(sys.argv[1], os.O_RDONLY)
writer = os.open(sys.argv[1], os.O_WRONLY | os.O_APPEND)
os.write(writer, b"more\n")
os.close(writer)
time.sleep(8)
assert os.fstat(reader).st_ino == os.stat(sys.argv[1]).st_ino
assert os.stat(sys.argv[1]).st_size == 9
os.close(reader)
PYTHON
zc_do cmp "$ZC_BACK/file" "$ZC_MNT/file"
zc_stop
