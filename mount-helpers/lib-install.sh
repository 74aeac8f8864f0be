# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# What has to be on a machine to build, test and lint zcfs, and how it gets there: sourced by quickstart and tests/run.
# Must not know what is done with it afterwards; outside apt's own work it changes nothing on the machine for good.

# One line a need: group, probe, Debian package. A probe asks for the thing, not for the package, so that
# machines without apt can be told what is missing as well.
#   cmd:NAME a program; pc:NAME a pkg-config module; hdr:NAME a header the C compiler finds; file:PATH a file
zc_needs='
build	cmd:gcc	gcc
build	hdr:stdlib.h	libc6-dev
build	cmd:pkg-config	pkg-config
build	cmd:meson	meson
build	cmd:ninja	ninja-build
build	cmd:patch	patch
build	pc:libcap	libcap-dev
build	pc:libcrypto	libssl-dev
build	pc:jansson	libjansson-dev
build	pc:liburing	liburing-dev
build	pc:numa	libnuma-dev
build	cmd:fusermount3	fuse3
build	cmd:curl	curl
build	file:/etc/ssl/certs/ca-certificates.crt	ca-certificates
test	pc:cmocka	libcmocka-dev
test	pc:libacl	libacl1-dev
test	cmd:setfacl	acl
test	cmd:setfattr	attr
test	cmd:setcap	libcap2-bin
test	cmd:mkfs.ext4	e2fsprogs
test	cmd:mkfs.xfs	xfsprogs
test	cmd:mkfs.btrfs	btrfs-progs
test	cmd:rsync	rsync
test	cmd:sqlite3	sqlite3
test	cmd:git	git
test	cmd:make	make
test	cmd:nginx	nginx-light
test	cmd:chromium	chromium
test	cmd:chromedriver	chromium-driver
test	cmd:python3	python3
test	cmd:strace	strace
test	cmd:zstd	zstd
test	cmd:ps	procps
test	cmd:mandoc	mandoc
test	cmd:mount	mount
test	cmd:setpriv	util-linux
lint	cmd:shellcheck	shellcheck
lint	cmd:clang-format	clang-format
lint	cmd:clang-tidy	clang-tidy
'

# zc_say TEXT: one line on stderr, from zc_me if the sourcing script set it
zc_say() {
	printf '%s: %s\n' "${zc_me:-${0##*/}}" "$*" >&2
}

# zc_probe PROBE: is it there?
zc_probe() {
	local what=${1#*:}

	case $1 in
	cmd:*) PATH=$PATH:/usr/sbin:/sbin type -P "$what" >/dev/null ;;
	pc:*) pkg-config --exists "$what" 2>/dev/null ;;
	hdr:*) printf '#include <%s>\n' "$what" | "${CC:-gcc}" -E -x c -o /dev/null - 2>/dev/null ;;
	file:*) [ -e "$what" ] ;;
	*) return 1 ;;
	esac
}

# zc_missing GROUP...: the packages whose probe fails, one a line
zc_missing() {
	local group probe package

	while IFS=$'\t' read -r group probe package; do
		case " $* " in
		*" $group "*) zc_probe "$probe" || printf '%s\n' "$package" ;;
		esac
	done < <(grep . <<<"$zc_needs")
}

# zc_debian_release: 12 or 13; fails on anything else. ZC_OS_RELEASE lets a test stand in for another system.
zc_debian_release() {
	local id version

	# shellcheck disable=SC1090 # the file is the system's
	id=$(. "${ZC_OS_RELEASE:-/etc/os-release}" 2>/dev/null && printf '%s' "${ID-}")
	# shellcheck disable=SC1090
	version=$(. "${ZC_OS_RELEASE:-/etc/os-release}" 2>/dev/null && printf '%s' "${VERSION_ID-}")
	[ "$id" = debian ] && type -P apt-get >/dev/null || return 1
	case $version in
	12 | 13) printf '%s\n' "$version" ;;
	*) return 1 ;;
	esac
}

