// SPDX-License-Identifier: MIT
// Extended attributes and, as attributes of certain names, POSIX ACLs.
// Must not know planes.
#include "zcfs/ops.h"

#include <errno.h>
#include <linux/limits.h>
#include <stdlib.h>
#include <string.h>

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

/* As the mount shows it. Where all belongs to one, entries for others mean nothing. */
static ssize_t show_acl(struct zc_fs *fs, int fd, void *buf, ssize_t got)
{
	struct statx stx;
	int err;

	if (fs->options->view.squash)
		return -ENODATA;
	err = zc_sys_statx(fd, &stx);
	if (err)
		return err;
	zc_view_show_acl(&fs->options->view, &stx, buf, buf ? (size_t)got : 0);
	return got;
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
	if (res >= 0 && is_acl(name) && fs->options->view.acls)
		res = show_acl(fs, fd.fd, buf, res);
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

/* More names than any list can hold: their size is told all the same, and a buffer that is too small
 * for the longest list is too small first of all. */
static ssize_t answer_too_many(int fd, size_t asked)
{
	if (asked == 0)
		return zc_sys_listxattr(fd, NULL, 0);
	return asked < XATTR_LIST_MAX ? -ERANGE : -E2BIG;
}

/* The whole list; `asked` is the size of the caller's buffer. */
static ssize_t list_names(struct zc_request *r, uint64_t nodeid, char *list, size_t asked)
{
	struct zc_fd fd;
	ssize_t res = zc_inode_path_fd(&r->fs->inodes, nodeid, &fd);

	if (res)
		return res;
	res = zc_sys_listxattr(fd.fd, list, XATTR_LIST_MAX);
	if (res == -E2BIG) {
		res = answer_too_many(fd.fd, asked);
		zc_inode_put_fd(&r->fs->inodes, &fd);
		return res;
	}
	zc_inode_put_fd(&r->fs->inodes, &fd);
	if (res > 0 && fuse_req_ctx(r->req)->uid != 0)
		res = (ssize_t)hide_trusted(list, (size_t)res);
	return res;
}

void zc_op_listxattr(fuse_req_t req, fuse_ino_t nodeid, size_t size)
{
	struct zc_request r = zc_request_begin(req, ZC_OP_listxattr);
	char *list = malloc(XATTR_LIST_MAX);
	ssize_t res = list ? list_names(&r, nodeid, list, size) : -ENOMEM;

	if (size && res > (ssize_t)size)
		res = -ERANGE;
	reply_sized(&r, res, list, size);
	free(list);
}

/* value NULL: the ACL goes. */
static int set_acl_as(struct zc_request *r, unsigned needs, int fd, const char *name,
		      const char *value, size_t size, int flags)
{
	struct zc_identity identity;
	int err = zc_identity_enter(&r->fs->identity, r->req, needs, &identity);

	if (err)
		return err;
	err = value ? zc_sys_setxattr(fd, name, value, size, flags) : zc_sys_removexattr(fd, name);
	zc_identity_leave(&identity);
	return err;
}

/* libfuse keeps to itself that the kernel asks for the setgid bit to go (FUSE_SETXATTR_ACL_KILL_SGID);
 * it does so for a root without CAP_FSETID too. */
static unsigned acl_needs(struct zc_request *r, int fd)
{
	const unsigned needs = ZC_AS_GROUP_MEMBER;

	if (fuse_req_ctx(r->req)->uid || zc_overrules_owner(r, CAP_FSETID, fd, ""))
		return needs;
	return needs | ZC_AS_KILLING_SETID;
}

static int set_acl_as_caller(struct zc_request *r, int fd, const char *name, const char *value,
			     size_t size, int flags)
{
	const unsigned needs = acl_needs(r, fd);
	int err = set_acl_as(r, needs | ZC_AS_MERE_USER, fd, name, value, size, flags);

	if (err == -EPERM && zc_overrules_owner(r, CAP_FOWNER, fd, ""))
		err = set_acl_as(r, needs, fd, name, value, size, flags);
	return err;
}

/* What is to be stored for what the mount is to show. */
static int set_acl(struct zc_request *r, int fd, const char *name, const char *value, size_t size,
		   int flags)
{
	const struct zc_view *view = &r->fs->options->view;
	struct statx stx;
	char *stored;
	int err;

	if (!view->acls)
		return set_acl_as_caller(r, fd, name, value, size, flags);
	if (view->squash)
		return -EOPNOTSUPP;
	err = zc_sys_statx(fd, &stx);
	stored = err ? NULL : malloc(size ? size : 1);
	if (!stored)
		return err ? err : -ENOMEM;
	memcpy(stored, value, size);
	err = zc_view_store_acl(view, stx.stx_mode, stored, size);
	if (!err)
		err = set_acl_as_caller(r, fd, name, stored, size, flags);
	free(stored);
	return err;
}

/* An ACL may take the setgid bit off a file of a group that the caller is no member of, so it is
 * set as the caller; all other attributes as the daemon, after the kernel's own checks. */
static int set_value(struct zc_request *r, uint64_t nodeid, const char *name, const char *value,
		     size_t size, int flags)
{
	struct zc_fd fd;
	int err = zc_inode_path_fd(&r->fs->inodes, nodeid, &fd);

	if (err)
		return err;
	if (is_acl(name))
		err = set_acl(r, fd.fd, name, value, size, flags);
	else
		err = zc_sys_setxattr(fd.fd, name, value, size, flags);
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
		err = is_acl(name) ? set_acl_as_caller(&r, fd.fd, name, NULL, 0, 0)
				   : zc_sys_removexattr(fd.fd, name);
		zc_inode_put_fd(&r.fs->inodes, &fd);
	}
	zc_reply_err(&r, err);
}
