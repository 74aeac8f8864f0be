// SPDX-License-Identifier: MIT
// Asks the mounts room what names an inode, by path (identify.h).
// Must not know the table of inodes.
#include "identify.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "unit.h"
#include "zcfs/sys.h"

struct identified identify(struct zc_mounts *mounts, const char *path)
{
	struct identified ret = { 0 };
	int fd = (int)MUST(open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC));

	assert_int_equal(zc_sys_statx(fd, &ret.stx), 0);
	ret.err = zc_mounts_identify(mounts, fd, &ret.stx, NULL, NULL, &ret.id);
	close(fd);
	return ret;
}

bool identified_same(const struct identified *a, const struct identified *b)
{
	const struct zc_handle *x = &a->id.handle, *y = &b->id.handle;

	return a->id.mount == b->id.mount && x->type == y->type && x->len == y->len &&
	       memcmp(x->bytes, y->bytes, x->len) == 0;
}

bool handle_can_be_opened(const char *path)
{
	union {
		struct file_handle fh;
		char room[sizeof(struct file_handle) + MAX_HANDLE_SZ];
	} h = { .fh = { .handle_bytes = MAX_HANDLE_SZ } };
	int mount_fd = (int)MUST(open(path, O_RDONLY | O_CLOEXEC));
	int mount_id, fd = -1;

	if (name_to_handle_at(mount_fd, "", &h.fh, &mount_id, AT_EMPTY_PATH) == 0 &&
	    h.fh.handle_bytes <= ZC_HANDLE_MAX)
		fd = open_by_handle_at(mount_fd, &h.fh, O_PATH | O_CLOEXEC);
	if (fd >= 0)
		close(fd);
	close(mount_fd);
	return fd >= 0;
}
