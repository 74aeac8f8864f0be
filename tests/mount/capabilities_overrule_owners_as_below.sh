#!/bin/bash
# SPDX-License-Identifier: MIT
# Who is not root but holds CAP_FOWNER or CAP_CHOWN, as a service may or root in a user namespace, changes the files
# of others, and only those that he could change in the backing directory. It must not know who checks.
. "$(dirname "$0")/../lib/mount.sh"

# The same calls on the mount and on the plain twin; what each said is compared.
# on_both NAME COMMAND...: runs it with the current directory in each tree.
on_both()
{
	local dir said=()

	for dir in "$ZC_MNT" "$ZC_TWIN"; do
		said+=("$(cd "$dir" && timeout -k 5 "$ZC_LIMIT" "$@" 2>&1; echo "exit status $?")")
	done
	[ "${said[0]}" = "${said[1]}" ] || zc_fail "$*: on the mount: ${said[0]}; on the twin: ${said[1]}"
}

make_files()
{
	local dir=$1 owner

	for owner in 0 12002 100005; do
		mkdir "$dir/$owner"
		chmod 1777 "$dir/$owner"
		touch "$dir/$owner/file" "$dir/$owner/doomed" "$dir/$owner/moved" "$dir/$owner/marked" "$dir/$owner/setid"
		chown "$owner:$owner" "$dir/$owner"/*
		chmod 6777 "$dir/$owner/setid"
	done
}

# The commands that ownership decides.
# shellcheck disable=SC2016 # for the inner shell
CHANGES='for owner in 0 12002 100005; do
	chmod 600 $owner/file
	chown 12001 $owner/file
	chgrp 12001 $owner/file
	touch -d @1000 $owner/file
	setfacl -m u:12003:r $owner/file
	rm -f $owner/doomed
	mv -T $owner/moved $owner/elsewhere
	chattr +d $owner/marked
	lsattr $owner/marked
	chown 12003 $owner/setid
done'

# with_capability LIST: as user 12001 who holds these
with_capability()
{
	on_both setpriv --reuid=12001 --regid=12001 --clear-groups --inh-caps="$1" --ambient-caps="$1" bash -c "$CHANGES"
}

# changes nothing but the setuid and setgid bits
chown_to_nobody_else()
{
	on_both perl -e 'chown -1, -1, "12002/setid" or print "$!\n"'
}

chown_to_nobody_else_with_fowner()
{
	on_both setpriv --reuid=12001 --regid=12001 --clear-groups --inh-caps=+fowner --ambient-caps=+fowner \
		perl -e 'chown -1, -1, "12002/setid" or print "$!\n"'
}

# without_capability NAME: as root who lacks it
without_capability()
{
	on_both setpriv --bounding-set="-$1" --inh-caps="-$1" bash -c "$CHANGES"
}

# as_root_of_a_container UID: root there is UID here, and has 1000 ids
as_root_of_a_container()
{
	on_both python3 "$ZC_TMP/container.py" "$1" "$CHANGES"
}

write_container()
{
	cat >"$ZC_TMP/container.py" <<-'PYTHON'
	import ctypes, os, subprocess, sys

	first, changes = int(sys.argv[1]), sys.argv[2]
	libc = ctypes.CDLL(None, use_errno=True)
	ready, go = os.pipe(), os.pipe()
	child = os.fork()
	if child == 0:
	    if libc.unshare(0x10000000) != 0:
	        os._exit(77)
	    os.write(ready[1], b"x")
	    os.read(go[0], 1)
	    os.setresgid(0, 0, 0)
	    os.setresuid(0, 0, 0)
	    os.execvp("bash", ["bash", "-c", changes])
	os.read(ready[0], 1)
	for name in "uid_map", "gid_map":
	    with open("/proc/%d/%s" % (child, name), "w") as f:
	        f.write("0 %d 1000\n" % first)
	os.write(go[1], b"x")
	sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
	PYTHON
}

zc_need setpriv python3 setfacl chattr perl
zc_need_root
unshare -U true 2>/dev/null || zc_skip "no user namespaces here"
zc_begin
zc_start
write_container
for way in "with_capability -all" "with_capability +fowner" "with_capability +chown" \
	"with_capability +fowner,+chown" "without_capability fowner" "without_capability fsetid" \
	"without_capability chown" chown_to_nobody_else chown_to_nobody_else_with_fowner \
	"as_root_of_a_container 100000" "as_root_of_a_container 12000"; do
	make_files "$ZC_BACK"
	make_files "$ZC_TWIN"
	$way
	zc_same "$ZC_TWIN" "$ZC_MNT" "$ZC_BACK" -- nomtime
	rm -r "${ZC_BACK:?}"/* "${ZC_TWIN:?}"/*
	sleep 1.1 # the names are made anew behind the mount: until the old ones are no longer believed
done
# an empty mount has opened nothing
echo content >"$ZC_BACK/file"
zc_do cat "$ZC_MNT/file" >/dev/null
zc_stop
