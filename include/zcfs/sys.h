/* SPDX-License-Identifier: MIT */
/* Raw system calls, one function each, every one returning a result or -errno. Old kernels are
 * dealt with here and nowhere else. Must not know inodes, planes or FUSE requests. */
#ifndef ZCFS_SYS_H
#define ZCFS_SYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>

/* Bytes of the longest kernel file handle that an inode slot holds inline. Longer ones
 * (MAX_HANDLE_SZ is 128, but ext4, xfs, btrfs and tmpfs use 8 to 40) count as "no handle here". */
#define ZC_HANDLE_MAX 64

/* In stx_mask: stx_mnt_id is of the kind that is never used again (Linux 6.8; older headers lack
 * it). */
#define ZC_STATX_MNT_ID_UNIQUE 0x4000u

/* A kernel file handle: names an inode for good within one mount (name_to_handle_at(2)). */
struct zc_handle {
	int32_t type;
	uint8_t len; /* 0..ZC_HANDLE_MAX */
	uint8_t bytes[ZC_HANDLE_MAX];
};

/* Every function of this header may be called from any thread. Functions that return an fd return
 * it with O_CLOEXEC, owned by the caller; all others return 0 or a count. On failure all return
 * -errno and leave their out-parameters alone. */

/* Opens `name` below `dirfd`; flags and mode as open(2). */
int zc_sys_openat(int dirfd, const char *name, int flags, mode_t mode);

/* Opens once more, with other flags, what `fd` (which may be O_PATH) refers to, by its magic link
 * in /proc/self/fd. -ELOOP for a symlink, -ENOENT without /proc. */
int zc_sys_reopen(int fd, int flags);

/* The file handle of `fd` (may be O_PATH) and the id of the mount it was reached by.
 * -EOPNOTSUPP: the file system has no handles; -EOVERFLOW: longer than ZC_HANDLE_MAX. */
int zc_sys_handle_of(int fd, struct zc_handle *ret_handle, int *ret_mount_id);

/* Opens the inode that `handle` names on the file system that `mount_fd` (not O_PATH) is on. Needs
 * CAP_DAC_READ_SEARCH: -EPERM without; -ESTALE when the inode is gone. */
int zc_sys_open_handle(int mount_fd, const struct zc_handle *handle, int flags);

/* Basic fields, birth time and attributes of what `fd` refers to, straight from the file system. */
int zc_sys_statx(int fd, struct statx *ret);

/* Like zc_sys_statx, but takes what the kernel has cached: never sends a request to a FUSE
 * daemon. */
int zc_sys_statx_cached(int fd, struct statx *ret);

/* truncate, chmod, utimensat, link, readlink on what `fd` (may be O_PATH) refers to. */
int zc_sys_truncate(int fd, off_t size);
int zc_sys_chmod(int fd, mode_t mode);
int zc_sys_utimens(int fd, const struct timespec times[2]);
int zc_sys_link(int fd, int newdirfd, const char *newname);
ssize_t zc_sys_readlink(int fd, char *buf, size_t size);

/* Extended attributes of what `fd` (may be O_PATH, may be a symlink) refers to; sizes and errors as
 * the system calls of these names. They go by /proc/self/fd. */
ssize_t zc_sys_getxattr(int fd, const char *name, void *value, size_t size);
ssize_t zc_sys_listxattr(int fd, char *list, size_t size);
int zc_sys_setxattr(int fd, const char *name, const void *value, size_t size, int flags);
int zc_sys_removexattr(int fd, const char *name);

/* getdents64(2): bytes filled, 0 at the end. */
ssize_t zc_sys_getdents(int fd, void *buf, size_t size);

/* Registers what `fd` (a regular file, O_PATH will do) refers to as a backing file of the FUSE
 * connection `dev_fd`: a backing id > 0. Needs CAP_SYS_ADMIN; the kernel keeps the calling thread's
 * credentials for all I/O by this id. -ELOOP: stacked too deep; -EOPNOTSUPP: kernel without it. */
int zc_sys_backing_open(int dev_fd, int fd);
int zc_sys_backing_close(int dev_fd, int backing_id);

/* Per-thread identity: the raw calls, because glibc's wrappers change all threads of the process.
 * setfsuid and setfsgid return the id that was in force before (they have no error return). */
uid_t zc_sys_setfsuid(uid_t uid);
gid_t zc_sys_setfsgid(gid_t gid);
int zc_sys_setgroups(size_t count, const gid_t *groups);

/* Gives the calling thread a umask and working directory of its own (unshare CLONE_FS). */
int zc_sys_private_umask(void);

#endif
