#!/bin/bash
# SPDX-License-Identifier: MIT
# A position in a merged directory of overlayfs counts entries, and only for the fd that gave it: a reader who pauses
# while entries go still sees all that stay. It must not know how long the daemon keeps an fd otherwise.
. "$(dirname "$0")/../lib/mount.sh"

zc_need python3
zc_need_root
zc_begin
mkdir "$ZC_TMP/layers"
mount -t tmpfs zcfs-test "$ZC_TMP/layers" || zc_skip "no tmpfs here"
mkdir -p "$ZC_TMP"/layers/{lower/d,upper/d,work}
touch "$ZC_TMP"/layers/lower/d/lower-1 "$ZC_TMP"/layers/upper/d/upper-{1..4000}
mount -t overlay zcfs-test "$ZC_BACK" -o \
	"lowerdir=$ZC_TMP/layers/lower,upperdir=$ZC_TMP/layers/upper,workdir=$ZC_TMP/layers/work" ||
	zc_skip "no overlayfs here"
zc_start
zc_do python3 - "$ZC_MNT/d" <<-'PYTHON'
	import os, sys, time

	path = sys.argv[1]
	seen, removed = set(), set()
	with os.scandir(path) as entries:
	    for entry in entries:
	        seen.add(entry.name)
	        if len(seen) <= 200:
	            os.unlink(os.path.join(path, entry.name))
	            removed.add(entry.name)
	        if len(seen) == 300:
	            time.sleep(8)
	there = {"lower-1"} | {"upper-%d" % n for n in range(1, 4001)}
	missed = sorted(there - removed - seen)
	sys.exit("%d entries were missed, %s among them" % (len(missed), missed[0]) if missed else 0)
PYTHON
zc_do touch "$ZC_MNT/file"
zc_do cat "$ZC_MNT/file"
zc_stop
