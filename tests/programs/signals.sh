#!/bin/bash
# SPDX-License-Identifier: MIT
# SIGTERM, SIGINT, SIGHUP and umount end the daemon and the mount, idle, busy and under load; a busy umount harms
# nothing.
# It must not know how the daemon works.
. "$(dirname "$0")/../lib/mount.sh"

# hold: a process with its current directory and an open file on the mount; sets HOLDER
hold()
{
	(cd "$ZC_MNT/dir" && exec sleep 300 9<file) &
	HOLDER=$!
	zc_helper $HOLDER
	zc_until 10 holds || zc_fail "the holder does not start"
}

holds()
{
	[ "$(readlink "/proc/$HOLDER/fd/9")" = "$ZC_MNT/dir/file" ]
}

let_go()
{
	kill "$HOLDER"
	wait "$HOLDER" 2>/dev/null
}

works()
{
	[ "$(timeout 10 cat "$ZC_MNT/dir/file")" = content ] || zc_fail "the mount does not work"
	zc_do cp "$ZC_MNT/dir/file" "$ZC_MNT/dir/new"
	zc_do rm "$ZC_MNT/dir/new"
}

signals_end_it()
{
	local start signal

	for start in zc_start zc_start_background; do
		for signal in TERM INT HUP; do
			"$start"
			works
			kill "-$signal" "$ZC_PID"
			zc_ended
			[ -s "$ZC_STATS" ] || zc_fail "no counters were written at exit after SIG$signal"
			zc_check_plane
			zc_check_logs
		done
	done
}

# The process that uses the mount sees an error from then on; it is not left hanging.
signals_end_it_busy()
{
	local signal

	for signal in TERM INT HUP; do
		zc_start
		hold
		kill "-$signal" "$ZC_PID"
		zc_ended
		grep -qiE '^zcfs: .*(busy|in use|still us)' "$ZC_LOG" || zc_fail "SIG$signal while busy: no clear message"
		zc_alive "$HOLDER" || zc_fail "the holder died"
		timeout 10 cat "/proc/$HOLDER/cwd/file" >/dev/null 2>&1 && zc_fail "the mount still answers"
		[ $? != 124 ] || zc_fail "the dead mount hangs"
		let_go
	done
	zc_start_background
	hold
	kill -TERM "$ZC_PID"
	zc_ended
	let_go
}

all_loads_are_there()
{
	[ -s "$ZC_BACK/load1" ] && [ -s "$ZC_BACK/load2" ] && [ -s "$ZC_BACK/load3" ]
}

# More than one signal at once, while files are opened, written and read: all of it ends with an error (an open
# passthrough file would go on, so the load opens again and again, by a name relative to the mount)
signals_under_load()
{
	# shellcheck disable=SC2016 # for the inner shell
	local pids=() i writer='cd "$1" && while head -c 500000 /dev/zero >"$2"; do :; done' \
		reader='cd "$1" && while cat "$2"; do :; done'

	ZC_EXPECTED='\(EBUSY\)'
	zc_start
	for i in 1 2 3; do
		timeout -k 5 60 bash -c "$writer" - "$ZC_MNT" "load$i" 2>/dev/null &
		pids+=($!)
		timeout -k 5 60 bash -c "$reader" - "$ZC_MNT/dir" file >/dev/null 2>&1 &
		pids+=($!)
	done
	# each is on the mount before it goes, for what comes later would write below it
	zc_until 20 all_loads_are_there || zc_fail "no load"
	kill -TERM "$ZC_PID"
	kill -INT "$ZC_PID" 2>/dev/null
	zc_ended
	for i in "${pids[@]}"; do
		zc_until 20 zc_gone "$i" || zc_fail "a process hangs on the mount that is gone"
		wait "$i" 2>/dev/null
	done
	rm -f "$ZC_BACK"/load*
	[ "$(grep -c EBUSY "$ZC_LOG")" -le 1 ] || zc_fail "says more than once that the mount is busy"
	zc_check_logs
	ZC_EXPECTED='^$'
}

umount_busy_is_harmless()
{
	zc_start
	hold
	timeout 20 umount "$ZC_MNT" 2>"$ZC_TMP/umount.err" && zc_fail "umount took a busy mount away"
	grep -q busy "$ZC_TMP/umount.err" || zc_fail "umount while busy: $(cat "$ZC_TMP/umount.err")"
	zc_mounted "$ZC_MNT" || zc_fail "the mount is gone"
	works
	kill -USR1 "$ZC_PID"
	works
	let_go
	zc_do umount "$ZC_MNT"
	zc_ended
	zc_check_logs
}

umount_ends_it()
{
	zc_start_background
	works
	zc_do umount "$ZC_MNT"
	zc_ended
	zc_start
	hold
	zc_do umount -l "$ZC_MNT"
	zc_alive "$ZC_PID" || zc_fail "umount -l ended the daemon while a file is open"
	[ "$(timeout 10 cat "/proc/$HOLDER/cwd/file")" = content ] || zc_fail "the holder cannot read after umount -l"
	let_go
	zc_ended
}

# A caller that reads the output to its end must get that end: the daemon lets go of the standard streams.
background_lets_go()
{
	timeout -k 5 30 "$ZCFS" -o "plane=$ZC_PLANE" "$ZC_BACK" "$ZC_MNT" 2>&1 | timeout 10 cat >"$ZC_TMP/said" ||
		zc_fail "the background daemon keeps the standard streams"
	[ "$(wc -l <"$ZC_TMP/said")" = 1 ] || zc_fail "not one line at start: $(cat "$ZC_TMP/said")"
	ZC_PID=$(zc_daemons)
	ZC_CHILD=
	[ "$(readlink "/proc/$ZC_PID/cwd")" = / ] || zc_fail "the daemon's directory is not / but would be kept busy"
	works
	kill -TERM "$ZC_PID"
	zc_ended
}

zc_need_root
zc_begin
mkdir "$ZC_BACK/dir"
echo content >"$ZC_BACK/dir/file"
signals_end_it
signals_end_it_busy
signals_under_load
umount_busy_is_harmless
umount_ends_it
background_lets_go
[ -z "$(zc_daemons)" ] || zc_fail "a daemon is left: $(zc_daemons)"
