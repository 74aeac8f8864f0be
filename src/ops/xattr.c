// SPDX-License-Identifier: MIT
// Extended attributes and, as attributes of certain names, POSIX ACLs.
// Must not know planes.
#include "zcfs/ops.h"

#include <errno.h>
#include <linux/limits.h>
#include <stdlib.h>
#include <string.h>

#include "zcfs/caller.h"
#include "zcfs/sys.h"

static bool is_acl(const char *name)
{
	return strncmp(name, "system.posix_acl_", 17) == 0;
}

/* File capabilities are as powerless as setuid bits on a nested mount that forbids both. */
static bool is_powerless(struct zc_fs *fs, uint64_t nodeid, const char *name)
{
	const struct zc_slot *slot;

	if (strcmp(name, "security.capability") != 0)
		return false;
	slot = zc_table_slot(&fs->inodes.table, nodeid);
	return slot && zc_mounts_forbid_suid(&fs->inodes.mounts, slot->mount);
}

/* A mount without ACLs has none: the kernel asks for them to check permissions, and would give an
 * error to the program that only wanted to look. */
static ssize_t get_value(struct zc_fs *fs, uint64_t nodeid, const char *name, void *buf,
			 size_t size)
{
	struct zc_fd fd;
	ssize_t res;

	if (is_powerless(fs, nodeid, name))
		return -ENODATA;
	res = zc_inode_path_fd(&fs->inodes, nodeid, &fd);
	if (res)
		return res;
	res = zc_sys_getxattr(fd.fd, name, buf, size);
	zc_inode_put_fd(&fs->inodes, &fd);
	return res == -EOPNOTSUPP && is_acl(name) ? -ENODATA : res;
}

/* Size 0 asks how much there is. */
static void reply_sized(struct zc_request *r, ssize_t res, const void *buf, size_t size)
{
	if (res < 0)
		zc_reply_err(r, (int)res);
	else if (size == 0)
		fuse_reply_xattr(r->req, (size_t)res);
	else
		fuse_reply_buf(r->req, buf, (size_t)res);
}

void zc_op_getxattr(fuse_req_t req, fuse_ino_t nodeid, const char *name, size_t size)
{
	struct zc_request r = zc_request_begin(req, ZC_OP_getxattr);
	void *buf = size ? malloc(size) : NULL;
	ssize_t res = size && !buf ? -ENOMEM : get_value(r.fs, nodeid, name, buf, size);

	reply_sized(&r, res, buf, size);
	free(buf);
}

#define TRUSTED "trusted."

/* Takes out what the caller would not be shown: only root sees trusted attributes. */
static size_t hide_trusted(char *list, size_t size)
{
	size_t kept = 0;

	for (size_t at = 0; at < size;) {
		size_t len = strlen(list + at) + 1;

		if (strncmp(list + at, TRUSTED, strlen(TRUSTED)) != 0) {
			memmove(list + kept, list + at, len);
			kept += len;
		}
		at += len;
	}
	return kept;
}

static ssize_t list_names(struct zc_request *r, uint64_t nodeid, char *list, size_t size)
{
	struct zc_fd fd;
	ssize_t res = zc_inode_path_fd(&r->fs->inodes, nodeid, &fd);

	if (res)
		return res;
	res = zc_sys_listxattr(fd.fd, list, size);
	zc_inode_put_fd(&r->fs->inodes, &fd);
	if (res > 0 && fuse_req_ctx(r->req)->uid != 0)
		res = (ssize_t)hide_trusted(list, (size_t)res);
	return res;
}

void zc_op_listxattr(fuse_req_t req, fuse_ino_t nodeid, size_t size)
{
	struct zc_request r = zc_request_begin(req, ZC_OP_listxattr);
	char *list = malloc(XATTR_LIST_MAX);
	ssize_t res = list ? list_names(&r, nodeid, list, XATTR_LIST_MAX) : -ENOMEM;

	if (size && res > (ssize_t)size)
		res = -ERANGE;
	reply_sized(&r, res, list, size);
	free(list);
}

static int set_acl_as(struct zc_request *r, unsigned needs, int fd, const char *name,
		      const char *value, size_t size, int flags)
{
	struct zc_identity identity;
	int err = zc_identity_enter(&r->fs->identity, r->req, needs, &identity);

	if (err)
		return err;
	err = zc_sys_setxattr(fd, name, value, size, flags);
	zc_identity_leave(&identity);
	return err;
}

/* libfuse keeps to itself that the kernel asks for the setgid bit to go (FUSE_SETXATTR_ACL_KILL_SGID);
 * it does so for a root without CAP_FSETID too. */
static unsigned acl_needs(struct zc_request *r, int fd)
{
	const unsigned needs = ZC_AS_GROUP_MEMBER;

	if (fuse_req_ctx(r->req)->uid || zc_caller_overrules_owner(r->req, CAP_FSETID, fd, ""))
		return needs;
	return needs | ZC_AS_KILLING_SETID;
}

/* An ACL may take the setgid bit off a file of a group that the caller is no member of, so it is
 * set as the caller; all other attributes as the daemon, after the kernel's own checks. */
static int set_value(struct zc_request *r, uint64_t nodeid, const char *name, const char *value,
		     size_t size, int flags)
{
	unsigned needs;
	struct zc_fd fd;
	int err = zc_inode_path_fd(&r->fs->inodes, nodeid, &fd);

	if (err)
		return err;
	needs = is_acl(name) ? acl_needs(r, fd.fd) : 0;
	if (is_acl(name))
		err = set_acl_as(r, needs | ZC_AS_MERE_USER, fd.fd, name, value, size, flags);
	else
		err = zc_sys_setxattr(fd.fd, name, value, size, flags);
	if (err == -EPERM && is_acl(name) &&
	    zc_caller_overrules_owner(r->req, CAP_FOWNER, fd.fd, ""))
		err = set_acl_as(r, needs, fd.fd, name, value, size, flags);
	zc_inode_put_fd(&r->fs->inodes, &fd);
	return err;
}

void zc_op_setxattr(fuse_req_t req, fuse_ino_t nodeid, const char *name, const char *value,
		    size_t size, int flags)
{
	struct zc_request r = zc_request_begin(req, ZC_OP_setxattr);
	int err = set_value(&r, nodeid, name, value, size, flags);

	zc_reply_err(&r, err);
}

void zc_op_removexattr(fuse_req_t req, fuse_ino_t nodeid, const char *name)
{
	struct zc_request r = zc_request_begin(req, ZC_OP_removexattr);
	struct zc_fd fd;
	int err = zc_inode_path_fd(&r.fs->inodes, nodeid, &fd);

	if (!err) {
		err = zc_sys_removexattr(fd.fd, name);
		zc_inode_put_fd(&r.fs->inodes, &fd);
	}
	zc_reply_err(&r, err);
}
