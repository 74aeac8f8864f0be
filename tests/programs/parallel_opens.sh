#!/bin/bash
# SPDX-License-Identifier: MIT
# Many processes that open one file read-only, writable, direct, appending, mapped, truncating, never see an error.
# It must not know how the daemon works. PARALLEL_OPENS is the helper that does the opening; given by Meson.
. "$(dirname "$0")/../lib/mount.sh"

zc_begin
# what the backing file system itself refuses is not the mount's fault
"${PARALLEL_OPENS:?is not set}" "$ZC_TWIN" 4 100 || zc_skip "not even a plain directory can do this (O_DIRECT?)"
zc_start
zc_quiet "$PARALLEL_OPENS" "$ZC_MNT" 48 800
zc_stop
[ "$(find "$ZC_BACK" -name 'own-*' | wc -l)" = 0 ] || zc_fail "unlinked files are still there"
# again right after a mount, many opens of an inode that nobody knows yet
for _ in 1 2 3; do
	zc_start
	zc_quiet "$PARALLEL_OPENS" "$ZC_MNT" 32 40
	zc_stop
done
