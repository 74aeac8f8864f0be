#!/bin/bash
# SPDX-License-Identifier: MIT
# tar packs the mount and unpacks onto it with nothing lost: xattrs, ACLs, hard links, holes.
# It must not know how the daemon works.
. "$(dirname "$0")/../lib/mount.sh"
. "$(dirname "$0")/sample.sh"

flags=(--format=posix --xattrs '--xattrs-include=*' --acls --no-selinux --sparse --numeric-owner)

zc_need_root
zc_need tar setfacl setfattr python3
zc_begin
src=$ZC_TMP/src
sample_tree "$src"
zc_start

zc_quiet tar "${flags[@]}" -cf "$ZC_TMP/src.tar" -C "$src" .
for top in "$ZC_MNT" "$ZC_TWIN"; do
	mkdir "$top/out" "$top/again"
	zc_quiet tar "${flags[@]}" -xpf "$ZC_TMP/src.tar" -C "$top/out"
	# the archive itself on the mount, packed from and unpacked to the mount
	zc_quiet tar "${flags[@]}" --sort=name -cf "$top/out.tar" -C "$top/out" .
	zc_quiet tar "${flags[@]}" -xpf "$top/out.tar" -C "$top/again"
	zc_quiet tar "${flags[@]}" -df "$top/out.tar" -C "$top/out"
	zc_quiet tar --zstd -cf "$top/out.tar.zst" -C "$top" out.tar
done
zc_same_as_twin out
zc_same_as_twin again
zc_same "$src" "$ZC_MNT/out"
cmp "$ZC_BACK/out.tar" "$ZC_MNT/out.tar" || zc_fail "the archive differs between mount and backing directory"
zc_quiet tar "${flags[@]}" -df "$ZC_TMP/src.tar" -C "$ZC_MNT/again"
# unpacking over what is there, of which one file is setuid
ZC_SETID=1
for top in "$ZC_MNT" "$ZC_TWIN"; do
	zc_quiet tar "${flags[@]}" -xpf "$ZC_TMP/src.tar" --overwrite -C "$top/out"
	zc_quiet tar "${flags[@]}" -xpf "$ZC_TMP/src.tar" --unlink-first --recursive-unlink -C "$top/again"
done
zc_same_as_twin out
# the top directory loses and gains entries after its time was set
zc_same_as_twin again nodirmtime
zc_stop
