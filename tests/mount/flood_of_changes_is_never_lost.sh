#!/bin/bash
# SPDX-License-Identifier: MIT
# More changes below than the kernel's queue of events holds, and changes from several sides at a time: in the end the
# mount shows what is there. It must not know how long that takes.
. "$(dirname "$0")/../lib/mount.sh"

zc_need python3
zc_need_root
zc_begin
zc_start
grep -q 'changes below show at once' "$ZC_LOG" || zc_skip "no events here: $(tail -n 1 "$ZC_LOG")"

cat >"$ZC_TMP/flood.py" <<'PYTHON'
import os, random, signal, subprocess, sys, time

back, mount, daemon = sys.argv[1], sys.argv[2], int(sys.argv[3])
FILES = 60
QUEUE = int(open("/proc/sys/fs/fanotify/max_queued_events").read())

def look(top):
    seen = {}
    for place, dirs, files in os.walk(top):
        for name in dirs + files:
            path = os.path.join(place, name)
            try:
                st = os.lstat(path)
            except FileNotFoundError:
                continue
            seen[os.path.relpath(path, top)] = st.st_mode, st.st_nlink, st.st_size, st.st_mtime_ns, st.st_ctime_ns
    return seen

def agree(what):
    end = time.monotonic() + 30
    while True:
        below, shown = look(back), look(mount)
        if below == shown:
            return
        if time.monotonic() > end:
            different = {k: (below.get(k), shown.get(k)) for k in set(below) | set(shown) if below.get(k) != shown.get(k)}
            sys.exit("%s: %d differ: %s" % (what, len(different), sorted(different.items())[:5]))
        time.sleep(0.02)

def change(i):
    name, other = ("%s/file%d" % (back, n) for n in (random.randrange(FILES), random.randrange(FILES)))
    try:
        random.choice([
            lambda: os.chmod(name, random.choice((0o600, 0o640, 0o755))),
            lambda: os.truncate(name, random.randrange(5000)),
            lambda: os.rename(name, other),
            lambda: os.unlink(name),
            lambda: open(name, "ab").write(b"x" * random.randrange(100)),
            lambda: os.link(name, other),
            lambda: os.mkdir(name),
            lambda: os.rmdir(name),
            lambda: os.utime(name, (1, i)),
        ])()
    except OSError:
        pass

def several(seed, number, with_looks):
    """Children that change what is below, and look at it on the mount."""
    children = []
    for child in range(2 + with_looks):
        pid = os.fork()
        if pid == 0:
            random.seed(seed * 10 + child)
            for i in range(number):
                if child < 2:
                    change(i)
                else:
                    look(mount) if i % 100 == 0 else os.path.exists("%s/file%d" % (mount, i % FILES))
            os._exit(0)
        children.append(pid)
    for pid in children:
        if os.waitpid(pid, 0)[1]:
            sys.exit("a child failed")

for i in range(FILES):
    open("%s/file%d" % (back, i), "w").close()
os.mkdir(back + "/crowd")
agree("before")
for seed in range(4):
    several(seed, 3000, True)
    agree("changes from several sides, seed %d" % seed)

os.path.exists(mount + "/missing")
os.kill(daemon, signal.SIGSTOP)
try:
    for i in range(QUEUE + 1000):  # what happens to one name may be one event
        os.close(os.open("%s/crowd/%d" % (back, i), os.O_CREAT | os.O_WRONLY))
        os.unlink("%s/crowd/%d" % (back, i))
    several(99, 500, False)
    open(back + "/missing", "w").close()
finally:
    os.kill(daemon, signal.SIGCONT)
agree("after more events than the queue holds")
PYTHON
zc_do python3 "$ZC_TMP/flood.py" "$ZC_BACK" "$ZC_MNT" "$ZC_PID"
# that it has overflowed is told last, after all that it held
zc_until 20 grep -q "more changes in the backing directory than" "$ZC_LOG" || zc_fail "the queue did not overflow"
zc_do cat "$ZC_MNT/missing"
zc_stop
