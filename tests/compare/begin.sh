# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Sourced by the shell tests of zcfs-compare: a directory of their own, failing, and what a refusal looks like.
# Must not know any single test. A test that mounts says in its own clean_up how that is undone.
set -u
export LC_ALL=C
umask 022
: "${ZCFS_COMPARE:?is not set: the path of zcfs-compare}"
clean_up()
{
	:
}
tmp=$(mktemp -d "${TMPDIR:-/tmp}/zc-compare.XXXXXX") || exit 1
trap 'clean_up; rm -rf --one-file-system "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
cd "$tmp" || exit 1
# where --self makes its mount points
mkdir mounts && export TMPDIR=$tmp/mounts

fail()
{
	echo "FAIL: $*"
	exit 1
}

skip()
{
	echo "SKIP: $*"
	exit 77
}

# A file of N bytes that do not repeat themselves.
random_file()
{
	head -c "$2" /dev/urandom >"$1" || fail "cannot write $1"
}

# refused CODE PATTERN COMMAND...: exit code, one line of the form of all messages, nothing on standard output.
refused()
{
	local code=$1 pattern=$2 got

	shift 2
	timeout 60 "$@" >"$tmp/.said" 2>"$tmp/.complained"
	got=$?
	[ "$got" = "$code" ] || fail "$*: exit code $got instead of $code: $(cat "$tmp/.complained")"
	[ -s "$tmp/.said" ] && fail "$*: says $(cat "$tmp/.said")"
	[ "$(wc -l <"$tmp/.complained")" = 1 ] || fail "$*: not one line: $(cat "$tmp/.complained")"
	grep -qE "^zcfs-compare: .+: .+( \([A-Z]+\))?: .+" "$tmp/.complained" ||
		fail "$*: not of the form of all messages: $(cat "$tmp/.complained")"
	grep -qE -- "$pattern" "$tmp/.complained" || fail "$*: no $pattern in $(cat "$tmp/.complained")"
	rm -f "$tmp/.said" "$tmp/.complained"
}

# nothing_is_left: no mount, mount point or process of a measurement of $PWD/back.
nothing_is_left()
{
	grep -q "$PWD" /proc/self/mountinfo && fail "left mounted: $(grep "$PWD" /proc/self/mountinfo)"
	[ -z "$(ls -A "$TMPDIR")" ] || fail "mount points are left: $(ls -RA "$TMPDIR")"
	pgrep -f "$PWD/back" >/dev/null && fail "left running: $(pgrep -af "$PWD/back")"
	return 0
}

# holds DIR NAME...: these files, no others.
holds()
{
	local dir=$1 there

	shift
	there=$(ls -A "$dir")
	[ "$there" = "$(printf '%s\n' "$@")" ] || fail "$dir holds $there instead of $*"
}
