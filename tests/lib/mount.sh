# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Sourced by every shell test: starts a daemon on a temporary tree, reads its counters, compares trees, cleans up.
# It must not know any single test, nor more of the daemon than its command line, counters file and messages.
#
# A test says zc_begin, zc_start [OPTION...], does its work, zc_stop. Any other way out (failure, signal,
# zc_skip) goes through the same clean-up: no mount, no process and no file of the test is left.
#   ZCFS       the daemon; given by Meson            ZC_PLANE  plane to ask for and to insist on (default: auto)
#   ZC_OPTIONS further options of zcfs, as transport=uring
#   ZC_BACK    backing directory    ZC_MNT  mount    ZC_TWIN   plain directory, for the same work without zcfs
#   ZC_TMP     scratch around them  ZC_LOG  output   ZC_PID    the daemon's process id
#   ZC_AS      command prefix for the daemon, e.g. ZC_AS=(prlimit --nofile=1024:1024); has to exec, not fork
#   ZC_EXPECTED  regular expression of complaints in the log that the test provokes (default: none)
#   ZC_SETID   how many opens for writing of setuid and setgid files the test makes: where passthrough serves, these
#              go by splice, so that the bits are cleared (default 0)
#   ZC_AT_END  a function of the test to call when it is cleaned up, before directories are removed
#   ZC_LIMIT   seconds that one zc_do may take (default 120)

set -u
export LC_ALL=C
umask 022
: "${ZCFS:?is not set: the path of the zcfs binary}"
ZC_PLANE=${ZC_PLANE:-auto}
ZC_LIMIT=${ZC_LIMIT:-120}
ZC_EXPECTED='^$'
ZC_SETID=0
ZC_AT_END=:
ZC_AS=()
ZC_PID=
ZC_CHILD=
ZC_HELPERS=()
ZC_TMP=

zc_fail()
{
	echo "FAIL: $*"
	if [ -n "$ZC_TMP" ] && [ -s "$ZC_LOG" ]; then
		sed 's/^/    daemon: /' "$ZC_LOG"
	fi
	exit 1
}

zc_skip()
{
	echo "SKIP: $*"
	exit 77
}

# zc_need COMMAND...: skips the test where one of them is not installed.
zc_need()
{
	local name

	for name; do
		command -v "$name" >/dev/null || zc_skip "$name is not installed"
	done
}

zc_need_root()
{
	[ "$EUID" = 0 ] || zc_skip "needs root"
}

# zc_as_nobody COMMAND...: as a user without any power, for ten seconds at most.
zc_as_nobody()
{
	setpriv --reuid=65534 --regid=65534 --clear-groups timeout 10 "$@"
}

# zc_do COMMAND...: runs it with a time limit; its failure is the test's failure.
zc_do()
{
	local status=0

	timeout -k 5 "$ZC_LIMIT" "$@" || status=$?
	[ "$status" != 124 ] || zc_fail "no end within $ZC_LIMIT s: $*"
	[ "$status" = 0 ] || zc_fail "exit status $status: $*"
}

# zc_quiet COMMAND...: like zc_do, and a single line on stderr is a failure too.
zc_quiet()
{
	local status=0 err=$ZC_TMP/quiet.err

	timeout -k 5 "$ZC_LIMIT" "$@" 2>"$err" || status=$?
	if [ "$status" != 0 ] || [ -s "$err" ]; then
		zc_fail "exit status $status: $*: $(head -n 5 "$err")"
	fi
}

# zc_until SECONDS COMMAND...: true as soon as COMMAND is, false when the time is over.
zc_until()
{
	local end=$((EPOCHSECONDS + $1))

	shift
	until "$@"; do
		[ "$EPOCHSECONDS" -le "$end" ] || return 1
		sleep 0.02
	done
}

zc_alive()
{
	[ -n "$1" ] && [ -e "/proc/$1" ] && ! grep -q '^State:.[ZX]' "/proc/$1/status" 2>/dev/null
}

zc_gone()
{
	! zc_alive "$1"
}

# zc_mounted DIR: is something mounted right there? Asks no file system.
zc_mounted()
{
	awk -v dir="$1" '$5 == dir { found = 1 } END { exit !found }' /proc/self/mountinfo
}

zc_not_mounted()
{
	! zc_mounted "$1"
}

# zc_begin: the temporary tree, and the promise to clean it up. zc_begin_in PARENT: elsewhere.
zc_begin()
{
	zc_begin_in "${TMPDIR:-/tmp}"
}

