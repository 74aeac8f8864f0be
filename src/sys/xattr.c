// SPDX-License-Identifier: MIT
// Extended attributes of anything that an fd refers to, O_PATH fds and symlinks included.
// Must not know which attribute names mean what.
#include "zcfs/sys.h"

#include <errno.h>
#include <stdio.h>
#include <sys/xattr.h>

/* Neither fgetxattr(2) nor getxattrat(2) of Linux 6.13 with an empty path takes an O_PATH fd
 * (EBADF), so the magic link of the fd serves: it leads to the inode itself, also to that of a
 * symlink. */
#define PROC_FD_MAX 32

static const char *proc_path(int fd, char path[PROC_FD_MAX])
{
	snprintf(path, PROC_FD_MAX, "/proc/self/fd/%d", fd);
	return path;
}

ssize_t zc_sys_getxattr(int fd, const char *name, void *value, size_t size)
{
	char path[PROC_FD_MAX];
	ssize_t res = getxattr(proc_path(fd, path), name, value, size);

	return res < 0 ? -errno : res;
}

ssize_t zc_sys_listxattr(int fd, char *list, size_t size)
{
	char path[PROC_FD_MAX];
	ssize_t res = listxattr(proc_path(fd, path), list, size);

	return res < 0 ? -errno : res;
}

int zc_sys_setxattr(int fd, const char *name, const void *value, size_t size, int flags)
{
	char path[PROC_FD_MAX];

	return setxattr(proc_path(fd, path), name, value, size, flags) < 0 ? -errno : 0;
}

int zc_sys_removexattr(int fd, const char *name)
{
	char path[PROC_FD_MAX];

	return removexattr(proc_path(fd, path), name) < 0 ? -errno : 0;
}
