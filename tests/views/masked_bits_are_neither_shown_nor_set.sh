#!/bin/bash
# SPDX-License-Identifier: MIT
# umask, fmask and dmask: permission bits that nobody has on the mount, and that nothing gets that is made or changed
# through it. It must not know who checks.
. "$(dirname "$0")/views.sh"

zc_begin
make_owned 0 1000
chown 1000 "$ZC_BACK" # others may not enter it on the mount
cp /bin/true "$ZC_BACK/0/program"
zc_start umask=027 timeout=0
shows "$ZC_MNT" 0 '0:0 750'
shows "$ZC_MNT" 0/file '0:0 640'
shows "$ZC_MNT" 0/program '0:0 750'
shows "$ZC_BACK" 0/program '0:0 755'
fails 1000 'Permission denied' sh -c 0/program
fails 1000 'Permission denied' ls 0
works 1000 sh -c 'umask 0; touch 1000/new; mkdir 1000/d; mkfifo 1000/p; chmod 666 1000/file'
shows "$ZC_BACK" 1000/new '1000:1000 640'
shows "$ZC_BACK" 1000/d '1000:1000 750'
shows "$ZC_BACK" 1000/p '1000:1000 640'
shows "$ZC_BACK" 1000/file '1000:1000 640'
# ACLs give back nothing that a mask takes
setfacl -m u:1000:rwx,o:rwx "$ZC_BACK/0/file"
acl_has "$ZC_MNT/0/file" mask::r-x
acl_has "$ZC_MNT/0/file" other::---
works 1000 sh -c 'setfacl -m u:2000:rwx,o:rwx 1000/new'
acl_has "$ZC_BACK/1000/new" mask::r-x
acl_has "$ZC_BACK/1000/new" other::---
zc_do cat "$ZC_MNT/0/file" >/dev/null
zc_stop

zc_start fmask=0111 dmask=022 timeout=0
shows "$ZC_MNT" 0 '0:0 755'
shows "$ZC_MNT" 0/program '0:0 644'
fails 0 'Permission denied' sh -c 0/program
works 1000 sh -c 'umask 0; cp /bin/true 1000/t; mkdir 1000/e; chmod 777 1000/e'
shows "$ZC_BACK" 1000/t '1000:1000 644'
shows "$ZC_BACK" 1000/e '1000:1000 755'
zc_do cat "$ZC_MNT/0/program" >/dev/null
zc_stop
