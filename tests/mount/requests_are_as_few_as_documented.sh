#!/bin/bash
# SPDX-License-Identifier: MIT
# How many requests of each kind common work costs on the passthrough plane, exactly: README's figures. It must not know
# how long anything takes.
. "$(dirname "$0")/../lib/mount.sh"

zc_need python3 tar find
zc_need_root
zc_begin
zc_start
[ "$ZC_PLANE" = passthrough ] || zc_skip "plane $ZC_PLANE"
grep -q 'changes below show at once' "$ZC_LOG" || zc_skip "no events here: $(tail -n 1 "$ZC_LOG")"

cat >"$ZC_TMP/requests.py" <<'PYTHON'
import os, signal, subprocess, sys, time

mount, tmp, stats, daemon = sys.argv[1:4] + [int(sys.argv[4])]
FILES = 60

def counters():
    if os.path.exists(stats):
        os.unlink(stats)
    os.kill(daemon, signal.SIGUSR1)
    end = time.monotonic() + 20
    while not os.path.exists(stats) or not os.path.getsize(stats):
        if time.monotonic() > end:
            sys.exit("no counters")
        time.sleep(0.005)
    rows = [line.split() for line in open(stats)]
    return {r[0][8:]: int(r[1]) for r in rows if r[0].startswith("request.")}

def settled():
    """Counters once every open was released: nobody waits for RELEASE."""
    end = time.monotonic() + 20
    while True:
        now = counters()
        if now["open"] + now["create"] == now["release"] or time.monotonic() > end:
            return now
        time.sleep(0.01)

def requests(work):
    before = settled()
    work()
    after = settled()
    return {k: after[k] - before[k] for k in after if after[k] != before[k]}

def expect(what, got, exact, at_most={}):
    for kind in set(got) | set(exact):
        n = got.get(kind, 0)
        if kind in at_most:
            good = n <= at_most[kind]
        else:
            good = kind == "forget" or n == exact.get(kind, 0)
        if not good:
            sys.exit("%s: %s, expected %s and at most %s" % (what, got, exact, at_most))

def run(*argv):
    subprocess.run(argv, check=True, stdout=subprocess.DEVNULL, timeout=60)

def walk():
    for place, dirs, files in os.walk(mount):
        for name in dirs + files:
            os.lstat(os.path.join(place, name))

def warm():
    """As after any earlier look: files that were written to a moment ago are asked for once more."""
    for _ in range(3):
        walk()
        time.sleep(0.05)

source = tmp + "/source"
os.makedirs(source + "/tree")
for i in range(FILES):
    with open("%s/tree/file%d.c" % (source, i), "w") as f:
        f.write("int x;\n" * (i + 1))
run("tar", "cf", tmp + "/tar", "-C", source, "tree")

# The three SETATTR are utimensat, fchown, fchmod; the two GETXATTR the kernel's question for file capabilities before
# the first write and before fchown; the GETATTR asks whether the directory that has just changed may still be searched.
got = requests(lambda: run("tar", "xf", tmp + "/tar", "-C", mount))
expect("untar", got,
       {"lookup": FILES + 1, "create": FILES, "setattr": 3 * FILES + 3, "getxattr": 2 * FILES, "release": FILES, "mkdir": 1,
        "opendir": got.get("opendir", 0)},
       {"getattr": FILES + 4, "lookup": FILES + 2, "setattr": 3 * FILES + 4, "getxattr": 2 * FILES + 2})

warm()
for later in False, True:
    expect("walk with lstat", requests(walk), {})
    expect("find", requests(lambda: run("find", mount)), {}, {"statfs": 2})
    expect("stat", requests(lambda: [os.stat(mount + "/tree/file1.c") for _ in range(100)]), {})
    os.path.exists(mount + "/tree/missing")
    expect("stat of a missing name", requests(lambda: [os.path.exists(mount + "/tree/missing") for _ in range(100)]), {})
    # ls asks for security.selinux of every entry, where it is built with SELinux, and for ACLs: never cached by the kernel
    run("ls", "-lR", mount)
    expect("ls -lR", requests(lambda: run("ls", "-lR", mount)), {}, {"getxattr": 3 * (FILES + 2), "statfs": 2})
    time.sleep(0 if later else 1.2)  # longer than time-outs would last

def reread():
    for i in range(FILES):
        fd = os.open("%s/tree/file%d.c" % (mount, i), os.O_RDONLY)
        os.read(fd, 65536)
        os.fstat(fd)
        os.close(fd)

reread()
expect("open, read, fstat, close", requests(reread), {"open": FILES, "release": FILES}, {"getattr": FILES})

fd = os.open(mount + "/tree/file0.c", os.O_WRONLY)
os.pwrite(fd, b"x" * 4096, 0)
before = counters()
for _ in range(200):
    os.pwrite(fd, b"y" * 4096, 0)
after = counters()
os.close(fd)
if {k: after[k] for k in after if k not in ("forget", "release")} != {k: before[k] for k in after if k not in ("forget", "release")}:
    sys.exit("4 KiB overwrites send requests")

warm()
got = requests(lambda: run("rm", "-rf", mount + "/tree"))
# the GETATTR is again for the directory's permissions, which the kernel forgets at each change in it
expect("rm -rf", got, {"unlink": FILES, "rmdir": 1},
       {"getattr": FILES + 3, "readdir": 2, "readdirplus": 2, "lookup": 1, "statfs": 2})
PYTHON
zc_do python3 "$ZC_TMP/requests.py" "$ZC_MNT" "$ZC_TMP" "$ZC_STATS" "$ZC_PID"
zc_stop
