#!/bin/bash
# SPDX-License-Identifier: MIT
# uidmap and gidmap: owners show as their counterparts, what is made belongs to the counterpart of its maker, and
# who has none makes nothing and owns nothing, as on an idmapped mount. It must not know who translates.
. "$(dirname "$0")/views.sh"

zc_begin
make_owned 0 1000 5000
zc_start uidmap=0:100000:1000 gidmap=0:100000:1000 uidmap=1000:1000:1 gidmap=1000:1000:1 timeout=0
shows "$ZC_MNT" 0/file '100000:100000 640'
shows "$ZC_MNT" 1000/file '1000:1000 640'
# made by a mapped user
works 100000 sh -c 'cat 0/file && echo new >0/new && chmod 600 0/new && mkdir 0/d && ln -s x 0/l && mkfifo 0/p'
for name in d l p; do
	[ "$(stat -c %u:%g "$ZC_BACK/0/$name")" = 0:0 ] || zc_fail "0/$name is not the counterpart's"
done
shows "$ZC_BACK" 0/new '0:0 600'
shows "$ZC_MNT" 0/new '100000:100000 600'
works 1000 sh -c 'cat 1000/file && echo more >>1000/file && touch 1000/file && chmod 600 1000/file && chown 1000:1000 1000/file'
# he is root below, and nobody here
works 100000 sh -c 'cp /bin/true 0/t && chmod 755 0/t'
fails 100000 'not permitted' chown 1000 0/t
fails 100000 'Permission denied' cat 1000/file
fails 100000 'Permission denied' touch 1000/x
# chown by root, both ways
(cd "$ZC_MNT" && chown 100005:1000 1000/file) || zc_fail "chown to a counterpart"
shows "$ZC_BACK" 1000/file '5:1000 600'
fails 0 'Invalid argument' chown 0 1000/file
fails 0 'Invalid argument' chgrp 5000 1000/file
# without a counterpart: nobody's file, and not to be opened by nobody
shows "$ZC_MNT" 5000/file '65534:65534 0'
fails 65534 'Permission denied' cat 5000/file
fails 65534 'not permitted' chmod 777 5000/file
fails 65534 'Permission denied' touch 5000/x
# a maker without a counterpart
chmod 777 "$ZC_BACK"
fails 777 'too large' touch u777
fails 0 'too large' touch root
fails 0 'too large' mkdir root
works 777 sh -c 'ls && cat 0/t >/dev/null'
# ids in ACLs
(cd "$ZC_MNT" && setfacl -m u:1000:r,g:100003:rw 1000/file) || zc_fail "setfacl with counterparts"
acl_has "$ZC_BACK/1000/file" group:3:rw-
acl_has "$ZC_MNT/1000/file" group:100003:rw-
fails 0 'Invalid argument' setfacl -m u:3:r 1000/file
setfacl -m u:5000:rwx "$ZC_BACK/1000/file"
acl_has "$ZC_MNT/1000/file" user:65534:---
# supplementary groups
chown 0:7 "$ZC_BACK/0/new" && chmod 2660 "$ZC_BACK/0/new"
(cd "$ZC_MNT" && setpriv --reuid=1000 --regid=1000 --groups=100007 sh -c 'echo more >>0/new') || zc_fail "a mapped group"
fails 1000 'Permission denied' sh -c 'echo more >>0/new'
zc_do cat "$ZC_MNT/0/t" >/dev/null
ZC_SETID=1
zc_stop
