#!/bin/bash
# SPDX-License-Identifier: MIT
# squash: everything shows as of one user and group, who may do with it what an owner may, and what anybody makes
# belongs to that one below, without ever giving his rights away. It must not know who translates.
. "$(dirname "$0")/views.sh"

# make_setid UID FILE MODE: with that mode from the first moment on
make_setid()
{
	works "$1" perl -MFcntl -e 'umask 0; sysopen(F, $ARGV[0], O_CREAT | O_WRONLY, oct $ARGV[1]) or die "$!\n"' "$2" "$3"
}

zc_need perl
zc_begin
make_owned 0 1000 5000
chmod 777 "$ZC_BACK/5000"
zc_start squash=1000:1000 timeout=0
for name in 0 1000 5000; do
	shows "$ZC_MNT" "$name/file" '1000:1000 640'
done
works 1000 sh -c 'cat 0/file 5000/file && echo more >>0/file && chmod 600 0/file && touch -d @1 0/file && chown 1000:1000 0/file'
shows "$ZC_BACK" 0/file '0:0 600'
works 1000 sh -c 'mv 0/file 0/moved && rm 0/moved && rmdir 0 && mkdir 0'
shows "$ZC_BACK" 0 '1000:1000 755'
fails 1000 'not permitted' chown 5 1000/file
fails 0 'not permitted' chown 5 1000/file
fails 2000 'Permission denied' cat 1000/file
# made by anybody, with nobody's rights
works 2000 sh -c 'echo new >5000/new'
fails 2000 'not permitted' chmod 4777 5000/new
make_setid 2000 5000/setid 06777
shows "$ZC_BACK" 5000/setid '1000:1000 777'
make_setid 1000 5000/own 04755
shows "$ZC_BACK" 5000/own '1000:1000 4755'
(cd "$ZC_MNT" && touch 0/root) || zc_fail "root makes nothing"
shows "$ZC_BACK" 0/root '1000:1000 644'
# entries for others mean nothing where all belongs to one
setfacl -m u:2000:r "$ZC_BACK/1000/file"
fails 2000 'Permission denied' cat 1000/file
fails 1000 'not supported' setfacl -m u:2000:r 1000/file
ZC_SETID=1
zc_stop

# squashed to root, others still get no power of his
zc_start squash=0:0 timeout=0
make_setid 2000 5000/root 06777
shows "$ZC_BACK" 5000/root '0:0 777'
fails 2000 '' chattr +i 5000/root
fails 2000 'not permitted' chmod 4777 5000/root
fails 2000 'Permission denied' cat 1000/file
zc_do cat "$ZC_MNT/5000/root"
ZC_SETID=0
zc_stop
