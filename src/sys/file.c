// SPDX-License-Identifier: MIT
// System calls on files: open, handles, attributes, directories.
// Must not know inodes, planes or FUSE requests.
#include "zcfs/sys.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452 /* Linux 6.6 */
#endif

#define STATX_WANTED (STATX_BASIC_STATS | STATX_BTIME | STATX_MNT_ID | ZC_STATX_MNT_ID_UNIQUE)

/* The longest "/proc/self/fd/%d". */
#define PROC_FD_MAX 32

static int result(long res)
{
	return res < 0 ? -errno : (int)res;
}

static void proc_path(int fd, char path[PROC_FD_MAX])
{
	snprintf(path, PROC_FD_MAX, "/proc/self/fd/%d", fd);
}

int zc_sys_openat(int dirfd, const char *name, int flags, mode_t mode)
{
	return result(openat(dirfd, name, flags | O_CLOEXEC, mode));
}

int zc_sys_reopen(int fd, int flags)
{
	char path[PROC_FD_MAX];

	proc_path(fd, path);
	return result(open(path, (flags & ~O_NOFOLLOW) | O_CLOEXEC));
}

/* struct file_handle ends in a flexible array; this gives it room on the stack. */
union handle_room {
	struct file_handle fh;
	char room[sizeof(struct file_handle) + ZC_HANDLE_MAX];
};

int zc_sys_handle_of(int fd, struct zc_handle *ret_handle, int *ret_mount_id)
{
	union handle_room h = { .fh = { .handle_bytes = ZC_HANDLE_MAX } };

	if (name_to_handle_at(fd, "", &h.fh, ret_mount_id, AT_EMPTY_PATH) < 0)
		return -errno;
	ret_handle->type = h.fh.handle_type;
	ret_handle->len = (uint8_t)h.fh.handle_bytes;
	memcpy(ret_handle->bytes, h.fh.f_handle, h.fh.handle_bytes);
	return 0;
}

int zc_sys_open_handle(int mount_fd, const struct zc_handle *handle, int flags)
{
	union handle_room h = { .fh = { .handle_bytes = handle->len,
					.handle_type = handle->type } };
	int fd;

	memcpy(h.fh.f_handle, handle->bytes, handle->len);
	fd = result(open_by_handle_at(mount_fd, &h.fh, flags | O_CLOEXEC));
	/* What file systems say while they give the number of an inode that is gone to a new one
	 * (iget_locked gives NULL for I_CREATING). */
	return fd == -ENOMEM ? -ESTALE : fd;
}

int zc_sys_statx(int fd, struct statx *ret)
{
	return result(statx(fd, "", AT_EMPTY_PATH | AT_STATX_SYNC_AS_STAT, STATX_WANTED, ret));
}

int zc_sys_statx_cached(int fd, struct statx *ret)
{
	return result(statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_WANTED, ret));
}

int zc_sys_truncate(int fd, off_t size)
{
	char path[PROC_FD_MAX];

	proc_path(fd, path);
	return result(truncate(path, size));
}

int zc_sys_chmod(int fd, mode_t mode)
{
	char path[PROC_FD_MAX];
	long res = syscall(SYS_fchmodat2, fd, "", mode, AT_EMPTY_PATH);

	if (res == 0)
		return 0;
	if (errno != ENOSYS)
		return -errno;
	proc_path(fd, path);
	return result(chmod(path, mode));
}

int zc_sys_utimens(int fd, const struct timespec times[2])
{
	return result(utimensat(fd, "", times, AT_EMPTY_PATH));
}

int zc_sys_link(int fd, int newdirfd, const char *newname)
{
	char path[PROC_FD_MAX];

	if (linkat(fd, "", newdirfd, newname, AT_EMPTY_PATH) == 0)
		return 0;
	/* ENOENT is what AT_EMPTY_PATH answers to a caller without CAP_DAC_READ_SEARCH. */
	if (errno != ENOENT)
		return -errno;
	proc_path(fd, path);
	return result(linkat(AT_FDCWD, path, newdirfd, newname, AT_SYMLINK_FOLLOW));
}

ssize_t zc_sys_readlink(int fd, char *buf, size_t size)
{
	return result(readlinkat(fd, "", buf, size));
}

ssize_t zc_sys_getdents(int fd, void *buf, size_t size)
{
	return result(getdents64(fd, buf, size));
}
