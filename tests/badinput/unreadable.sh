#!/bin/bash
# SPDX-License-Identifier: MIT
# Exit code 5: BACKING cannot be read by the user who mounts.
# It must not know how the daemon works.
. "$(dirname "$0")/../lib/mount.sh"
. "$(dirname "$0")/refused.sh"
. "$(dirname "$0")/../programs/user.sh"

user_begin
mkdir -m 700 "$ZC_TMP/shut" "$ZC_TMP/shut/inside"
mkdir -m 311 "$ZC_TMP/unlisted"
mkdir -m 644 "$ZC_TMP/not-entered"
chown "$USER_ID" "$ZC_TMP/unlisted" "$ZC_TMP/not-entered"
REFUSED_AS=("${USER_PREFIX[@]}")
refused 5 "$ZC_TMP/shut" "$ZC_TMP/shut" "$ZC_MNT"
refused 5 "$ZC_TMP/shut/inside" "$ZC_TMP/shut/inside" "$ZC_MNT"
refused 5 "$ZC_TMP/unlisted" "$ZC_TMP/unlisted" "$ZC_MNT"
refused 5 "$ZC_TMP/not-entered" "$ZC_TMP/not-entered" "$ZC_MNT"
refused_end
