# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Sourced by the tests that mount as an ordinary user: the temporary tree belongs to a uid without a name.
# It must not know how the daemon gets its mount.

USER_ID=12345
USER_PREFIX=(setpriv --reuid="$USER_ID" --regid="$USER_ID" --clear-groups)

as_user()
{
	timeout -k 5 "$ZC_LIMIT" "${USER_PREFIX[@]}" "$@"
}

user_quiet()
{
	zc_quiet "${USER_PREFIX[@]}" "$@"
}

# user_begin: like zc_begin, with directories that are the user's; skips where a user cannot mount at all.
# ZCFS becomes a copy, for the build directory may be shut to other users. Users get the splice plane.
user_begin()
{
	zc_need_root
	zc_need setpriv fusermount3
	[ -u "$(command -v fusermount3)" ] || zc_skip "fusermount3 is not setuid root"
	zc_begin
	mkdir "$ZC_TMP/user" "$ZC_TMP/bin"
	cp "$ZCFS" "$ZC_TMP/bin/zcfs"
	ZCFS=$ZC_TMP/bin/zcfs
	chown "$USER_ID:$USER_ID" "$ZC_BACK" "$ZC_MNT" "$ZC_TWIN" "$ZC_TMP/user" "$ZC_TMP/stats"
	ZC_AS=("${USER_PREFIX[@]}")
	ZC_PLANE=splice
}
