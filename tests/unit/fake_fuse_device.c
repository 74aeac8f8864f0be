// SPDX-License-Identifier: MIT
// /dev/fuse, played (fake_fuse_device.h): meson.build wraps zc_sys_openat.
// Must not know findings.
#include "fake_fuse_device.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "unit.h"
#include "zcfs/sys.h"

int fake_fuse_device;

int __real_zc_sys_openat(int dirfd, const char *name, int flags, mode_t mode);
int __wrap_zc_sys_openat(int dirfd, const char *name, int flags, mode_t mode);

int __wrap_zc_sys_openat(int dirfd, const char *name, int flags, mode_t mode)
{
	if (strcmp(name, "/dev/fuse") != 0)
		return __real_zc_sys_openat(dirfd, name, flags, mode);
	return fake_fuse_device ? fake_fuse_device
				: __real_zc_sys_openat(dirfd, "/dev/null", flags, mode);
}

enum zc_exit check_paths(const char *backing, const char *mountpoint, bool nonempty,
			 const char **ret_said)
{
	struct zc_options options = { .nonempty = nonempty };
	struct zc_findings findings;
	enum zc_exit code;

	options.backing = strdup(backing);
	options.mountpoint = strdup(mountpoint);
	unit_catch_begin(STDERR_FILENO);
	code = zc_check(&options, &findings);
	*ret_said = unit_catch_end();
	if (code == ZC_EXIT_OK)
		zc_findings_fini(&findings);
	zc_options_fini(&options);
	return code;
}

void assert_refused(enum zc_exit code, enum zc_exit expected, const char *said, const char *object,
		    const char *errno_name)
{
	char start[600], name[32];

	snprintf(start, sizeof(start), "zcfs: %s: ", object);
	snprintf(name, sizeof(name), "(%s)", errno_name);
	if (code != expected)
		fail_msg("%s: exit code %d, not %d: %s", object, (int)code, (int)expected, said);
	if (unit_lines(said) != 1 || strncmp(said, start, strlen(start)) != 0)
		fail_msg("not one line that begins with \"%s\": %s", start, said);
	if (!strstr(said, name))
		fail_msg("no %s in: %s", name, said);
}
