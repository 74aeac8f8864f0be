#!/bin/bash
# SPDX-License-Identifier: MIT
# Ctrl-C, a mount that goes away and a source that changes in the middle: an exit code each, nothing left behind.
# Must not know where in the middle.
# shellcheck source=tests/compare/begin.sh
. "$(dirname "$0")/begin.sh"
[ "$EUID" = 0 ] || skip "needs root"
[ -e /dev/fuse ] || skip "no /dev/fuse"

tool=
clean_up()
{
	[ -z "$tool" ] || kill -KILL "$tool" 2>/dev/null
	pkill -KILL -f "$PWD/back" 2>/dev/null
	umount -l mnt 2>/dev/null
}

# begin ARGUMENT...: runs until the first copies have been made
begin()
{
	: >complained
	"$ZCFS_COMPARE" --repeats 99 --verbose "$@" >said 2>complained &
	tool=$!
	for ((i = 0; i < 3000; i++)); do
		[ "$(grep -c '^file-to-file: ' complained)" -gt 3 ] && return
		kill -0 "$tool" 2>/dev/null || fail "ended: $(cat complained)"
		sleep 0.02
	done
	fail "does not begin: $(cat complained)"
}

# ends CODE REGEX LEFT: what is then in back/
ends()
{
	local code

	for ((i = 0; i < 3000; i++)); do
		kill -0 "$tool" 2>/dev/null || break
		sleep 0.02
	done
	wait "$tool"
	code=$?
	tool=
	[ "$code" = "$1" ] || fail "exit code $code, not $1: $(tail -n 3 complained)"
	tail -n 1 complained | grep -qE "$2" || fail "$(tail -n 3 complained)"
	[ -s said ] && fail "says $(cat said)"
	[ "$(ls -A back)" = "$3" ] || fail "left: $(ls -A back)"
	nothing_is_left
}

mkdir back mnt
for signal in INT TERM HUP; do
	begin --zcfs "$ZCFS" --size 8M --self "$PWD/back"
	kill -"$signal" "$tool"
	ends 130 '^zcfs-compare: .*: interrupted: nothing is left behind' ''
done

"$ZCFS" -f -o plane=splice back mnt 2>log &
daemon=$!
for ((i = 0; i < 600; i++)); do
	mountpoint -q mnt && break
	sleep 0.05
done
begin --size 8M back mnt
kill -KILL "$daemon"
wait "$daemon" 2>/dev/null
umount -l mnt
ends 7 '^zcfs-compare: .*: .*\((ENOTCONN|ECONNABORTED)\)' ''

random_file back/mine 8000000
begin --zcfs "$ZCFS" --file back/mine --self "$PWD/back"
printf x >>back/mine
ends 8 '^zcfs-compare: .*/back/mine: changed while it was copied' mine
