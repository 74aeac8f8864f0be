#!/bin/bash
# SPDX-License-Identifier: MIT
# What somebody puts beside the counters' file, a link or a FIFO, neither redirects nor stops the daemon.
# It must not know what the daemon writes first.
. "$(dirname "$0")/../lib/mount.sh"

zc_need_root
zc_begin
echo text >"$ZC_BACK/file"
echo precious >"$ZC_TMP/precious"
zc_start
zc_quiet cat "$ZC_MNT/file" >/dev/null
ln -s "$ZC_TMP/precious" "$ZC_STATS.new"
zc_stats
[ "$(cat "$ZC_TMP/precious")" = precious ] || zc_fail "a file was overwritten through a link"
mkfifo "$ZC_STATS.new"
zc_stats
zc_stop
