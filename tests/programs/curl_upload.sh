#!/bin/bash
# SPDX-License-Identifier: MIT
# Files uploaded with curl, by form and by PUT, to a small server and to nginx, arrive on the mount unchanged.
# It must not know how the daemon works.
. "$(dirname "$0")/../lib/mount.sh"
. "$(dirname "$0")/sample.sh"
. "$(dirname "$0")/web.sh"

sizes='0 1 4097 1048577 20000003'

zc_need curl python3
zc_begin
mkdir "$ZC_TMP/src" "$ZC_BACK/put" "$ZC_BACK/dav" "$ZC_BACK/renamed" "$ZC_BACK/form"
for size in $sizes; do
	sample_bytes "$size" >"$ZC_TMP/src/$size"
done
zc_start

web_server "$ZC_MNT/put"
for size in $sizes; do
	web_curl -o /dev/null -T "$ZC_TMP/src/$size" "$WEB_URL/$size"
done
zc_same "$ZC_TMP/src" "$ZC_MNT/put" -- nomtime
# from the mount, onto the mount, and once more over what is there
for size in $sizes $sizes; do
	web_curl -o /dev/null -T "$ZC_MNT/put/$size" "$WEB_URL/again-$size"
	web_curl -o "$ZC_MNT/back-$size" "$WEB_URL/again-$size"
	cmp "$ZC_TMP/src/$size" "$ZC_BACK/back-$size" || zc_fail "$size came back changed"
done
web_server "$ZC_MNT/form"
for size in $sizes; do
	web_curl -o /dev/null -F note=note -F "file=@$ZC_TMP/src/$size" "$WEB_URL/upload"
done
zc_same "$ZC_TMP/src" "$ZC_BACK/form" -- nomtime

# nginx writes the body to a temporary file: on another file system it is copied onto the mount, on the mount it
# is renamed there
if command -v nginx >/dev/null && nginx -V 2>&1 | grep -q http_dav_module; then
	web_nginx "root $ZC_MNT; dav_methods PUT DELETE MKCOL; location /renamed { client_body_temp_path $ZC_MNT/temp; }"
	for size in $sizes; do
		web_curl -o /dev/null -T "$ZC_TMP/src/$size" "$WEB_URL/dav/$size"
		web_curl -o /dev/null -T "$ZC_TMP/src/$size" "$WEB_URL/renamed/$size"
	done
	for dir in dav renamed; do
		diff -r "$ZC_TMP/src" "$ZC_MNT/$dir" || zc_fail "nginx stored something else in $dir"
		diff -r "$ZC_TMP/src" "$ZC_BACK/$dir" || zc_fail "nginx stored something else in $dir"
	done
	web_curl -o /dev/null -X DELETE "$WEB_URL/dav/1"
	[ ! -e "$ZC_BACK/dav/1" ] || zc_fail "DELETE left the file"
	grep -E '\[(error|crit|alert|emerg)\]' "$ZC_TMP/nginx/error.log" && zc_fail "nginx logged an error"
else
	echo "nginx with its dav module is not installed: PUT to nginx not tried"
fi
zc_stop
