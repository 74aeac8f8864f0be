#!/bin/bash
# SPDX-License-Identifier: MIT
# File capabilities of a nested mount that is nosuid, and programs of one that is noexec, get no power through ours,
# which allows both. It must not know how that is done.
. "$(dirname "$0")/../lib/mount.sh"

zc_need_root
zc_need setpriv setcap
zc_begin
echo secret >"$ZC_TMP/secret"
chmod 600 "$ZC_TMP/secret"
mkdir "$ZC_BACK/nosuid" "$ZC_BACK/noexec" "$ZC_BACK/loose"
mount -t tmpfs -o nosuid zcfs-test "$ZC_BACK/nosuid" || zc_skip "no tmpfs here"
mount -t tmpfs -o noexec zcfs-test "$ZC_BACK/noexec" || zc_skip "no tmpfs here"
mount -t tmpfs zcfs-test "$ZC_BACK/loose" || zc_skip "no tmpfs here"
for dir in nosuid noexec loose; do
	cp /bin/cat "$ZC_BACK/$dir/program"
	setcap cap_dac_read_search=ep "$ZC_BACK/$dir/program" || zc_skip "no file capabilities on tmpfs here"
done
zc_start
# what allows both shows that the program has its power at all
[ "$(zc_as_nobody "$ZC_MNT/loose/program" "$ZC_TMP/secret")" = secret ] ||
	zc_fail "the capability has no effect where it may"
[ "$(zc_as_nobody "$ZC_MNT/nosuid/program" "$ZC_MNT/nosuid/program" | head -c 4)" = $'\x7fELF' ] ||
	zc_fail "the program on nosuid does not run"
zc_as_nobody "$ZC_BACK/nosuid/program" "$ZC_TMP/secret" >/dev/null 2>&1 &&
	zc_fail "nosuid has no effect even without zcfs"
zc_as_nobody "$ZC_MNT/nosuid/program" "$ZC_TMP/secret" >/dev/null 2>&1 &&
	zc_fail "the capability came to power in spite of nosuid"
for who in zc_as_nobody 'timeout 10'; do
	$who "$ZC_MNT/noexec/program" /dev/null 2>/dev/null
	[ $? = 126 ] || zc_fail "$who: a program was run in spite of noexec"
done
zc_do cmp "$ZC_BACK/noexec/program" "$ZC_MNT/noexec/program"
zc_stop
