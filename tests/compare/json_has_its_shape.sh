#!/bin/bash
# SPDX-License-Identifier: MIT
# The keys and types of the JSON are those in json-shape, which zcfs-compare(1) tells: whoever reads it relies on them.
# Must not know any value. To change the shape on purpose: run this with SHAPE_WRITE=1, and raise "schema".
# shellcheck source=tests/compare/begin.sh
here=$(cd "$(dirname "$0")" && pwd) || exit 1
. "$here/begin.sh"
[ "$EUID" = 0 ] || skip "needs root"
[ -e /dev/fuse ] || skip "no /dev/fuse"

mkdir data
"$ZCFS_COMPARE" --zcfs "$ZCFS" --self data --size 10K --repeats 3 --methods read+write-4k,cp --json >json 2>complained ||
	fail "$(cat complained)"
python3 - json >shape <<'PYTHON'
import json, sys

seen = set()

def walk(path, value):
    kind = {bool: "boolean", int: "integer", float: "real", str: "text", dict: "object", list: "list"}[type(value)]
    seen.add("%s %s" % (path, kind))
    if isinstance(value, list):
        for item in value:
            walk(path + "[]", item)
    if isinstance(value, dict):
        for key, item in value.items():
            # requests are named by what came, and all routes are alike
            walk(path + "." + ("*" if path.endswith((".requests", ".routes", ".figures")) else key), item)

result = json.load(open(sys.argv[1]))
assert result["schema"] == "zcfs-compare 1", result["schema"]
walk("", result)
print("\n".join(sorted(seen)))
PYTHON
[ -z "${SHAPE_WRITE-}" ] || cp shape "$here/json-shape"
diff -u "$here/json-shape" shape || fail "the JSON has another shape"
# every key is told in the man page
man=$here/../../mount-helpers/man/zcfs-compare.1
sed 's/ .*//; s/.*\.//; s/\[\]//' "$here/json-shape" | grep -v '^\*$' | sort -u >keys
while read -r key; do
	grep -qF -- "$key" "$man" || fail "zcfs-compare(1) does not tell of $key"
done <keys
