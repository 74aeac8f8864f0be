#!/bin/bash
# SPDX-License-Identifier: MIT
# A directory that is open on the mount and removed in the backing directory lists as empty, as it does there, also
# when the daemon has no fd of it left. It must not know when the daemon lets go.
. "$(dirname "$0")/../lib/mount.sh"

zc_need python3
zc_need_root
zc_begin
zc_start
mkdir "$ZC_BACK/dir" "$ZC_TWIN/dir"
cat >"$ZC_TMP/list.py" <<-'PYTHON'
import ctypes, errno, os, sys, time

mount, back, pid = sys.argv[1:]

def is_held():
    for fd in os.listdir("/proc/%s/fd" % pid):
        try:
            if os.readlink("/proc/%s/fd/%s" % (pid, fd)).startswith(back + "/dir"):
                return True
        except FileNotFoundError:
            pass
    return False

fd = os.open(mount + "/dir", os.O_RDONLY | os.O_DIRECTORY)
os.rmdir(back + "/dir")
for tries in range(200):
    if not is_held():
        break
    time.sleep(0.1)
else:
    sys.exit("the directory is still held")
# what readdir(3) calls the end; os.listdir would ask for attributes before, and nobody has them any more
libc = ctypes.CDLL(None, use_errno=True)
libc.getdents64.restype = ctypes.c_ssize_t
if libc.getdents64(fd, ctypes.create_string_buffer(4096), ctypes.c_size_t(4096)) < 0:
    print(errno.errorcode[ctypes.get_errno()])
PYTHON
mount=$(zc_do python3 "$ZC_TMP/list.py" "$ZC_MNT" "$ZC_BACK" "$ZC_PID") || zc_fail "$mount"
plain=$(zc_do python3 "$ZC_TMP/list.py" "$ZC_TWIN" "$ZC_TWIN" "$ZC_PID") || zc_fail "$plain"
[ "$mount" = "$plain" ] || zc_fail "on the mount: $mount; plain: $plain"
zc_stop