# zc_apt_get LOG ARG...: apt-get without questions; a busy or flaky registry is asked three times
zc_apt_get() {
	local log=$1 try
	shift

	for try in 1 2 3; do
		DEBIAN_FRONTEND=noninteractive apt-get -y -o DPkg::Lock::Timeout=300 \
			-o Acquire::Retries=3 "$@" </dev/null >>"$log" 2>&1 && return 0
		[ "$try" = 3 ] || sleep 5
	done
	return 1
}

# zc_apt_install LOG PACKAGE...: installs, and keeps every service that comes along from starting, now
# (policy-rc.d, put there only when the administrator has none, and taken away again) and at the next boot (nginx)
zc_apt_install() (
	log=$1
	policy=/usr/sbin/policy-rc.d
	shift

	if [ ! -e "$policy" ]; then
		trap 'rm -f "$policy"' EXIT
		trap 'exit 130' INT TERM HUP
		printf '#!/bin/sh\n# put here by zcfs while it installs packages\nexit 101\n' >"$policy"
		chmod 755 "$policy"
	fi
	zc_apt_get "$log" install --no-install-recommends "$@" || exit 1
	case " $* " in
	*" nginx"*) systemctl disable nginx.service >>"$log" 2>&1 ;;
	esac
	exit 0
)

# zc_install GROUP...: everything of these groups is there afterwards, or it says what is missing and returns 1
zc_install() {
	local log
	local -a missing

	mapfile -t missing < <(zc_missing "$@")
	[ "${#missing[@]}" = 0 ] && return 0
	# pkg-config modules cannot be seen without pkg-config: on a bare machine that asks for more, never for less
	if ! zc_debian_release >/dev/null; then
		zc_say "missing here: ${missing[*]} (names of Debian's packages): install your system's equivalents and run this again; only Debian 12 and 13 are set up automatically"
		return 1
	fi
	if [ "$(id -u)" != 0 ]; then
		zc_say "missing here: ${missing[*]}: run this again as root, or let root run: apt-get install ${missing[*]}"
		return 1
	fi
	log=$(mktemp "${TMPDIR:-/tmp}/zcfs-install.XXXXXX") || return 1
	zc_say "installing: ${missing[*]}"
	if ! zc_apt_get "$log" update || ! zc_apt_install "$log" "${missing[@]}"; then
		grep -E '^(E|W|Err):' "$log" | tail -n 5 >&2
		zc_say "installing failed: the whole output is in $log"
		return 1
	fi
	rm -f "$log"
	mapfile -t missing < <(zc_missing "$@")
	[ "${#missing[@]}" = 0 ] && return 0
	zc_say "installed, but still not found: ${missing[*]}: look at PATH and PKG_CONFIG_PATH"
	return 1
}

# zc_configure DIR MESON-SETUP-ARG...: an older build directory is brought up to date; one that cannot be (moved
# tree, other Meson) is made anew
zc_configure() {
	local dir=$1
	shift

	if [ -f "$dir/meson-private/coredata.dat" ]; then
		# options first: `setup --reconfigure` leaves some of them (c_link_args) as they were
		meson configure "$dir" "$@" && meson setup --reconfigure "$dir" && return
		meson setup --wipe "$dir" "$@"
	else
		meson setup "$dir" "$@"
	fi
}

# zc_build DIR MESON-SETUP-ARG...: configured and built; quiet, the output is shown when it fails
zc_build() {
	local log

	log=$(mktemp "${TMPDIR:-/tmp}/zcfs-build.XXXXXX") || return 1
	if zc_configure "$@" >"$log" 2>&1 && ninja --quiet -C "$1" >"$log" 2>&1; then
		rm -f "$log"
		return 0
	fi
	tail -n 40 "$log" >&2
	zc_say "the build failed: the whole output is in $log"
	return 1
}