zc_begin_in()
{
	ZC_TMP=$(mktemp -d "$1/zcfs-test.XXXXXX") || exit 1
	ZC_TMP=$(realpath "$ZC_TMP")
	chmod 755 "$ZC_TMP"
	ZC_BACK=$ZC_TMP/back
	ZC_MNT=$ZC_TMP/mnt
	ZC_TWIN=$ZC_TMP/twin
	ZC_LOG=$ZC_TMP/log
	ZC_STATS=$ZC_TMP/stats/counters
	mkdir "$ZC_BACK" "$ZC_MNT" "$ZC_TWIN" "$ZC_TMP/stats"
	: >"$ZC_LOG"
	ZC_KERNEL_MARK=$(dmesg 2>/dev/null | tail -n 1)
	trap zc_cleanup EXIT
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 143' TERM
}

# zc_roomy GIB: a parent for zc_begin_in in memory, where there is one with so much room and as much to spare.
zc_roomy()
{
	local room memory

	room=$(df --output=avail -k /dev/shm 2>/dev/null | tail -n 1)
	memory=$(awk '/^MemAvailable/ { print $2 }' /proc/meminfo)
	if [ "$(stat -f -c %T /dev/shm)" = tmpfs ] && [ "${room:-0}" -gt $(($1 << 20)) ] &&
		[ "$memory" -gt $(($1 << 21)) ]; then
		echo /dev/shm
	else
		echo "${TMPDIR:-/tmp}"
	fi
}

# zc_helper PID: a process of the test's own (a server) to be ended with the test.
zc_helper()
{
	ZC_HELPERS+=("$1")
}

# zc_stop_process PID: it stands still when this returns, every thread of it: one that is still running would serve
# one more request.
zc_stop_process()
{
	kill -STOP "$1"
	zc_until 20 zc_stands "$1" || zc_fail "process $1 does not stop"
}

zc_stands()
{
	! cat "/proc/$1"/task/*/status 2>/dev/null | grep '^State:' | grep -qv 'T (stopped)'
}

zc_end_process()
{
	zc_alive "$1" || return 0
	kill -TERM "$1" 2>/dev/null
	zc_until "$2" zc_gone "$1" || kill -KILL "$1" 2>/dev/null
}

zc_cleanup()
{
	local status=$? pid dir

	trap - EXIT
	trap '' HUP INT TERM
	cd /
	for pid in ${ZC_HELPERS[@]+"${ZC_HELPERS[@]}"}; do
		zc_end_process "$pid" 3
	done
	if [ -n "$ZC_PID" ]; then
		zc_end_process "$ZC_PID" 5
	fi
	$ZC_AT_END
	while read -r dir; do
		umount -l "$(printf '%b' "$dir")"
	done < <(awk -v top="$ZC_TMP/" 'index($5, top) == 1 { print $5 }' /proc/self/mountinfo | tac)
	# a process just ended may still have been writing
	rm -rf --one-file-system "$ZC_TMP" 2>/dev/null || { sleep 1 && rm -rf --one-file-system "$ZC_TMP"; }
	exit "$status"
}

zc_log_plane()
{
	sed -n 's/^zcfs: .* on .*: plane \([a-z]*\) .*/\1/p' "$ZC_LOG" | head -n 1
}

zc_started_or_dead()
{
	[ -n "$(zc_log_plane)" ] || zc_gone "$ZC_PID"
}

# zc_passthrough_possible: may this machine refuse the passthrough plane with good reason?
zc_passthrough_possible()
{
	[ "$EUID" = 0 ] && printf '6.9\n%s\n' "$(uname -r)" | sort -VC
}

# zc_start [OPTION...]: the daemon in the foreground, as our child; back when it serves the plane asked for.
# env gives SIGINT its default action back, which a shell takes from the processes that it starts with &.
zc_start()
{
	local options="plane=$ZC_PLANE,stats=$ZC_STATS${ZC_OPTIONS:+,$ZC_OPTIONS}" option plane

	for option; do
		options+=",$option"
	done
	rm -f "$ZC_STATS"
	: >"$ZC_LOG"
	${ZC_AS[@]+"${ZC_AS[@]}"} env --default-signal=HUP,INT,TERM \
		"$ZCFS" -f -o "$options" "$ZC_BACK" "$ZC_MNT" >"$ZC_LOG" 2>&1 &
	ZC_PID=$!
	ZC_CHILD=$ZC_PID
	zc_until 20 zc_started_or_dead || zc_fail "the daemon did not say that it serves"
	zc_alive "$ZC_PID" || zc_fail "the daemon ended at start"
	zc_mounted "$ZC_MNT" || zc_fail "nothing is mounted on $ZC_MNT"
	plane=$(zc_log_plane)
	if [ "$ZC_PLANE" = auto ]; then
		ZC_PLANE=$plane
	fi
	if [ "$plane" != "$ZC_PLANE" ]; then
		[ "$ZC_PLANE" != passthrough ] || zc_passthrough_possible ||
			zc_skip "no passthrough here: $(tail -n 1 "$ZC_LOG")"
		zc_fail "plane $plane serves, $ZC_PLANE was asked for"
	fi
}

