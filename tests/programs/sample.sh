# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Sourced by the program tests: makes a small tree with everything in it that a careful copy has to keep.
# It must not know the mount: it is always built in a plain directory.

# sample_bytes COUNT: that many bytes without a pattern
sample_bytes()
{
	head -c "$1" /dev/urandom
}

# sample_tree DIR
sample_tree()
{
	local top=$1 size

	mkdir -p "$top/sizes" "$top/deep/er/est" "$top/sticky" "$top/group" "$top/shut" "$top/links"
	for size in 0 1 4095 4096 4097 131072 1048579 8388608; do
		sample_bytes "$size" >"$top/sizes/$size"
	done
	sample_bytes 5000 >"$top/deep/er/est/name with  spaces"
	sample_bytes 10 >"$top/deep/-leading dash"
	sample_bytes 11 >"$top/deep/$(printf 'new\nline')"
	sample_bytes 12 >"$top/deep/$(printf '\303\244\303\266 \377')"
	sample_bytes 13 >"$top/deep/$(printf 'n%.0s' {1..255})"
	sample_sparse "$top/sparse"
	sample_links "$top"
	sample_metadata "$top"
	if [ "$EUID" = 0 ]; then
		sample_root_only "$top"
	fi
	find "$top" -depth -exec touch -h -d '2001-02-03 04:05:06.789012345' {} +
}

# 16 MiB, of which two islands are data
sample_sparse()
{
	truncate -s 16M "$1"
	sample_bytes 65536 | dd of="$1" bs=64k seek=80 conv=notrunc status=none
	sample_bytes 4096 | dd of="$1" bs=4k seek=3000 conv=notrunc status=none
}

sample_links()
{
	ln "$1/sizes/4096" "$1/links/hard1"
	ln "$1/sizes/4096" "$1/deep/er/hard2"
	ln -s ../sizes/1 "$1/links/relative"
	ln -s /etc/hostname "$1/links/absolute"
	ln -s nowhere/at/all "$1/links/dangling"
	mkfifo "$1/links/fifo"
}

sample_metadata()
{
	chmod 1777 "$1/sticky"
	chmod 2775 "$1/group"
	chmod 700 "$1/shut"
	chmod 4755 "$1/sizes/4095"
	chmod 000 "$1/sizes/4097"
	setfattr -n user.short -v value "$1/sizes/1"
	setfattr -n user.binary -v 0x00ff10000a "$1/sizes/1"
	setfattr -n user.long -v "$(printf 'v%.0s' {1..2000})" "$1/deep/er"
	setfacl -m u:12345:rw,g:54321:r "$1/sizes/131072"
	setfacl -d -m u:12345:rwx "$1/group"
}

sample_root_only()
{
	mknod "$1/links/null" c 1 3
	chown -h 12345:54321 "$1/deep/-leading dash" "$1/shut" "$1/links/relative"
	chown 1000:100 "$1/sizes/1048579"
	setfattr -n trusted.zcfs -v root "$1/sizes/0"
	setfattr -h -n trusted.link -v root "$1/links/dangling"
}
