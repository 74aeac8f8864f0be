#!/bin/bash
# SPDX-License-Identifier: MIT
# A user whose file was given to root in the backing directory cannot make it setuid, change its times or give it
# an ACL through the mount, even while the mount still believes that he owns it. It must not know how that is done.
. "$(dirname "$0")/../lib/mount.sh"

zc_need_root
zc_need setpriv setfacl
zc_begin
zc_start timeout=1000
for name in mode times acl; do
	cp /bin/true "$ZC_BACK/$name"
	chown 65534:65534 "$ZC_BACK/$name"
	[ "$(stat -c %u "$ZC_MNT/$name")" = 65534 ] || zc_fail "the owner does not show"
	chown 0:0 "$ZC_BACK/$name"
done
zc_as_nobody chmod 4755 "$ZC_MNT/mode" 2>/dev/null && zc_fail "the former owner made it setuid"
zc_as_nobody touch -d @1 "$ZC_MNT/times" 2>/dev/null && zc_fail "the former owner changed its times"
zc_as_nobody setfacl -m u:65534:rwx "$ZC_MNT/acl" 2>/dev/null && zc_fail "the former owner gave it an ACL"
[ "$(stat -c %a:%u "$ZC_BACK/mode")" = 755:0 ] || zc_fail "the file is $(stat -c %a:%u "$ZC_BACK/mode")"
kill -TERM "$ZC_PID"
zc_ended
zc_check_logs
