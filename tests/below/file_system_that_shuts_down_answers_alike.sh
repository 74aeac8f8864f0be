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
below_same_answers
zc_stop