# zc_daemons: process ids of daemons on our two directories, without the process that guards one.
zc_daemons()
{
	local pid

	for pid in $(grep -lzxF -- "$ZC_MNT" /proc/[0-9]*/cmdline 2>/dev/null |
		xargs -r grep -lzxF -- "$ZC_BACK" 2>/dev/null | cut -d / -f 3); do
		[ "$(cat "/proc/$pid/comm" 2>/dev/null)" = zcfs-guard ] || echo "$pid"
	done
}

# zc_start_background [OPTION...]: like zc_start, the daemon put into the background by itself.
zc_start_background()
{
	local options="plane=$ZC_PLANE,stats=$ZC_STATS${ZC_OPTIONS:+,$ZC_OPTIONS}" option

	for option; do
		options+=",$option"
	done
	rm -f "$ZC_STATS"
	timeout -k 5 30 ${ZC_AS[@]+"${ZC_AS[@]}"} env --default-signal=HUP,INT,TERM \
		"$ZCFS" -o "$options" "$ZC_BACK" "$ZC_MNT" >"$ZC_LOG" 2>&1 || zc_fail "exit status $? in the background"
	zc_mounted "$ZC_MNT" || zc_fail "nothing is mounted on $ZC_MNT"
	ZC_PID=$(zc_daemons)
	[[ $ZC_PID =~ ^[0-9]+$ ]] || zc_fail "not one daemon in the background, but: $ZC_PID"
	ZC_CHILD=
}

# zc_stats: has the counters written anew; zc_counter KEY prints one of them as they were then.
zc_stats()
{
	rm -f "$ZC_STATS"
	kill -USR1 "$ZC_PID"
	zc_until 10 test -s "$ZC_STATS" || zc_fail "no counters after SIGUSR1"
}

zc_counter()
{
	awk -v key="$1" '$1 == key { print $2; found = 1 } END { if (!found) print "no-such-counter" }' "$ZC_STATS"
}

# zc_counter_is KEY VALUE
zc_counter_is()
{
	[ "$(zc_counter "$1")" = "$2" ] || zc_fail "counter $1 is $(zc_counter "$1"), not $2"
}

zc_other_opens()
{
	if [ "$ZC_PLANE" = passthrough ] && [ "$1" = splice ]; then
		echo "$ZC_SETID"
	else
		echo 0
	fi
}

# zc_check_plane: the counters read last agree that our plane, and no other, opened files and moved data.
zc_check_plane()
{
	local plane

	if [ "$ZC_PLANE" != cached ]; then # where the kernel opens files without a word
		[ "$(zc_counter "open.$ZC_PLANE")" -gt 0 ] || zc_fail "no file was opened in plane $ZC_PLANE"
	fi
	for plane in passthrough splice copy; do
		[ "$plane" = "$ZC_PLANE" ] || zc_counter_is "open.$plane" "$(zc_other_opens "$plane")"
	done
	if [ "$ZC_PLANE" = passthrough ] && [ "$ZC_SETID" = 0 ]; then
		zc_counter_is request.read 0
		zc_counter_is request.write 0
	fi
	if [ "$ZC_PLANE" = copy ]; then
		zc_counter_is bytes.read.splice 0
		zc_counter_is bytes.write.splice 0
	fi
}

# zc_check_logs: neither the daemon nor the kernel complained.
zc_check_logs()
{
	local bad

	bad=$(grep -vE "$ZC_EXPECTED" "$ZC_LOG" |
		grep -E 'Sanitizer|runtime error:|[Aa]ssert|\(E[A-Z0-9]+\)|^fuse:|\*\*\*') &&
		zc_fail "in the daemon's log: $bad"
	bad=$(dmesg 2>/dev/null | awk -v mark="$ZC_KERNEL_MARK" '
		{ line[NR] = $0; if ($0 == mark) start = NR }
		END { for (i = start + 1; i <= NR; i++) print line[i] }' |
		grep -E 'WARNING:|BUG:|BUG |Oops|general protection|INFO: task|refcount_t|KASAN|Call Trace') &&
		zc_fail "in the kernel's log: $bad"
	return 0
}

