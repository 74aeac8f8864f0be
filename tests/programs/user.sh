# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Sourced by the tests that mount as an ordinary user: the temporary tree belongs to nobody, who has no rights
# but, as fusermount3 demands, a name.
# It must not know how the daemon gets its mount.

USER_ID=$(getent passwd nobody | cut -d : -f 3)
USER_PREFIX=(setpriv --reuid="$USER_ID" --regid="$USER_ID" --clear-groups)

as_user()
{
	timeout -k 5 "$ZC_LIMIT" "${USER_PREFIX[@]}" "$@"
}

user_quiet()
{
	zc_quiet "${USER_PREFIX[@]}" "$@"
}

# user_device: /dev/fuse as udev makes it, open to all, in a mount namespace of the test's own, where it is shut.
# Starts the test once more in there.
user_device()
{
	local perm

	perm=$(stat -c %a /dev/fuse) || zc_skip "no /dev/fuse"
	if (((0$perm & 6) == 6)); then
		return
	fi
	[ -z "${USER_INSIDE:-}" ] || zc_skip "/dev/fuse cannot be opened to users"
	unshare -m true 2>/dev/null || zc_skip "/dev/fuse is for root only, and no mount namespaces here"
	export USER_INSIDE=1
	# shellcheck disable=SC2016 # for the inner shell
	exec unshare -m --propagation private bash -c '
		node=$(mktemp -d) && mknod -m 666 "$node/fuse" c 10 229 && mount --bind "$node/fuse" /dev/fuse
		rm -rf "$node"
		exec "$@"' - "$0"
}

# user_begin: like zc_begin, with directories that are the user's; skips where a user cannot mount at all.
# ZCFS becomes a copy, for the build directory may be shut to other users. Users get the splice plane.
user_begin()
{
	zc_need_root
	zc_need setpriv fusermount3
	[ -u "$(command -v fusermount3)" ] || zc_skip "fusermount3 is not setuid root"
	user_device
	zc_begin
	mkdir "$ZC_TMP/user" "$ZC_TMP/bin"
	cp "$ZCFS" "$ZC_TMP/bin/zcfs"
	ZCFS=$ZC_TMP/bin/zcfs
	chown "$USER_ID:$USER_ID" "$ZC_BACK" "$ZC_MNT" "$ZC_TWIN" "$ZC_TMP/user" "$ZC_TMP/stats"
	# shellcheck disable=SC2034 # mount.sh uses them
	ZC_AS=("${USER_PREFIX[@]}")
	# shellcheck disable=SC2034
	ZC_PLANE=splice
}
