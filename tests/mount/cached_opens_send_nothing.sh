#!/bin/bash
# SPDX-License-Identifier: MIT
# On the cached plane files open, read and close without a request, show what others write at once, and keep what
# they hold while they are open without a name. It must not know how long anything takes.
. "$(dirname "$0")/../lib/mount.sh"

zc_need python3
zc_need_root
zc_begin
mkdir "$ZC_BACK/tree"
for i in {1..60}; do
	head -c $((i * 100)) /dev/zero | tr '\0' x >"$ZC_BACK/tree/file$i"
done
zc_start
grep -q 'changes below show at once' "$ZC_LOG" || zc_skip "no events here: $(tail -n 1 "$ZC_LOG")"

requests()
{
	zc_stats
	grep '^request\.' "$ZC_STATS" | grep -v '^request.forget '
}

read_all()
{
	zc_do python3 - "$ZC_MNT/tree" <<-'PYTHON'
		import os, sys
		for name in os.listdir(sys.argv[1]):
		    fd = os.open(sys.argv[1] + "/" + name, os.O_RDONLY)
		    size = len(os.read(fd, 65536))
		    if size != os.fstat(fd).st_size or size != 100 * int(name[4:]):
		        sys.exit("%s: %d bytes" % (name, size))
		    os.close(fd)
	PYTHON
}

read_all
zc_until 10 read_all # a read leaves the access time to be asked for once more
before=$(requests)
read_all
after=$(requests)
[ "$before" = "$after" ] || zc_fail "open, read, fstat, close send requests: $(diff <(echo "$before") <(echo "$after"))"

# what others write shows, though it was cached: of the same length, within what is cached, appended
printf 'y' | dd of="$ZC_BACK/tree/file5" conv=notrunc status=none
zc_until 10 grep -q '^yx' "$ZC_MNT/tree/file5" || zc_fail "a byte written below does not show"
printf 'end' >>"$ZC_BACK/tree/file5"
zc_until 10 grep -q 'xend$' "$ZC_MNT/tree/file5" || zc_fail "what was appended below does not show"
for i in {1..200}; do
	printf '%03d' "$i" | dd of="$ZC_BACK/tree/file6" conv=notrunc status=none
	zc_until 10 grep -q "^$i\|^0*$i" "$ZC_MNT/tree/file6" || zc_fail "write $i below does not show"
done
printf 'new' >"$ZC_BACK/new" && mv "$ZC_BACK/new" "$ZC_BACK/tree/file7"
zc_until 10 grep -qx 'new' "$ZC_MNT/tree/file7" || zc_fail "a file renamed over another below does not show"

# what is written through the mount is below when write(2) is back, and can be executed there at once
cp /bin/true "$ZC_MNT/program"
zc_do "$ZC_BACK/program"
zc_do "$ZC_MNT/program"

# open, then without a name or without permission
zc_do python3 - "$ZC_MNT" <<'PYTHON'
import os, sys
os.chdir(sys.argv[1])

def check(what, fd, data):
    os.lseek(fd, 0, os.SEEK_SET)
    os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
    got = os.read(fd, 1 << 20)
    if got != data:
        sys.exit("%s: read %r" % (what, got[:40]))

def lose(what, go):
    fd = os.open(what, os.O_RDWR | os.O_CREAT, 0o400)
    os.write(fd, b"before ")
    go(what)
    os.write(fd, b"after")
    os.fsync(fd)
    check(what, fd, b"before after")
    os.ftruncate(fd, 6)
    check(what, fd, b"before")
    os.close(fd)

lose("unlinked", os.unlink)
open("other", "w").close()
lose("replaced", lambda name: os.rename("other", name))
lose("closed to all", lambda name: os.chmod(name, 0))
nameless = os.open(".", os.O_RDWR | os.O_TMPFILE, 0o600)
os.write(nameless, b"nameless")
check("nameless", nameless, b"nameless")
os.link("/proc/self/fd/%d" % nameless, "named", src_dir_fd=nameless, follow_symlinks=True)  # linkat(2)
os.close(nameless)
fds = []
for i in range(300):
    fds.append(os.open("crowd%d" % i, os.O_RDWR | os.O_CREAT))
    os.write(fds[-1], b"%d" % i)
    os.unlink("crowd%d" % i)
for i, fd in enumerate(fds):
    check("crowd", fd, b"%d" % i)
    os.close(fd)
with open("tree/file8", "w") as f:  # truncates
    f.write("short")
PYTHON
[ "$(cat "$ZC_BACK/named" "$ZC_BACK/tree/file8")" = namelessshort ] || zc_fail "what was written is not below"

# nothing is kept of files that nobody has open
zc_until 20 sh -c "! ls -l /proc/$ZC_PID/fd | grep -q '$ZC_BACK/..*(deleted)'" ||
	zc_fail "deleted files are kept: $(ls -l "/proc/$ZC_PID/fd")"
zc_stats
zc_counter_is request.open 1
zc_stop
