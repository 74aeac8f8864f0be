# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Sourced by the tests of bad input: runs zcfs and insists on its exit code, on one well-formed line, on no trace.
# It must not know any single mistake.

REFUSED_FORM='^zcfs: (.+): ([^()]+) \((E[A-Z0-9]+)\): (.+)$'
REFUSED_AS=()

# refused CODES OBJECT ARGUMENT...: zcfs ARGUMENT... ends with one of the exit codes (3 or "3|12"), in the
# background mode and with -f; stderr is one line on OBJECT (a glob), stdout empty, nothing is mounted or left.
refused()
{
	local codes=$1 object=$2

	shift 2
	refused_once "$codes" "$object" "$@"
	refused_once "$codes" "$object" -f "$@"
}

refused_once()
{
	local codes=$1 object=$2 status=0 said

	shift 2
	timeout -k 5 30 ${REFUSED_AS[@]+"${REFUSED_AS[@]}"} "$ZCFS" "$@" \
		>"$ZC_TMP/stdout" 2>"$ZC_TMP/stderr" </dev/null || status=$?
	said="exit code $status, stderr: $(head -c 1000 "$ZC_TMP/stderr")"
	[[ $status =~ ^($codes)$ ]] || refused_wrong "exit code $codes was due; $said" "$@"
	[ "$(wc -l <"$ZC_TMP/stderr")" = 1 ] || refused_wrong "not one line; $said" "$@"
	if [[ $(cat "$ZC_TMP/stderr") =~ $REFUSED_FORM ]]; then
		# shellcheck disable=SC2053 # the object is a glob
		[[ ${BASH_REMATCH[1]} == $object ]] || refused_wrong "the object is not $object; $said" "$@"
	else
		refused_wrong "not 'zcfs: OBJECT: WHAT (ERRNO): WHAT TO DO'; $said" "$@"
	fi
	[ ! -s "$ZC_TMP/stdout" ] || refused_wrong "something on stdout; $said" "$@"
	refused_no_trace "$@"
}

# All mistakes are collected, so that one run tells them all; refused_end fails then.
REFUSED_WRONG=0
refused_wrong()
{
	local what=$1

	shift
	echo "zcfs $(printf '%.80q ' "$@"): $what"
	REFUSED_WRONG=$((REFUSED_WRONG + 1))
}

# REFUSED_MOUNTS: how many mounts the test itself has under its directory
REFUSED_MOUNTS=0
refused_no_trace()
{
	local mounts pid

	mounts=$(awk -v top="$ZC_TMP/" 'index($5, top) == 1' /proc/self/mountinfo | wc -l)
	[ "$mounts" = "$REFUSED_MOUNTS" ] || refused_wrong "something stays mounted" "$@"
	while read -r pid; do
		grep -qaF "$ZC_TMP" "$pid/cmdline" 2>/dev/null || continue
		[ "$(cat "$pid/comm" 2>/dev/null)" = zcfs-guard ] && pid=$(awk '$1 == "PPid:" { print "/proc/" $2 }' "$pid/status")
		[ "${pid#/proc/}" = "$ZC_PID" ] || refused_wrong "process ${pid#/proc/} stays" "$@"
	done < <(find /proc -maxdepth 2 -name exe -lname "$ZCFS" -printf '%h\n' 2>/dev/null)
}

refused_end()
{
	[ "$REFUSED_WRONG" = 0 ] || zc_fail "$REFUSED_WRONG mistakes"
	zc_check_logs
}
