#!/bin/bash
# SPDX-License-Identifier: MIT
# Files that were written and read through the mount and closed again are not kept open by the daemon: neither busy
# for those who execute them, nor holding blocks once they are deleted. It must not know when the daemon lets go.
. "$(dirname "$0")/../lib/mount.sh"

# the daemon's descriptors that hold a file open; an O_PATH one holds no data
held()
{
	python3 - "$ZC_PID" "$ZC_BACK/" <<-'PYTHON'
	import os, sys

	pid, back = sys.argv[1:]
	for fd in os.listdir(f"/proc/{pid}/fd"):
	    try:
	        name = os.readlink(f"/proc/{pid}/fd/{fd}")
	        flags = int(open(f"/proc/{pid}/fdinfo/{fd}").read().split("flags:")[1].split()[0], 8)
	    except FileNotFoundError:
	        continue
	    if name.startswith(back) and not flags & os.O_PATH:
	        print(name)
	PYTHON
}

none_is_held()
{
	[ -z "$(held)" ]
}

zc_need_root
zc_need python3
zc_begin
zc_start
# often, for the last answer and the close that follows it may reach the daemon's threads in either order
for ((i = 0; i < 300; i++)); do
	zc_quiet cp /bin/true "$ZC_MNT/program$i"
	zc_quiet cat "$ZC_MNT/program$i" >/dev/null
done
zc_until 15 none_is_held || zc_fail "$(held | wc -l) closed files are still open"
for ((i = 0; i < 300; i++)); do
	zc_quiet "$ZC_BACK/program$i"
done
zc_stop
