#!/bin/bash
# SPDX-License-Identifier: MIT
# --self: every method on every route by every way, each copy compared, and counts that follow from what a method is.
# Must not know how long anything takes.
# shellcheck source=tests/compare/begin.sh
. "$(dirname "$0")/begin.sh"
[ "$EUID" = 0 ] || skip "needs root"
[ -e /dev/fuse ] || skip "no /dev/fuse"

mkdir data
"$ZCFS_COMPARE" --zcfs "$ZCFS" --self data --size 300001 --repeats 3 --json >json 2>complained || fail "$(tail -n 3 complained)"
python3 - json <<'PYTHON' || fail "see above"
import json, shutil, sys

SIZE = 300001
result = json.load(open(sys.argv[1]))
wrong = []

def check(what, is_so):
    if not is_so:
        wrong.append(what)

SOCKETS = {"file-to-tcp", "file-to-unix", "socket-to-file"}
FILES_ONLY = {"copy_file_range", "io_uring", "cp", "rsync", "tar"}
FROM_FILE = {"sendfile", "mmap+write", "curl"}
PROGRAMS = {"cp", "cat", "dd", "rsync", "tar", "curl"}

def exists(method, route):
    if method in PROGRAMS and not shutil.which(method):
        return False
    if route in SOCKETS and method in FILES_ONLY:
        return False
    return not (route == "socket-to-file" and method in FROM_FILE)

names = [way["name"] for way in result["ways"]]
check("ways are %s" % names, names == ["plain", "plain again", "passthrough", "splice", "copy", "cached"])
check("a copy was not compared", result["copies"] == result["compared"] > 500)
check("size", result["size"] == SIZE)
for method in result["methods"]:
    for route, cells in method["routes"].items():
        for way, cell in zip(names, cells):
            where = "%s, %s, %s: " % (method["name"], route, way)
            if not exists(method["name"], route):
                check(where + "made", not cell["made"] and cell["why_not"])
                continue
            if not cell["made"]:
                check(where + cell["why_not"], method["name"] == "O_DIRECT")
                continue
            counts = cell["counts"]
            check(where + "samples", len(cell["samples"]) == 3)
            check(where + "takes no time", all(s["wall"] > 0 for s in cell["samples"]))
            check(where + "not watched", counts["known"] and counts["system_calls"] > 4)
            twice = method["name"].startswith("read+write") or method["name"] in ("O_DIRECT", "io_uring", "dd")
            if twice:
                check(where + "%d bytes" % counts["copier_bytes"], counts["copier_bytes"] == 2 * SIZE)
            if method["name"] in ("sendfile", "splice", "copy_file_range"):
                check(where + "%d bytes" % counts["copier_bytes"], counts["copier_bytes"] == 0)
            if method["name"] == "mmap+write":
                check(where + "mapped", (counts["mapped_bytes"], counts["copier_bytes"]) == (SIZE, SIZE))
            check(where + "daemon", counts["daemon_known"] == (way not in ("plain", "plain again")))
            through = counts["daemon_copied"] // 2 + counts["daemon_spliced"]
            if way == "passthrough":
                check(where + "%d bytes by the daemon" % through, through == 0)
            # a program may use copy_file_range, and what is read ahead of one way may be read twice
            if way == "copy" and not method["program"] and method["name"] != "copy_file_range":
                sides = 2 if route == "file-to-file" else 1
                check(where + "%d bytes by the daemon" % through, through >= sides * SIZE)
                if route == "socket-to-file":
                    check(where + "%d bytes by the daemon" % through, through == SIZE)
                check(where + "spliced", counts["daemon_spliced"] == 0)
            if way == "splice" and method["name"].startswith("read+write") and route == "file-to-tcp":
                check(where + "not spliced", counts["daemon_spliced"] > SIZE // 2)
            if counts["daemon_known"]:
                made = counts["requests"].get("create", 0)
                check(where + "%d creates" % made, made == (0 if route in ("file-to-tcp", "file-to-unix") else 1))
print("\n".join(wrong))
sys.exit(bool(wrong))
PYTHON
[ -z "$(ls -A data)" ] || fail "left in the directory: $(ls -A data)"
nothing_is_left
