// SPDX-License-Identifier: MIT
// The file ioctls that a mirror can pass on: inode flags, project ids and version.
// Must not know what the flags mean.
#include "zcfs/ops.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Everything that is passed on. The sizes are those that file systems really read and write: the
 * flags calls say "long" in their number and use an int. */
static const struct {
	unsigned cmd;
	uint8_t in, out;
} passed_on[] = {
	{ FS_IOC_GETFLAGS, 0, sizeof(int) },
	{ FS_IOC_SETFLAGS, sizeof(int), 0 },
	{ FS_IOC_GETVERSION, 0, sizeof(int) },
	{ FS_IOC_FSGETXATTR, 0, sizeof(struct fsxattr) },
	{ FS_IOC_FSSETXATTR, sizeof(struct fsxattr), 0 },
};

/* The change time moves, and xfs clears setgid for who lacks CAP_FSETID: the kernel does not know. */
static bool changes_attributes(unsigned cmd)
{
	return cmd == FS_IOC_SETFLAGS || cmd == FS_IOC_FSSETXATTR;
}

#define BUFFER_SIZE 64
_Static_assert(sizeof(struct fsxattr) <= BUFFER_SIZE, "the largest argument fits");

static int find(unsigned cmd, size_t in_size, size_t out_size)
{
	for (size_t i = 0; i < sizeof(passed_on) / sizeof(passed_on[0]); i++) {
		if (passed_on[i].cmd == cmd)
			return in_size < passed_on[i].in || out_size < passed_on[i].out ||
				       in_size > BUFFER_SIZE || out_size > BUFFER_SIZE
				   ? -EINVAL
				   : (int)i;
	}
	return -ENOTTY;
}

/* As the caller without any power given back: before Linux 5.13 the kernel's FUSE side did not
 * check who may set flags, so the backing file system has to. */
static int call_as(struct zc_request *r, unsigned needs, int fd, unsigned cmd, void *buf)
{
	struct zc_identity identity;
	int err = zc_identity_enter(&r->fs->identity, r->req, needs, &identity);

	if (err)
		return err;
	err = ioctl(fd, cmd, buf) < 0 ? -errno : 0;
	zc_identity_leave(&identity);
	return err;
}

/* xfs takes setuid and setgid bits away when one without CAP_FSETID sets a project, also from root. */
static unsigned needs_of(struct zc_request *r, int fd, unsigned cmd)
{
	struct stat st;

	if (cmd != FS_IOC_FSSETXATTR || fstat(fd, &st) < 0 || !(st.st_mode & (S_ISUID | S_ISGID)) ||
	    zc_overrules_owner(r, CAP_FSETID, fd, ""))
		return ZC_AS_UNCHECKED;
	return ZC_AS_UNCHECKED | ZC_AS_KILLING_SETID;
}

static int call(struct zc_request *r, int fd, unsigned cmd, void *buf)
{
	int err = call_as(r, needs_of(r, fd, cmd), fd, cmd, buf);

	if ((err == -EPERM || err == -EACCES) && zc_overrules_owner(r, CAP_FOWNER, fd, ""))
		err = call_as(r, ZC_AS_OWNER, fd, cmd, buf);
	return err;
}

static int pass_on(struct zc_request *r, uint64_t nodeid, unsigned cmd, bool dir, void *buf)
{
	int fd = zc_inode_open(&r->fs->inodes, nodeid,
			       dir ? O_RDONLY | O_DIRECTORY : O_RDONLY | O_NONBLOCK);
	int err;

	if (fd < 0)
		return fd;
	err = call(r, fd, cmd, buf);
	close(fd);
	return err;
}

void zc_op_ioctl(fuse_req_t req, fuse_ino_t nodeid, unsigned cmd, void *arg,
		 struct fuse_file_info *fi, unsigned flags, const void *in, size_t in_size,
		 size_t out_size)
{
	struct zc_request r = zc_request_begin(req, ZC_OP_ioctl);
	char buf[BUFFER_SIZE] = { 0 };
	int err = find(cmd, in_size, out_size);

	(void)arg;
	(void)fi;
	if (err >= 0) {
		if (in_size)
			memcpy(buf, in, in_size);
		err = pass_on(&r, nodeid, cmd, flags & FUSE_IOCTL_DIR, buf);
		if (!err && changes_attributes(cmd))
			fuse_lowlevel_notify_inval_inode(r.fs->session, nodeid, -1, 0);
	}
	if (err)
		zc_reply_err(&r, err);
	else
		fuse_reply_ioctl(req, 0, buf, out_size);
}
