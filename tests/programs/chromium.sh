#!/bin/bash
# SPDX-License-Identifier: MIT
# Chromium uploads a file that was chosen on the mount to a server that stores it on the mount, and downloads it
# again onto the mount; all four are the same.
# It must not know how the daemon works.
. "$(dirname "$0")/../lib/mount.sh"
. "$(dirname "$0")/sample.sh"
. "$(dirname "$0")/web.sh"

driver_ready()
{
	curl -q --noproxy '*' -s --max-time 5 "http://127.0.0.1:$1/status" | grep -q '"ready":true'
}

# A browser whose driver was killed lives on; it is known by its profile directory.
end_browsers()
{
	local pid

	for pid in $(grep -lzxF -- "--user-data-dir=$ZC_TMP/profile" /proc/[0-9]*/cmdline 2>/dev/null | cut -d / -f 3); do
		zc_end_process "$pid" 3
	done
}

zc_need chromium chromedriver curl python3
zc_begin
ZC_AT_END=end_browsers
mkdir "$ZC_BACK/choose" "$ZC_BACK/stored" "$ZC_BACK/downloads" "$ZC_TMP/home" "$ZC_TMP/profile"
export HOME=$ZC_TMP/home XDG_CONFIG_HOME=$ZC_TMP/home XDG_CACHE_HOME=$ZC_TMP/home TMPDIR=$ZC_TMP/home
unset DISPLAY WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS
sample_bytes 15000001 >"$ZC_BACK/choose/photo of it.bin"
zc_start
web_server "$ZC_MNT/stored"
port=$(web_free_port)
chromedriver --port="$port" >"$ZC_TMP/driver.out" 2>&1 &
driver=$!
zc_helper $driver
zc_until 30 driver_ready "$port" || zc_fail "chromedriver does not start: $(cat "$ZC_TMP/driver.out")"

zc_do python3 "$(dirname "$0")/browser.py" "$(command -v chromium)" "$port" "$ZC_TMP/profile" "$WEB_URL/" \
	"$ZC_MNT/choose/photo of it.bin" "$ZC_MNT/downloads"
sum=$(sha256sum <"$ZC_BACK/choose/photo of it.bin")
for dir in stored downloads; do
	for top in "$ZC_MNT" "$ZC_BACK"; do
		[ "$(ls "$top/$dir")" = 'photo of it.bin' ] || zc_fail "in $top/$dir: $(ls "$top/$dir")"
		[ "$(sha256sum <"$top/$dir/photo of it.bin")" = "$sum" ] || zc_fail "$top/$dir has other bytes"
	done
done
zc_end_process $driver 10
zc_stop
