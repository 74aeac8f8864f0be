#!/bin/bash
# SPDX-License-Identifier: MIT
# --help and --version print to stdout, exit 0, and --help names every option there is.
# It must not know how the daemon works.
. "$(dirname "$0")/../lib/mount.sh"

# prints FLAG: exit code 0, nothing on stderr -> $ZC_TMP/out
prints()
{
	timeout -k 5 10 "$ZCFS" "$@" >"$ZC_TMP/out" 2>"$ZC_TMP/err" || zc_fail "zcfs $*: exit code $?"
	[ ! -s "$ZC_TMP/err" ] || zc_fail "zcfs $*: stderr: $(cat "$ZC_TMP/err")"
	[ -s "$ZC_TMP/out" ] || zc_fail "zcfs $* prints nothing"
}

zc_begin
for flag in --version -V; do
	prints "$flag"
	grep -qE '^zcfs [0-9]+\.[0-9]+' "$ZC_TMP/out" || zc_fail "zcfs $flag: $(cat "$ZC_TMP/out")"
	grep -qi 'libfuse.* 3\.[0-9]' "$ZC_TMP/out" || zc_fail "zcfs $flag does not name libfuse's version"
done
prints -h
mv "$ZC_TMP/out" "$ZC_TMP/short"
prints --help
cmp "$ZC_TMP/short" "$ZC_TMP/out" || zc_fail "-h and --help differ"
head -n 3 "$ZC_TMP/out" | grep -q 'zcfs .*BACKING MOUNTPOINT' || zc_fail "--help does not begin with the usage"
for option in -f -d --help --version plane= timeout= entry_timeout= attr_timeout= negative_timeout= stats= ro \
	noexec nosuid nodev allow_other fsname= auto_unmount default_permissions nonempty \
	passthrough splice copy auto; do
	grep -qE -- "(^|[ ,|:(])$option" "$ZC_TMP/out" || zc_fail "--help does not tell of $option"
done
# every option that --help shows is one that zcfs takes: with it, and no arguments, the complaint is about those
shown=0
while read -r option; do
	timeout -k 5 10 "$ZCFS" -o "$option" 2>&1 | grep -qi unknown && zc_fail "--help shows $option, which is unknown"
	shown=$((shown + 1))
done < <(sed -n 's/^  -o \([a-z_]*=\{0,1\}\)[A-Z]* .*/\1/p' "$ZC_TMP/out" | sed 's/=$/=1/')
[ "$shown" -ge 15 ] || zc_fail "only $shown -o options are recognized in --help"
[ "$(awk 'length > 120' "$ZC_TMP/out")" = '' ] || zc_fail "--help has lines of more than 120 characters"
# help wins over a mistake elsewhere, and mounts nothing
prints --help "$ZC_BACK" "$ZC_MNT"
zc_not_mounted "$ZC_MNT" || zc_fail "--help mounted something"
