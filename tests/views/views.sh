# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Sourced by the tests of views: people, and what a command says or does.
# It must not know any single view.
. "$(dirname "$0")/../lib/mount.sh"

zc_need setpriv setfacl getfacl
zc_need_root

# as UID COMMAND...: with nothing but that uid and gid, in the mount
as()
{
	local uid=$1

	shift
	(cd "$ZC_MNT" && timeout -k 5 "$ZC_LIMIT" setpriv --reuid="$uid" --regid="$uid" --clear-groups "$@" 2>&1)
}

# works UID COMMAND...; fails UID WORDS COMMAND...: it fails, and these words tell why
works()
{
	local said

	said=$(as "$@") || zc_fail "uid $*: $said"
}

fails()
{
	local uid=$1 words=$2 said

	shift 2
	said=$(as "$uid" "$@") && zc_fail "uid $uid: $*: works"
	[[ $said == *"$words"* ]] || zc_fail "uid $uid: $*: not '$words' but: $said"
}

# shows DIR NAME WANTED: owner, group and mode
shows()
{
	local got

	got=$(stat -c '%u:%g %a' "$1/$2") || zc_fail "$1/$2 cannot be looked at"
	[ "$got" = "$3" ] || zc_fail "$1/$2 is $got, not $3"
}

# acl_has FILE LINE
acl_has()
{
	getfacl -np "$1" 2>/dev/null | grep -qxF "$2" || zc_fail "$1: no $2 in: $(getfacl -np "$1" 2>&1)"
}

# make_owned UID...: a directory and a file (mode 640) of each in the backing directory
make_owned()
{
	local uid

	for uid; do
		mkdir "$ZC_BACK/$uid"
		echo "of $uid" >"$ZC_BACK/$uid/file"
		chmod 640 "$ZC_BACK/$uid/file"
		chown -R "$uid:$uid" "$ZC_BACK/$uid"
	done
}
