#!/bin/bash
# SPDX-License-Identifier: MIT
# BACKING MOUNTPOINT: a mount that is there is measured and stays; what is none is refused with exit code 9.
# Must not know how the daemon of a mount is found.
# shellcheck source=tests/compare/begin.sh
. "$(dirname "$0")/begin.sh"
[ "$EUID" = 0 ] || skip "needs root"
[ -e /dev/fuse ] || skip "no /dev/fuse"

daemon=
clean_up()
{
	[ -z "$daemon" ] || kill -TERM "$daemon" 2>/dev/null
	umount -l "mo unt" 2>/dev/null
}

start()
{
	"$ZCFS" -f "$@" back "mo unt" 2>log &
	daemon=$!
	for ((i = 0; i < 600; i++)); do
		mountpoint -q "mo unt" && return
		sleep 0.05
	done
	fail "no mount: $(cat log)"
}

stop()
{
	kill -TERM "$daemon"
	wait "$daemon" || fail "zcfs ended with $?: $(cat log)"
	daemon=
}

# way KEY: of the third way, the mount
way()
{
	python3 -c 'import json, sys; print(json.load(open("json"))["ways"][2][sys.argv[1]])' "$1"
}

measure()
{
	"$ZCFS_COMPARE" --repeats 3 --methods read+write-64k,cp --json "$@" >json 2>complained
}

mkdir back other "mo unt"
refused 9 '^zcfs-compare: mo unt: no zcfs is mounted there: mount it' "$ZCFS_COMPARE" back "mo unt"

start -o "plane=splice,stats=$PWD/stats"
measure --size 100K back "mo unt" || fail "$(cat complained)"
[ "$(way name)" = splice ] || fail "the plane is not told: $(way name)"
[ "$(way daemon)" = True ] || fail "no daemon: $(way note)"
[ -z "$(way note)" ] || fail "notes $(way note)"
refused 9 'mo unt: does not show the backing directory' "$ZCFS_COMPARE" other "mo unt"
mountpoint -q "mo unt" || fail "the mount has gone"
[ -z "$(ls -A back; ls -A other)" ] || fail "left: $(ls -A back other)"
stop

start
measure --size 100K back "mo unt" || fail "$(cat complained)"
way note | grep -q 'mount with -o stats=' || fail "says '$(way note)' of a mount without counters"
[ "$(way daemon)" = True ] || fail "no daemon: $(way note)"
# a file of the directory is read where it lies, by both ways
random_file "back/my file.bin" 70000
sum=$(sha256sum "back/my file.bin")
touch -d @1000000000 "back/my file.bin"
measure --file "back/my file.bin" back "mo unt" || fail "$(cat complained)"
python3 - <<'PYTHON' || fail "not that file"
import json
result = json.load(open("json"))
assert result["size"] == 70000 and result["source"].endswith("/back/my file.bin"), result["source"]
PYTHON
[ "$(sha256sum "back/my file.bin")" = "$sum" ] || fail "the source was changed"
[ "$(stat -c %Y "back/my file.bin")" = 1000000000 ] || fail "the source was touched"
[ "$(ls -A back)" = "my file.bin" ] || fail "left: $(ls -A back)"
stop
