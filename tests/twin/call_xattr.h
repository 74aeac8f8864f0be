/* SPDX-License-Identifier: MIT */
/*
 * Calls on extended attributes and access control lists. Must not know the tester: printed
 * programs contain this text.
 */
#ifndef ZC_TWIN_CALL_XATTR_H
#define ZC_TWIN_CALL_XATTR_H

#define ACL_ACCESS  "system.posix_acl_access"
#define ACL_DEFAULT "system.posix_acl_default"

MAYBE_UNUSED static long set_xattr(const char *path, const char *name, size_t size, int seed,
				   int flags)
{
	return lsetxattr(path, name, bytes(seed, size), size, flags);
}

MAYBE_UNUSED static long show_names(long size)
{
	char *list[200];
	int count = 0;

	if (size < 0)
		return -1;
	for (char *name = buffer; name < buffer + size && count < 200; name += strlen(name) + 1)
		list[count++] = name;
	qsort(list, (size_t)count, sizeof(list[0]), by_text);
	for (int i = 0; i < count; i++)
		say(" %.60s", list[i]);
	return size;
}

/* An entry of an ACL as the kernel takes it: tag, permissions, who. */
struct acl_entry {
	uint16_t tag;
	uint16_t perm;
	uint32_t id;
};

/* A list of one of six forms, the last of them not valid; perm gives permissions in groups of
 * three bits. */
static size_t make_acl(int form, int perm)
{
	static const struct acl_entry all[] = { { 1, 0, ~0U }, { 2, 0, 1001 }, { 2, 0, 1002 },
						{ 4, 0, ~0U }, { 8, 0, 2000 }, { 16, 0, ~0U },
						{ 32, 0, ~0U } };
	static const char *const forms[] = { "036", "013456", "0123456", "03456", "", "0135" };
	uint32_t version = 2;
	size_t size = sizeof(version);

	memcpy(buffer, &version, size);
	for (const char *at = forms[form]; *at; at++) {
		struct acl_entry entry = all[*at - '0'];

		entry.perm = (uint16_t)(perm >> (*at - '0') & 7);
		memcpy(buffer + size, &entry, sizeof(entry));
		size += sizeof(entry);
	}
	return size;
}

MAYBE_UNUSED static long set_acl(const char *path, const char *name, int form, int perm)
{
	size_t size = make_acl(form, perm);

	return setxattr(path, name, buffer, size, 0);
}
#endif
