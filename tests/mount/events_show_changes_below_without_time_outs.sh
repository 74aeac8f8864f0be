#!/bin/bash
# SPDX-License-Identifier: MIT
# -o coherence=events: what is changed directly in the backing directory shows although the kernel remembers without a
# limit; also after more changes than the kernel's queue of events holds. A warm find asks for nothing. It must not know
# how the daemon learns of changes.
. "$(dirname "$0")/../lib/mount.sh"

zc_need python3
zc_need_root
zc_begin
zc_start coherence=events
grep -q 'cannot be watched' "$ZC_LOG" && zc_skip "$(grep 'cannot be watched' "$ZC_LOG")"

cat >"$ZC_TMP/changes.py" <<'PYTHON'
import os, stat, sys, time

back, mount = sys.argv[1:]
shown = 0

def status(path):
    try:
        return os.lstat(path)
    except FileNotFoundError:
        return None

def holds(is_so):
    try:
        return is_so()
    except FileNotFoundError:
        return False

def shows(what, is_so):
    """Within half a minute, where it would never without an event: nothing else makes the kernel forget."""
    global shown
    end = time.monotonic() + 30
    while not holds(is_so):
        if time.monotonic() > end:
            sys.exit("does not show: " + what)
        time.sleep(0.0005)
    shown += 1

def mode(path):
    return stat.S_IMODE(os.lstat(path).st_mode)

os.mkdir(back + "/d")
shows("a directory", lambda: status(mount + "/d"))
for i in range(40):
    name = "/d/f%d" % i
    b, m = back + name, mount + name
    status(m), os.listdir(mount + "/d")  # that there is no such name is remembered
    with open(b, "w") as f:
        f.write("x" * (i + 10))
    shows("a new file", lambda: status(m) and status(m).st_size == i + 10)
    shows("a new name in a listing", lambda: os.path.basename(m) in os.listdir(mount + "/d"))
    os.chmod(b, 0o600 + i % 8)
    shows("chmod", lambda: mode(m) == 0o600 + i % 8)
    os.chown(b, 12000 + i, 12001)
    shows("chown", lambda: status(m).st_uid == 12000 + i)
    os.utime(b, (1000, 2000 + i))
    shows("utime", lambda: status(m).st_mtime == 2000 + i)
    os.truncate(b, 5)
    shows("truncate", lambda: status(m).st_size == 5)
    with open(b, "a") as f:
        f.write("yyy")
        f.flush()
        shows("a write into an open file", lambda: status(m).st_size == 8)
        shows("its bytes", lambda: open(m).read() == "xxxxxyyy")
    os.link(b, b + "l")
    shows("a link", lambda: status(m).st_nlink == 2 and status(m + "l"))
    os.chmod(b + "l", 0o640)
    shows("chmod by another name", lambda: mode(m) == 0o640)
    os.rename(b + "l", b + "r")
    shows("a rename", lambda: status(m + "r") and not status(m + "l"))
    os.rename(b + "r", b)
    with open(back + "/other", "w") as f:
        f.write("other")
    os.rename(back + "/other", b)
    shows("a file put in the place of another", lambda: open(m).read() == "other")
    os.unlink(b)
    shows("unlink", lambda: not status(m) and os.path.basename(m) not in os.listdir(mount + "/d"))
    os.mkdir(b)
    shows("a directory of the same name", lambda: status(m) and stat.S_ISDIR(status(m).st_mode))
    with open(b + "/inside", "w") as f:
        pass
    shows("a file in it", lambda: status(m + "/inside"))
    os.rename(b, b + "moved")
    shows("a directory that moved, with what is in it", lambda: status(m + "moved/inside") and not status(m))
    os.unlink(b + "moved/inside")
    os.rmdir(b + "moved")
    shows("rmdir", lambda: not status(m + "moved"))
    os.symlink("target%d" % i, b)
    shows("a symbolic link", lambda: os.readlink(m) == "target%d" % i)
    os.unlink(b)
print(shown)
PYTHON
zc_do python3 "$ZC_TMP/changes.py" "$ZC_BACK" "$ZC_MNT" >"$ZC_TMP/shown"

# The daemon sleeps while more happens than the queue holds: events are lost, and nothing may be stale afterwards.
mkdir "$ZC_BACK/many"
for ((i = 0; i < 300; i++)); do
	echo old >"$ZC_BACK/many/file$i"
done
zc_until 10 test -e "$ZC_MNT/many/file299" || zc_fail "many/file299 does not show"
zc_quiet cat "$ZC_MNT"/many/* >/dev/null
zc_quiet ls -l "$ZC_MNT/many" >/dev/null
kill -STOP "$ZC_PID"
python3 - "$ZC_BACK/many" "$(cat /proc/sys/fs/fanotify/max_queued_events)" <<'PYTHON'
import os, sys

many, queue = sys.argv[1], int(sys.argv[2])
for i in range(queue // 2 + 2000):
    name = "%s/passing%d" % (many, i)
    open(name, "w").close()
    os.unlink(name)
for i in range(300):
    with open("%s/new" % many, "w") as f:
        f.write("newer %d" % i)
    os.rename("%s/new" % many, "%s/file%d" % (many, i))
PYTHON
kill -CONT "$ZC_PID"
is_new()
{
	local i

	for ((i = 0; i < 300; i++)); do
		[ "$(cat "$ZC_MNT/many/file$i")" = "newer $i" ] || return 1
	done
}
zc_until 40 is_new || zc_fail "something stays old after lost events"
[ "$(ls "$ZC_MNT/many" | wc -l)" = 300 ] || zc_fail "a listing is old after lost events"
ZC_EXPECTED='more changes in the backing directory than the kernel'

# asked: how many questions about names and attributes there have been
asked()
{
	local kind sum=0

	zc_stats
	for kind in lookup getattr statx opendir readdir readdirplus; do
		sum=$((sum + $(zc_counter request.$kind)))
	done
	echo "$sum"
}

# Nothing has to be asked for again, however long ago it was told: once the last event has been heard.
warm_find_asks_nothing()
{
	local before

	zc_quiet find "$ZC_MNT" -printf '%s\n' >/dev/null
	zc_quiet test ! -e "$ZC_MNT/missing"
	sleep 1.1 # longer than time-outs would last
	before=$(asked)
	zc_quiet find "$ZC_MNT" -printf '%s\n' >/dev/null
	zc_quiet test ! -e "$ZC_MNT/missing"
	[ "$(asked)" = "$before" ]
}
zc_until 40 warm_find_asks_nothing || zc_fail "a warm find asks again"
zc_stop
