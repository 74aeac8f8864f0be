// SPDX-License-Identifier: MIT
// fanotify's bytes as changes; every length is checked against the one around it.
// Must not know inodes, nor what follows from a change.
#include "zcfs/change.h"

#include <errno.h>
#include <string.h>
#include <sys/fanotify.h>

/* A part of what was read: from `data` on there are `size` bytes. */
struct bytes {
	const char *data;
	size_t size;
};

static unsigned kinds_of(uint64_t mask)
{
	unsigned kinds = 0;

	if (mask & (FAN_CREATE | FAN_DELETE | FAN_MOVED_FROM | FAN_MOVED_TO))
		kinds |= ZC_CHANGE_NAME | ZC_CHANGE_ATTRIBUTES;
	if (mask & FAN_ATTRIB)
		kinds |= ZC_CHANGE_ATTRIBUTES;
	if (mask & (FAN_MODIFY | FAN_CLOSE_WRITE))
		kinds |= ZC_CHANGE_CONTENT;
	if (mask & FAN_MODIFY)
		kinds |= ZC_CHANGE_WRITE;
	return mask & FAN_Q_OVERFLOW ? ZC_CHANGE_LOST : kinds;
}

/* struct file_handle behind the fsid: its length is told in it. */
static int take_handle(struct bytes *rest, struct zc_handle *ret)
{
	uint32_t len;
	int32_t type;

	if (rest->size < sizeof(len) + sizeof(type))
		return -EBADMSG;
	memcpy(&len, rest->data, sizeof(len));
	memcpy(&type, rest->data + sizeof(len), sizeof(type));
	rest->data += sizeof(len) + sizeof(type);
	rest->size -= sizeof(len) + sizeof(type);
	if (len > rest->size)
		return -EBADMSG;
	/* longer ones name no inode that we know */
	*ret = (struct zc_handle){ .type = type };
	if (len <= ZC_HANDLE_MAX) {
		ret->len = (uint8_t)len;
		memcpy(ret->bytes, rest->data, len);
	}
	rest->data += len;
	rest->size -= len;
	return 0;
}

static int take_name(const struct bytes *rest, struct zc_change *change)
{
	size_t len = strnlen(rest->data, rest->size);

	if (len == rest->size || len > NAME_MAX)
		return -EBADMSG;
	memcpy(change->name, rest->data, len + 1);
	/* "." is the directory itself */
	change->has_name = strcmp(change->name, ".") != 0 && len > 0;
	return 0;
}

static int take_fid(struct bytes info, int type, struct zc_change *change)
{
	bool dir = type != FAN_EVENT_INFO_TYPE_FID;
	int err;

	if (info.size < sizeof(change->fsid))
		return -EBADMSG;
	memcpy(change->fsid, info.data, sizeof(change->fsid));
	info.data += sizeof(change->fsid);
	info.size -= sizeof(change->fsid);
	err = take_handle(&info, dir ? &change->dir : &change->inode);
	if (err)
		return err;
	if (!dir)
		change->has_inode = true;
	else
		change->has_dir = true;
	return type == FAN_EVENT_INFO_TYPE_DFID_NAME ? take_name(&info, change) : 0;
}

static int take_info(const struct bytes *info, int type, struct zc_change *change)
{
	switch (type) {
	case FAN_EVENT_INFO_TYPE_FID:
	case FAN_EVENT_INFO_TYPE_DFID:
	case FAN_EVENT_INFO_TYPE_DFID_NAME:
		return take_fid(*info, type, change);
	default:
		return 0; /* of a later kernel: what is not understood is not needed */
	}
}

static int take_infos(struct bytes rest, struct zc_change *change)
{
	struct fanotify_event_info_header header;

	while (rest.size > 0) {
		struct bytes info;
		int err;

		if (rest.size < sizeof(header))
			return -EBADMSG;
		memcpy(&header, rest.data, sizeof(header));
		if (header.len < sizeof(header) || header.len > rest.size)
			return -EBADMSG;
		info.data = rest.data + sizeof(header);
		info.size = header.len - sizeof(header);
		err = take_info(&info, header.info_type, change);
		if (err)
			return err;
		rest.data += header.len;
		rest.size -= header.len;
	}
	return 0;
}

int zc_change_decode(const void *events, size_t size, size_t *at, struct zc_change *ret)
{
	struct fanotify_event_metadata event;
	const char *start = (const char *)events + *at;
	size_t left = size - *at;
	struct bytes infos;
	int err;

	if (left == 0)
		return 0;
	if (left < sizeof(event))
		return -EBADMSG;
	memcpy(&event, start, sizeof(event));
	if (event.vers != FANOTIFY_METADATA_VERSION || event.event_len > left ||
	    event.metadata_len < sizeof(event) || event.metadata_len > event.event_len)
		return -EBADMSG;
	*ret = (struct zc_change){ .kinds = kinds_of(event.mask), .pid = event.pid };
	infos.data = start + event.metadata_len;
	infos.size = event.event_len - event.metadata_len;
	err = take_infos(infos, ret);
	if (err)
		return err;
	*at += event.event_len;
	return 1;
}
