#!/bin/bash
# SPDX-License-Identifier: MIT
# nginx serves the mount through sendfile(2), whole files and ranges, and every byte is right.
# It must not know how the daemon works.
. "$(dirname "$0")/../lib/mount.sh"
. "$(dirname "$0")/sample.sh"
. "$(dirname "$0")/web.sh"

zc_need nginx curl strace python3
zc_begin
mkdir "$ZC_BACK/files"
for size in 0 1 1000 4096 65537 1048576 50000001; do
	sample_bytes "$size" >"$ZC_BACK/files/$size"
done
chmod -R a+rX "$ZC_BACK"
zc_start
web_nginx "root $ZC_MNT; location / { }" strace -f -qq -e trace=sendfile -o "$ZC_TMP/strace"

mkdir "$ZC_TMP/got"
for round in cold warm; do
	for size in 0 1 1000 4096 65537 1048576 50000001; do
		web_curl -o "$ZC_TMP/got/$size" "$WEB_URL/files/$size"
	done
	diff -r "$ZC_BACK/files" "$ZC_TMP/got" || zc_fail "a download differs ($round)"
done
# several at a time, and ranges that start and end anywhere
web_curl --parallel --parallel-max 6 "$WEB_URL/files/50000001" -o "$ZC_TMP/p1" \
	"$WEB_URL/files/50000001" -o "$ZC_TMP/p2" "$WEB_URL/files/1048576" -o "$ZC_TMP/p3"
for pair in 50000001:p1 50000001:p2 1048576:p3; do
	cmp "$ZC_BACK/files/${pair%:*}" "$ZC_TMP/${pair#*:}" || zc_fail "a parallel download differs"
done
for range in 0-0 1-4096 4095-4097 33333333-44444444 50000000-50000000; do
	web_curl -r "$range" -o "$ZC_TMP/range" "$WEB_URL/files/50000001"
	from=${range%-*}
	to=${range#*-}
	tail -c +$((from + 1)) "$ZC_BACK/files/50000001" | head -c $((to - from + 1)) |
		cmp - "$ZC_TMP/range" || zc_fail "range $range differs"
done
# a file replaced and one that grew in place, through the mount, are served as they are now
sample_bytes 300000 >"$ZC_MNT/files/new" && mv "$ZC_MNT/files/new" "$ZC_MNT/files/1000"
sample_bytes 200000 >>"$ZC_MNT/files/4096"
for size in 1000 4096; do
	web_curl -o "$ZC_TMP/got/$size" "$WEB_URL/files/$size"
	cmp "$ZC_BACK/files/$size" "$ZC_TMP/got/$size" || zc_fail "$size was served as it had been before"
done
kill -TERM "$WEB_NGINX"
zc_until 10 zc_gone "$WEB_NGINX" || zc_fail "nginx does not end"
sent=$(awk '/sendfile\(/ && $NF > 0 { sum += $NF } END { print sum + 0 }' "$ZC_TMP/strace")
[ "$sent" -ge 200000000 ] || zc_fail "only $sent bytes went through sendfile"
grep -E '\[(error|crit|alert|emerg)\]' "$ZC_TMP/nginx/error.log" && zc_fail "nginx logged an error"
zc_stop
