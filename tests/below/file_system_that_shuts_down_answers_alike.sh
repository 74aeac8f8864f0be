#!/bin/bash
# SPDX-License-Identifier: MIT
# A file system that shuts down after an error of its device answers EIO: on the mount to the same calls as in a
# plain directory on it, and the daemon still ends as it should. It must not know which calls these are.
. "$(dirname "$0")/../lib/mount.sh"
. "$(dirname "$0")/below.sh"

below_begin
below_image "${BELOW_FS:?}" 330
below_prepare
zc_start
below_calls_begin mnt twin
below_shutdown
below_calls_end mnt twin
# A lookup on the mount brings attributes, which xfs refuses where the name alone is known; so does it refuse to open
# the directory once more, which fsync of a directory takes. Off the passthrough plane the mount has a cache of its own
# for file data: what is in it can still be read, what is not cannot be, whatever the backing file's cache holds.
but='^(create exclusively|mkdir of what exists|access|folder: fsync)'
[ "$ZC_PLANE" = passthrough ] || but+='|^(held: read what is cached|mapped)'
below_same_answers "$but"
zc_stop
