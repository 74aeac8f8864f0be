/* SPDX-License-Identifier: MIT */
/*
 * chattr in one call. Must not know: whether the file system has inode flags.
 */
#include "zct.h"

#include <linux/fs.h>
#include <sys/ioctl.h>

int zct_chattr(const char *path, unsigned int set, unsigned int clear)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	int flags = 0, err;

	if (fd < 0)
		return -1;
	err = ioctl(fd, FS_IOC_GETFLAGS, &flags);
	flags = (int)(((unsigned int)flags | set) & ~clear);
	err = err ? err : ioctl(fd, FS_IOC_SETFLAGS, &flags);
	set = (unsigned int)errno;
	close(fd);
	errno = (int)set;
	return err;
}
