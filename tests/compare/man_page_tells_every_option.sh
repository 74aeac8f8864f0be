#!/bin/bash
# SPDX-License-Identifier: MIT
# zcfs-compare(1) names every option of --help, every method, route and plane of --list, every exit code, with the
# defaults of --help, and is lint-clean. Must not know any of these: the program tells them.
# shellcheck source=tests/compare/begin.sh
page=$(cd "$(dirname "$0")/../.." && pwd)/mount-helpers/man/zcfs-compare.1
. "$(dirname "$0")/begin.sh"
help=$("$ZCFS_COMPARE" --help) || fail "--help"
list=$("$ZCFS_COMPARE" --list) || fail "--list"
status=0

missing()
{
	echo "FAIL: the man page does not tell $1"
	status=1
}

# the page without its markup
plain=$(sed -E 's/^\.//; s/\bFl -/--/g; s/\b(Cm|Ns|Ar|Pa) //g' "$page")
options=$(grep -oE '^  --[a-z]+' <<<"$help" | sed 's/^  -//')
[ "$(wc -l <<<"$options")" -gt 15 ] || fail "--help lists too few options"
while read -r option; do
	grep -qE "^\.It Fl (. , Fl )?$option( |$)" "$page" || missing "-$option"
done <<<"$options"
while read -r default; do
	grep -qE "[Dd]efault $default( |\.|,|$)" <<<"$plain" || missing "the default $default"
done < <(grep -oE '\([0-9]+[A-Z]?\)$' <<<"$help" | tr -d '()')
while read -r name; do
	grep -qF -- "$name" <<<"$plain" || missing "$name"
done < <(grep -oE '^  .{22}' <<<"$list" | sed 's/^  //; s/ *$//')
while read -r code meaning; do
	grep -qx ".It $code" "$page" || missing "exit code $code"
	grep -qiF -- "$meaning" <<<"$(tr '\n' ' ' <<<"$plain")" || missing "exit code $code as: $meaning"
done < <(sed '1,/^Exit codes:/d' <<<"$help")

if command -v mandoc >/dev/null; then
	lint=$(mandoc -Tlint -Wstyle "$page" 2>/dev/null | grep -vE 'outdated mandoc.db|referenced manual not found')
	[ -z "$lint" ] || { echo "$lint"; missing "it in clean mdoc"; }
else
	man --warnings -E UTF-8 -l "$page" 2>&1 >/dev/null | grep . && missing "it in clean roff"
fi
exit $status
