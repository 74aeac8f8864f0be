#!/bin/bash
# SPDX-License-Identifier: MIT
# A C program of some 30 files is built by make -j4 on the mount, runs from there, and is the one built elsewhere.
# It must not know how the daemon works.
. "$(dirname "$0")/../lib/mount.sh"

files=30

generate()
{
	local i

	mkdir -p "$1/src" "$1/include" "$1/out"
	{
		echo '#pragma once'
		for ((i = 1; i <= files; i++)); do
			echo "long part$i(long n);"
		done
	} >"$1/include/parts.h"
	for ((i = 1; i <= files; i++)); do
		cat >"$1/src/part$i.c" <<-C
		#include <stdlib.h>
		#include <string.h>
		#include "parts.h"
		long part$i(long n)
		{
			long sum = $i;
			for (long i = 0; i < n; i++)
				sum = (sum * 31 + i * $i) % 1000003;
			return sum;
		}
		C
	done
	{
		printf '#include <stdio.h>\n#include "parts.h"\nint main(void)\n{\n\tlong sum = 0;\n'
		for ((i = 1; i <= files; i++)); do
			printf '\tsum += part%d(%d);\n' "$i" $((i * 100))
		done
		printf '\tprintf("%%ld\\n", sum);\n\treturn 0;\n}\n'
	} >"$1/src/main.c"
	# a here-document loses its tabs
	cat >"$1/Makefile" <<-'MAKE'
	.RECIPEPREFIX = >
	objects := $(patsubst src/%.c,out/%.o,$(wildcard src/*.c))
	prog: out/libparts.a
	> $(CC) -o $@ out/main.o out/libparts.a
	out/libparts.a: $(objects)
	> rm -f $@ && ar rcsD $@ $(filter-out out/main.o,$^)
	out/%.o: src/%.c include/parts.h
	> $(CC) -O1 -Iinclude -MMD -pipe -c -o $@ $<
	clean:
	> rm -rf out/* prog
	MAKE
	# the sources are older than anything that is built from them, whatever the clock's grain
	find "$1" -type f -exec touch -d '2020-01-01' {} +
}

zc_need make cc ar python3
zc_begin
export CC=cc
unset MAKEFLAGS MAKELEVEL
generate "$ZC_TMP/project"
zc_start
for top in "$ZC_MNT" "$ZC_TWIN"; do
	zc_do cp -a "$ZC_TMP/project" "$top/project"
	zc_quiet make -s -j4 -C "$top/project"
	timeout 20 "$top/project/prog" >"$ZC_TMP/$(basename "$top").out" || zc_fail "$top/project/prog does not run"
done
cmp "$ZC_TMP/twin.out" "$ZC_TMP/mnt.out" || zc_fail "the program computes something else"
for name in prog out/libparts.a out/main.o out/part7.o; do
	cmp "$ZC_TWIN/project/$name" "$ZC_MNT/project/$name" || zc_fail "$name differs"
done
[ -x "$ZC_MNT/project/prog" ] || zc_fail "the program is not executable"

# make's idea of time on the mount
timeout "$ZC_LIMIT" make -q -C "$ZC_MNT/project" >/dev/null || zc_fail "make wants to build again what is built"
touch -d '2035-01-01' "$ZC_MNT/project/src/part3.c"
timeout "$ZC_LIMIT" make -q -C "$ZC_MNT/project" >/dev/null && zc_fail "make did not see a newer source"
touch -d '2020-01-01' "$ZC_MNT/project/src/part3.c"

# built again while the program runs from the mount; then a clean build after a fresh mount
zc_quiet make -s -j4 -C "$ZC_MNT/project" clean
zc_quiet make -s -j4 -C "$ZC_MNT/project"
cmp "$ZC_TWIN/project/prog" "$ZC_MNT/project/prog" || zc_fail "the second build differs"
zc_same_as_twin project nomtime
zc_stop
zc_start
timeout 20 "$ZC_MNT/project/prog" | cmp - "$ZC_TMP/twin.out" || zc_fail "the program does not run after a new mount"
zc_stop
