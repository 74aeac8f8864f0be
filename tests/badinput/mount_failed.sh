#!/bin/bash
# SPDX-License-Identifier: MIT
# Exit code 11: the kernel refuses the mount for another reason than permission.
# It must not know how the daemon works.
. "$(dirname "$0")/../lib/mount.sh"
. "$(dirname "$0")/refused.sh"

zc_need_root
zc_begin
# an SELinux context that no kernel knows, whether it has SELinux or not
refused 11 '*' -o rootcontext=zcfs_test_bogus "$ZC_BACK" "$ZC_MNT"
refused_end
