#!/bin/bash
# SPDX-License-Identifier: MIT
# --cold lets go of the source before each copy, and says how much of it was there all the same; else it is warm.
# Must not know how the page cache is emptied.
# shellcheck source=tests/compare/begin.sh
. "$(dirname "$0")/begin.sh"
[ "$EUID" = 0 ] || skip "needs root"
[ -e /dev/fuse ] || skip "no /dev/fuse"

mkdir back
[ "$(stat -f -c %T back)" != tmpfs ] || skip "a tmpfs is its page cache"

# resident OPTION...: the largest and the smallest part of the source that was in the cache, in hundredths
resident()
{
	"$ZCFS_COMPARE" --zcfs "$ZCFS" --self back --size 4M --repeats 3 --methods read+write-64k,sendfile --routes file-to-unix \
		--json "$@" >json 2>complained || fail "$(cat complained)"
	python3 - <<'PYTHON'
import json
result = json.load(open("json"))
parts = [sample["resident"] for method in result["methods"] for cell in method["routes"]["file-to-unix"] for sample in cell["samples"]]
print(int(100 * max(parts)), int(100 * min(parts)), result["cold"])
PYTHON
}

read -r most _ cold < <(resident --cold)
[ "$cold" = True ] && [ "$most" -le 5 ] || fail "cold ($cold): $most % were in the cache"
read -r _ least cold < <(resident)
[ "$cold" = False ] && [ "$least" -ge 95 ] || fail "warm ($cold): $least % were in the cache"
