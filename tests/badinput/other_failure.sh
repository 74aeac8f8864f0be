#!/bin/bash
# SPDX-License-Identifier: MIT
# Exit code 12: what is neither a mistake in the arguments nor in the mount, such as no descriptors left.
# It must not know how the daemon works.
. "$(dirname "$0")/../lib/mount.sh"
. "$(dirname "$0")/refused.sh"

zc_need_root
zc_need prlimit
zc_begin
REFUSED_AS=(prlimit --nofile=4:4)
refused 12 '*' "$ZC_BACK" "$ZC_MNT"
for limit in 5 6; do
	REFUSED_AS=(prlimit --nofile="$limit:$limit")
	refused '11|12' '*' "$ZC_BACK" "$ZC_MNT"
done
refused_end
