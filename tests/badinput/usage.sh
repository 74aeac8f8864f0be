#!/bin/bash
# SPDX-License-Identifier: MIT
# Exit code 2: unknown options, missing and superfluous arguments, values that make no sense.
# It must not know how the daemon works.
. "$(dirname "$0")/../lib/mount.sh"
. "$(dirname "$0")/refused.sh"

zc_begin
refused 2 '*'
refused 2 '*' "$ZC_BACK"
refused 2 '*' -o plane=copy
refused 2 '*third*' "$ZC_BACK" "$ZC_MNT" "$ZC_TMP/third"
for option in --bogus --planes=copy -x -fx --f --helpme -oplane=copyy; do
	refused 2 '*' "$option" "$ZC_BACK" "$ZC_MNT"
	refused 2 '*' "$ZC_BACK" "$ZC_MNT" "$option"
done
for option in bogus plane=bogus plane= plane=COPY 'plane=copy ' plane timeout=abc timeout= timeout=-1 \
	timeout=1x timeout=nan timeout=inf timeout=1e999 entry_timeout=x attr_timeout=x negative_timeout=x \
	stats= threads=0 threads=-1 threads=x threads=1000000 threads=99999999999999999999 nohandles=1 \
	uidmap= uidmap=1:2 uidmap=a:b:c uidmap=0:0:0 uidmap=0:0:4294967296 gidmap=1:2:3:4 squash= squash=1 squash=1:2:3 \
	squash=-1:0 umask= umask=8 umask=1777 fmask=rwx dmask=-1 \
	nonempty=yes ro=1 bogus,plane=copy; do
	refused 2 "*${option%%[,=]*}*" -o "$option" "$ZC_BACK" "$ZC_MNT"
done
refused 2 '*uidmap*' -o uidmap=0:0:10,uidmap=5:50:2 "$ZC_BACK" "$ZC_MNT"
refused 2 '*squash*' -o squash=1:1,gidmap=0:0:1 "$ZC_BACK" "$ZC_MNT"
refused 2 '*bogus*' -o plane=copy,bogus "$ZC_BACK" "$ZC_MNT"
refused 2 '*plane*' -o plane=copy,plane=bogus "$ZC_BACK" "$ZC_MNT"
refused 2 '*plane*' -o plane=bogus -o plane=copy "$ZC_BACK" "$ZC_MNT"
# the counters cannot go to the mount that they are about
mkdir "$ZC_MNT/below"
refused 2 '*stats*' -o "nonempty,stats=$ZC_MNT/file" "$ZC_BACK" "$ZC_MNT"
refused 2 '*stats*' -o "nonempty,stats=$ZC_MNT/below/../below/file" "$ZC_BACK" "$ZC_MNT"
rmdir "$ZC_MNT/below"
# libfuse finds this one
refused 2 '*' -o max_read=bogus "$ZC_BACK" "$ZC_MNT"
# an option whose argument is missing
refused_once 2 '*' "$ZC_BACK" "$ZC_MNT" -o
refused_end
