// SPDX-License-Identifier: MIT
// Identity of the calling thread alone, by raw system calls.
// Must not know whose identity it is or why.
#include "zcfs/sys.h"

#include <errno.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

uid_t zc_sys_setfsuid(uid_t uid)
{
	return (uid_t)syscall(SYS_setfsuid, uid);
}

gid_t zc_sys_setfsgid(gid_t gid)
{
	return (gid_t)syscall(SYS_setfsgid, gid);
}

int zc_sys_setgroups(size_t count, const gid_t *groups)
{
	return syscall(SYS_setgroups, count, groups) < 0 ? -errno : 0;
}

int zc_sys_private_umask(void)
{
	return unshare(CLONE_FS) < 0 ? -errno : 0;
}
