#!/bin/bash
# SPDX-License-Identifier: MIT
# Empty, very long and oddly written names are refused in one line, or served where they exist.
# It must not know how the daemon works.
. "$(dirname "$0")/../lib/mount.sh"
. "$(dirname "$0")/refused.sh"

zc_need_root
zc_begin
refused '2|3' '*' '' "$ZC_MNT"
refused '2|6' '*' "$ZC_BACK" ''
refused '2|3' '*' '' ''
refused 2 '*' -o '' ''
long=$(printf 'n%.0s' {1..300})
longer=$(printf '/nnnnnnnnn%.0s' {1..500})
longest=$(printf 'n%.0s' {1..100000})
for name in "$long" "$longer" "$longest"; do
	refused '3|12' '*' "$name" "$ZC_MNT"
	refused '6|12' '*' "$ZC_BACK" "$name"
	refused 2 '*' -o "$name" "$ZC_BACK" "$ZC_MNT"
	refused 2 '*' -o "plane=$name" "$ZC_BACK" "$ZC_MNT"
	refused 2 '*' -o "timeout=$name" "$ZC_BACK" "$ZC_MNT"
done
refused 3 '*' "$(printf 'two\nlines')" "$ZC_MNT"
refused 6 '*' "$ZC_BACK" "$(printf 'escape\033[31m and \r return')"
refused 3 '*' '%s%n%s' "$ZC_MNT"
refused 2 '*' -o '%s%n%s' "$ZC_BACK" "$ZC_MNT"
refused_end

# names that exist: served, and shown by the kernel as they are
number=0
for name in 'with space' 'comma,in=it' 'back\slash' "$(printf 'new\nline')" "$(printf '\303\244 \377')" '%s%n' \
	'-dash' '(EIO): x' "$(printf 'n%.0s' {1..255})"; do
	number=$((number + 1))
	ZC_BACK=$ZC_TMP/b$number/$name
	ZC_MNT=$ZC_TMP/m$number/$name
	mkdir -p "$ZC_BACK" "$ZC_MNT"
	echo content >"$ZC_BACK/file"
	timeout -k 5 30 "$ZCFS" "$ZC_BACK" "$ZC_MNT" >"$ZC_LOG" 2>&1 || zc_fail "exit status $? for $name"
	[ "$(wc -l <"$ZC_LOG")" = 1 ] || zc_fail "not one line at start for $name"
	[ "$(timeout 10 cat "$ZC_MNT/file")" = content ] || zc_fail "$name is not served"
	[ "$(findmnt -n -o SOURCE --target "$ZC_MNT" | head -n 1)" ] || zc_fail "findmnt does not show $name"
	ZC_PID=$(zc_daemons)
	ZC_CHILD=
	zc_do umount "$ZC_MNT"
	[ -z "$ZC_PID" ] || zc_until 20 zc_gone "$ZC_PID" || zc_fail "the daemon for $name is still there"
	mountpoint -q "$ZC_MNT" && zc_fail "$name is still mounted"
done
zc_check_logs
