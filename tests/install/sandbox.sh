# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Sourced by the tests in this folder: a copy of the scripts to try, and stand-ins for the programs they call.
# Must not reach a network, a package manager or anything outside its temporary directory.

set -u
export LC_ALL=C
source_root=$(cd "$(dirname "$0")/../.." && pwd)
tmp=$(mktemp -d "${TMPDIR:-/tmp}/zcfs-install-test.XXXXXX") || exit 1
tmp=$(realpath "$tmp")
chmod 755 "$tmp"
trap 'rm -rf --one-file-system "$tmp"' EXIT
trap 'exit 130' INT TERM HUP

tree=$tmp/tree      # the copy
stubs=$tmp/stubs    # stand-ins, first in PATH
calls=$tmp/calls    # one line for each call of a stand-in
mkdir -p "$tree/subprojects" "$tree/tests" "$stubs"
cp -r "$source_root/mount-helpers" "$tree/"
cp "$source_root/subprojects/fuse3.wrap" "$tree/subprojects/"
cp "$source_root/tests/run" "$source_root/tests/allowed-skips" "$tree/tests/"
: >"$calls"
chmod 666 "$calls"

fail() {
	echo "FAIL: $*"
	exit 1
}

# stub NAME <BODY: a program NAME that notes its call and does BODY. Removed first: writing through a link from
# $stubs to one of the system's programs would overwrite that program.
stub() {
	rm -f "$stubs/$1"
	{
		printf '#!/bin/bash\necho "%s $*" >>"%s"\n' "$1" "$calls"
		cat
	} >"$stubs/$1"
	chmod 755 "$stubs/$1"
}

# try COMMAND...: runs it in front of the stand-ins -> $status, $said (both streams)
try() {
	status=0
	said=$(PATH=$stubs:$PATH timeout -k 5 60 "$@" 2>&1 </dev/null) || status=$?
}

expect_status() {
	[ "$status" = "$1" ] || fail "exit code $status instead of $1: $said"
}

# expect_said REGEX
expect_said() {
	grep -qE -- "$1" <<<"$said" || fail "did not say /$1/ but: $said"
}

expect_calls() {
	[ "$(cut -d' ' -f1 "$calls" | sort -u | tr '\n' ' ')" = "${1:+$1 }" ] || fail "calls: $(cat "$calls")"
}
