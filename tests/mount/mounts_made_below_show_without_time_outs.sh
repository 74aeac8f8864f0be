#!/bin/bash
# SPDX-License-Identifier: MIT
# What is mounted or unmounted below the backing directory while the kernel believes names without a limit: it shows, and
# what is changed on it too, whether that file system tells of changes or not (another FUSE mount). It must not know how
# the daemon learns of mounts.
. "$(dirname "$0")/../lib/mount.sh"

zc_need_root
zc_begin
name='a dir with \ and blanks'
mkdir "$ZC_BACK/$name" "$ZC_BACK/fuse" "$ZC_TMP/inner"
echo covered >"$ZC_BACK/$name/covered"
zc_start
grep -q 'changes below show at once' "$ZC_LOG" || zc_skip "no events here: $(tail -n 1 "$ZC_LOG")"
shows()
{
	[ -e "$ZC_MNT/$name/$1" ]
}
shows_not()
{
	! shows "$1"
}
zc_quiet cat "$ZC_MNT/$name/covered" >/dev/null
shows top && zc_fail "there is a name that nobody made"
for round in 1 2; do
	mount -t tmpfs zcfs-test "$ZC_BACK/$name" || zc_skip "no tmpfs can be mounted"
	zc_until 10 shows_not covered || zc_fail "the directory below a new mount still shows, round $round"
	echo top >"$ZC_BACK/$name/top"
	zc_until 10 shows top || zc_fail "a file made on a new mount does not show, round $round"
	umount -l "$ZC_BACK/$name"
	zc_until 10 shows covered || zc_fail "an unmounted directory does not show again, round $round"
	zc_until 10 shows_not top || zc_fail "a file on an unmounted file system shows, round $round"
done

# One that tells of no changes: by time-outs there, at once elsewhere.
ZC_EXPECTED='cannot be watched'
"$ZCFS" -f -o coherence=timeout "$ZC_TMP/inner" "$ZC_BACK/fuse" >"$ZC_TMP/inner.log" 2>&1 &
zc_helper $!
zc_until 20 zc_mounted "$ZC_BACK/fuse" || zc_fail "the nested mount does not come up"
has()
{
	[ "$(stat -c %s "$ZC_MNT/fuse/file" 2>/dev/null)" = "${#1}" ]
}
for content in one three; do
	printf %s "$content" >"$ZC_TMP/inner/file"
	zc_until 10 has "$content" || zc_fail "$content does not show on a file system without events"
done
grep -q 'cannot be watched' "$ZC_LOG" || zc_fail "no word of a file system without events"
asks()
{
	zc_stats
	echo $(($(zc_counter request.lookup) + $(zc_counter request.getattr)))
}
known_still()
{
	local before

	zc_quiet stat "$ZC_MNT/$name/covered" >/dev/null
	sleep 1.1
	before=$(asks)
	zc_quiet stat "$ZC_MNT/$name/covered" >/dev/null
	[ "$(asks)" = "$before" ]
}
zc_until 20 known_still || zc_fail "time-outs apply to all since one mount below gives no events"
zc_stop
