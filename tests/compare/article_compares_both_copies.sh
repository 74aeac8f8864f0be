#!/bin/bash
# SPDX-License-Identifier: MIT
# --article makes out and out1 beside IN, tells both clocks, and all three are the same; nothing of IN changes.
# Must not know how they are copied.
# shellcheck source=tests/compare/begin.sh
. "$(dirname "$0")/begin.sh"

both_clocks='^(read\+write to out |sendfile   to out1) +[0-9]+\.[0-9]{6} s +[0-9]+\.[0-9]{6} s$'

# check DIR ARGUMENT: of a run on DIR/in, which is called ARGUMENT
check()
{
	local before after sum

	before=$(stat -c '%a %s %Y %Z %i %b' "$1/in")
	"$ZCFS_COMPARE" --article "$2" >said 2>complained || fail "$2: exit code $?: $(cat complained)"
	[ -s complained ] && fail "$2: complains: $(cat complained)"
	after=$(stat -c '%a %s %Y %Z %i %b' "$1/in")
	[ "$before" = "$after" ] || fail "$2: IN was $before and is $after"
	cmp "$1/in" "$1/out" || fail "$2: out differs"
	cmp "$1/in" "$1/out1" || fail "$2: out1 differs"
	[ "$(grep -cE "$both_clocks" said)" = 2 ] || fail "$2: not both clocks: $(cat said)"
	sum=$(sha256sum <"$1/in")
	[ "$(grep -c "^sha256  ${sum%% *}  " said)" = 3 ] || fail "$2: not three times $sum: $(cat said)"
	[ "$(grep -c ': the same, byte by byte$' said)" = 2 ] || fail "$2: not twice the same: $(cat said)"
	rm -f "$1/out" "$1/out1" said complained
}

for size in 1 4095 4096 4097 1048576 5000001; do
	random_file in "$size"
	check . in
	check . ./in
	check . "$tmp/in"
done

mkdir 'a dir'
random_file 'a dir/in' 70000
check 'a dir' 'a dir/in'
ln -s 'a dir' link
check 'a dir' link/in

# the permission bits of IN, none of the others
chmod 6741 in
"$ZCFS_COMPARE" --article in >/dev/null || fail "exit code $?"
[ "$(stat -c %a out out1)" = $'741\n741' ] || fail "modes: $(stat -c '%n %a' out out1)"
rm out out1

# beside the name, also where that is a link
ln -s ../in 'a dir/name'
"$ZCFS_COMPARE" --article 'a dir/name' >/dev/null || fail "exit code $?"
cmp in 'a dir/out' || fail "not beside the link"
cmp in 'a dir/out1' || fail "not beside the link"
rm 'a dir/out' 'a dir/out1'

# on a mount of zcfs, on every plane that works here
if [ "$EUID" = 0 ] && [ -e /dev/fuse ]; then
	mkdir mnt
	clean_up()
	{
		umount -l mnt 2>/dev/null
	}
	for plane in auto splice copy; do
		"$ZCFS" -o "plane=$plane" 'a dir' mnt 2>/dev/null || fail "cannot mount: exit code $?"
		check mnt mnt/in
		umount mnt || fail "cannot unmount"
	done
fi
