#!/bin/bash
# SPDX-License-Identifier: MIT
# A directory that has as many directories in it as ext4 counts takes no more: EMLINK, for mkdir and rename, on the
# mount as in a plain directory. It must not know what a count beyond that means.
. "$(dirname "$0")/../lib/mount.sh"
. "$(dirname "$0")/below.sh"

zc_need debugfs
below_begin
below_image ext4 16 -O ^dir_nlink
mkdir "$ZC_BACK/full" "$ZC_TWIN/full"
umount "$BELOW"
# 64,998 directories would take their time
for side in back twin; do
	debugfs -w -R "set_inode_field /$side/full links_count 64998" "$ZC_TMP/disk/image" >/dev/null 2>&1
done
mount -o loop "$ZC_TMP/disk/image" "$BELOW"
zc_start
for side in mnt twin; do
	dir=$ZC_MNT
	[ "$side" = mnt ] || dir=$ZC_TWIN
	zc_do python3 - "$dir" >"$ZC_TMP/answers.$side" <<-'PYTHON'
	import errno, os, sys

	os.chdir(sys.argv[1])
	os.mkdir("other")

	def say(call, *args):
	    try:
	        call(*args)
	        answer = "ok"
	    except OSError as e:
	        answer = errno.errorcode[e.errno]
	    print(call.__name__, *args, answer, os.stat("full").st_nlink)

	for name in "abc":
	    say(os.mkdir, "full/" + name)
	say(os.rename, "other", "full/other")
	say(os.rmdir, "full/a")
	say(os.rename, "other", "full/other")
	say(os.mkdir, "full/b")
	PYTHON
done
diff "$ZC_TMP/answers.twin" "$ZC_TMP/answers.mnt" >"$ZC_TMP/answers.diff" || zc_fail "answers differ: $(cat "$ZC_TMP/answers.diff")"
grep -q EMLINK "$ZC_TMP/answers.mnt" || zc_fail "the limit was not reached: $(cat "$ZC_TMP/answers.mnt")"
cp /dev/null "$ZC_MNT/file"
zc_stop
