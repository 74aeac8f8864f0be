/* SPDX-License-Identifier: MIT */
/*
 * POSIX ACLs written as the kernel's xattr format, without libacl, so that the bytes are the test's.
 * Must not know: whether the file system has ACLs.
 */
#include "zct.h"

#include <linux/posix_acl_xattr.h>
#include <sys/xattr.h>

int zct_set_acl(const char *path, const char *xattr, const struct zct_ace *entries, size_t count)
{
	struct {
		uint32_t version;
		struct zct_ace entries[16];
	} blob = { .version = POSIX_ACL_XATTR_VERSION };

	if (count > 16) {
		errno = E2BIG;
		return -1;
	}
	memcpy(blob.entries, entries, count * sizeof(*entries));
	return setxattr(path, xattr, &blob, sizeof(blob.version) + count * sizeof(*entries), 0);
}
