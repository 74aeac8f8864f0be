// SPDX-License-Identifier: MIT
// The ioctls of /dev/fuse that register backing files for passthrough (Linux 6.9).
// Must not know which inode a backing id belongs to.
#include "zcfs/sys.h"

#include <errno.h>
#include <sys/ioctl.h>

/* From include/uapi/linux/fuse.h of Linux 6.9, which older headers do not have. */
struct backing_map {
	int32_t fd;
	uint32_t flags;
	uint64_t padding;
};
#define BACKING_OPEN  _IOW(229, 1, struct backing_map)
#define BACKING_CLOSE _IOW(229, 2, uint32_t)

int zc_sys_backing_open(int dev_fd, int fd)
{
	struct backing_map map = { .fd = fd };
	int res = ioctl(dev_fd, BACKING_OPEN, &map);

	return res < 0 ? -errno : res;
}

int zc_sys_backing_close(int dev_fd, int backing_id)
{
	uint32_t id = (uint32_t)backing_id;

	return ioctl(dev_fd, BACKING_CLOSE, &id) < 0 ? -errno : 0;
}
