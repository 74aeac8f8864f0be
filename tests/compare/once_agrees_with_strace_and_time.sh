#!/bin/bash
# SPDX-License-Identifier: MIT
# What zcfs-compare counts is what strace(1) and the kernel count of the same copy.
# Must not know how it is counted.
# shellcheck source=tests/compare/begin.sh
. "$(dirname "$0")/begin.sh"
command -v strace >/dev/null || skip "no strace"
[ "$EUID" = 0 ] || skip "needs root"
[ -e /dev/fuse ] || skip "no /dev/fuse"

mkdir back
random_file back/in 1048576
"$ZCFS_COMPARE" --zcfs "$ZCFS" --self back --file back/in --repeats 3 --routes file-to-file --json \
	--methods read+write-64k,read+write-4k,sendfile >json 2>complained || fail "$(cat complained)"

# calls METHOD SYSCALL: how often strace sees it in one copy, on the file and the copy alone
calls()
{
	rm -f out
	# the leak sanitizer cannot work under ptrace(2)
	ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0 strace -f -y -e "trace=$2" -o trace "$ZCFS_COMPARE" --once "$1" back/in out >once || fail "$(cat once)"
	grep -cE "$2\([0-9]+<[^>]*/(in|out)>" trace
	cmp back/in out || fail "$1: not the same"
}

[ "$(calls read+write-64k read)" = 16 ] || fail "64 KiB: $(calls read+write-64k read) reads"
[ "$(calls read+write-64k write)" = 16 ] || fail "64 KiB: not 16 writes"
[ "$(calls read+write-4k read)" = 256 ] || fail "4 KiB: not 256 reads"
[ "$(calls sendfile sendfile)" = 1 ] || fail "sendfile: not one call"

# open, open, mmap, read and write, munmap, close, close, exit: the buffer's memory and the copy, nothing else
python3 - <<'PYTHON' || fail "counted otherwise"
import json
methods = {m["name"]: m["routes"]["file-to-file"][0]["counts"] for m in json.load(open("json"))["methods"]}
more = methods["read+write, 4 KiB"]["system_calls"] - methods["read+write, 64 KiB"]["system_calls"]
assert abs(more - 2 * (256 - 16)) <= 4, more
assert methods["sendfile"]["system_calls"] <= 8, methods["sendfile"]
PYTHON

# the time of one copy lies within what the whole process took
rm -f out
python3 - "$ZCFS_COMPARE" <<'PYTHON' || fail "other times"
import os, re, subprocess, sys, time
start = time.monotonic()
text = subprocess.run([sys.argv[1], "--once", "read+write-4k", "back/in", "out"], check=True, capture_output=True, text=True).stdout
wall = time.monotonic() - start
usage = os.times()
told = {k: float(v) for k, v in re.findall(r"(wall|user|system|clock\(\)) +([0-9.]+) s", text)}
assert 0 < told["wall"] <= wall, (told, wall)
assert told["user"] + told["system"] <= usage.children_user + usage.children_system + 0.02, (told, usage)
assert abs(told["clock()"] - told["user"] - told["system"]) <= 0.02, told
PYTHON
refused 12 '^zcfs-compare: out: .*\(EEXIST\)' "$ZCFS_COMPARE" --once cp back/in out