# zc_ended: the daemon ended by itself, with exit status 0 where it is our child, and left no mount.
zc_ended()
{
	local status=0

	zc_until 20 zc_gone "$ZC_PID" || zc_fail "the daemon is still there"
	if [ -n "$ZC_CHILD" ]; then
		wait "$ZC_CHILD" || status=$?
	fi
	ZC_PID=
	[ "$status" = 0 ] || zc_fail "the daemon's exit status is $status"
	zc_not_mounted "$ZC_MNT" || zc_fail "$ZC_MNT is still mounted"
}

# zc_stop: the ordinary end of a mount, with everything that is asserted at every end.
zc_stop()
{
	rm -f "$ZC_STATS"
	kill -TERM "$ZC_PID"
	zc_ended
	[ -s "$ZC_STATS" ] || zc_fail "no counters were written at exit"
	zc_check_plane
	zc_check_logs
}

# zc_manifest DIR [nomtime] [nodirmtime] [noowner]: one line an entry, all that a careful copy keeps.
zc_manifest()
{
	timeout -k 5 "$ZC_LIMIT" python3 - "$@" <<-'PYTHON'
	import hashlib, os, stat, sys

	top, words = os.fsencode(sys.argv[1]), sys.argv[2:]
	first_name = {}

	def digest(path):
	    with open(path, "rb") as f:
	        return hashlib.file_digest(f, "sha256").hexdigest()

	def xattrs(path):
	    names = set(os.listxattr(path, follow_symlinks=False))
	    return sorted((n, os.getxattr(path, n, follow_symlinks=False)) for n in names)

	def describe(path):
	    st = os.lstat(path)
	    out = ["mode=%o" % st.st_mode]
	    is_dir = stat.S_ISDIR(st.st_mode)
	    if "noowner" not in words:
	        out.append("owner=%d:%d" % (st.st_uid, st.st_gid))
	    if "nomtime" not in words and not (is_dir and "nodirmtime" in words):
	        out.append("mtime=%d" % st.st_mtime_ns)
	    if not is_dir:
	        name = os.path.relpath(path, top)
	        out.append("size=%d links=%d same=%r" % (
	            st.st_size, st.st_nlink, first_name.setdefault((st.st_dev, st.st_ino), name)))
	    if stat.S_ISREG(st.st_mode):
	        out.append("sha256=" + digest(path))
	    if stat.S_ISLNK(st.st_mode):
	        out.append("to=%r" % os.readlink(path))
	    if stat.S_ISCHR(st.st_mode) or stat.S_ISBLK(st.st_mode):
	        out.append("rdev=%d" % st.st_rdev)
	    out.append("xattrs=%r" % xattrs(path))
	    return " ".join(out)

	def walk(path):
	    print(repr(os.path.relpath(path, top)), describe(path))
	    if stat.S_ISDIR(os.lstat(path).st_mode):
	        for name in sorted(os.listdir(path)):
	            walk(os.path.join(path, name))

	walk(top)
	PYTHON
}

zc_manifest_to()
{
	local file=$1

	shift
	zc_manifest "$@" >"$ZC_TMP/$file.manifest" || zc_fail "cannot read all of $1"
}

# zc_same DIR OTHER... [-- WORD...]: all these trees are alike; the words are those of zc_manifest.
zc_same()
{
	local first=$1 other others=()

	shift
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		others+=("$1")
		shift
	done
	[ $# = 0 ] || shift
	zc_manifest_to first "$first" "$@"
	for other in "${others[@]}"; do
		zc_manifest_to other "$other" "$@"
		diff "$ZC_TMP/first.manifest" "$ZC_TMP/other.manifest" >"$ZC_TMP/manifest.diff" ||
			zc_fail "$first and $other differ: $(head -n 20 "$ZC_TMP/manifest.diff")"
	done
}

# zc_same_as_twin NAME [WORD...]: what the mount shows and what the backing directory holds is what the same
# work left in the plain directory.
zc_same_as_twin()
{
	local name=$1

	shift
	zc_same "$ZC_TWIN/$name" "$ZC_MNT/$name" "$ZC_BACK/$name" -- "$@"
}
