#!/bin/bash
# SPDX-License-Identifier: MIT
# A mount below the backing directory that has no ACLs is open to users, and one that has them keeps them
# when the backing directory has none. It must not know what is negotiated with the kernel.
. "$(dirname "$0")/../lib/mount.sh"

zc_need_root
zc_need setpriv setfacl
zc_begin
mount -t ramfs zcfs-test "$ZC_BACK" || zc_skip "no ramfs here"
mkdir "$ZC_BACK/plain" "$ZC_BACK/acl"
mount -t ramfs zcfs-test "$ZC_BACK/plain"
mount -t tmpfs zcfs-test "$ZC_BACK/acl" || zc_skip "no tmpfs here"
chmod 755 "$ZC_BACK" "$ZC_BACK/plain" "$ZC_BACK/acl"
echo open >"$ZC_BACK/plain/file"
echo secret >"$ZC_BACK/acl/file"
chown 0:65534 "$ZC_BACK/acl/file"
chmod 660 "$ZC_BACK/acl/file"
setfacl -m g::---,g:4444:rw,m::rw "$ZC_BACK/acl/file" || zc_skip "no ACLs on tmpfs here"
zc_start
[ "$(zc_as_nobody cat "$ZC_MNT/plain/file")" = open ] || zc_fail "a user cannot read where there are no ACLs"
zc_as_nobody cat "$ZC_BACK/acl/file" 2>/dev/null && zc_fail "the ACL does not refuse even without zcfs"
zc_as_nobody cat "$ZC_MNT/acl/file" 2>/dev/null && zc_fail "the ACL was ignored"
zc_stop
