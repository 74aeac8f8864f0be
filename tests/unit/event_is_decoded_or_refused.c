/* SPDX-License-Identifier: MIT */
/*
 * What fanotify(7) reports is decoded; whatever does not fit into itself is refused, at every length. Must not
 * know what follows from a change.
 */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fanotify.h>

#include "zcfs/change.h"

struct event {
	char bytes[512];
	size_t size;
};

static void add(struct event *event, const void *data, size_t size)
{
	memcpy(event->bytes + event->size, data, size);
	event->size += size;
}

static void begin(struct event *event, uint64_t mask, int pid)
{
	struct fanotify_event_metadata head = { .vers = FANOTIFY_METADATA_VERSION,
						.metadata_len = sizeof(head),
						.mask = mask,
						.fd = FAN_NOFD,
						.pid = pid };

	add(event, &head, sizeof(head));
}

/* name NULL: an inode, else a directory and a name in it. */
static void add_fid(struct event *event, const char *handle, const char *name)
{
	uint32_t len = (uint32_t)strlen(handle);
	int32_t fsid[2] = { 11, 12 }, type = 1;
	struct fanotify_event_info_header head = {
		.info_type = name ? FAN_EVENT_INFO_TYPE_DFID_NAME : FAN_EVENT_INFO_TYPE_FID,
		.len = (uint16_t)(sizeof(head) + sizeof(fsid) + 8 + len +
				  (name ? strlen(name) + 1 : 0)),
	};

	add(event, &head, sizeof(head));
	add(event, fsid, sizeof(fsid));
	add(event, &len, sizeof(len));
	add(event, &type, sizeof(type));
	add(event, handle, len);
	if (name)
		add(event, name, strlen(name) + 1);
}

static void end(struct event *event)
{
	uint32_t size = (uint32_t)event->size;

	memcpy(event->bytes, &size, sizeof(size)); /* event_len comes first */
}

static struct event created(void)
{
	struct event event = { .size = 0 };

	begin(&event, FAN_CREATE, 42);
	add_fid(&event, "parent", "name");
	add_fid(&event, "child", NULL);
	end(&event);
	return event;
}

static void a_name_and_an_inode_are_told(void **state)
{
	struct event event = created();
	struct zc_change change;
	size_t at = 0;

	(void)state;
	assert_int_equal(zc_change_decode(event.bytes, event.size, &at, &change), 1);
	assert_int_equal(at, event.size);
	assert_int_equal(change.kinds, ZC_CHANGE_NAME | ZC_CHANGE_ATTRIBUTES);
	assert_int_equal(change.pid, 42);
	assert_int_equal(change.fsid[1], 12);
	assert_true(change.has_dir && change.has_inode && change.has_name);
	assert_string_equal(change.name, "name");
	assert_int_equal(change.dir.len, 6);
	assert_memory_equal(change.dir.bytes, "parent", 6);
	assert_memory_equal(change.inode.bytes, "child", 5);
	assert_int_equal(zc_change_decode(event.bytes, event.size, &at, &change), 0);
}

static void a_directory_itself_has_no_name(void **state)
{
	struct event event = { .size = 0 };
	struct zc_change change;
	size_t at = 0;

	(void)state;
	begin(&event, FAN_ATTRIB | FAN_ONDIR, 1);
	add_fid(&event, "dir", ".");
	end(&event);
	assert_int_equal(zc_change_decode(event.bytes, event.size, &at, &change), 1);
	assert_true(change.has_dir && !change.has_name && !change.has_inode);
	assert_int_equal(change.kinds, ZC_CHANGE_ATTRIBUTES);
}

static void a_lost_event_concerns_everything(void **state)
{
	struct event event = { .size = 0 };
	struct zc_change change;
	size_t at = 0;

	(void)state;
	begin(&event, FAN_Q_OVERFLOW, 0);
	end(&event);
	assert_int_equal(zc_change_decode(event.bytes, event.size, &at, &change), 1);
	assert_int_equal(change.kinds, ZC_CHANGE_LOST);
}

/* In memory of exactly that size, so that a sanitizer sees a byte too far. */
static void every_shorter_one_is_refused(void **state)
{
	struct event event = created();
	struct zc_change change;

	(void)state;
	for (size_t size = 1; size < event.size; size++) {
		char *bytes = malloc(size);
		uint32_t told = (uint32_t)size;
		size_t at = 0;

		assert_non_null(bytes);
		memcpy(bytes, event.bytes, size);
		assert_int_equal(zc_change_decode(bytes, size, &at, &change), -EBADMSG);
		if (size >= sizeof(told))
			memcpy(bytes, &told, sizeof(told));
		/* an event that ends between two of its parts is a whole one */
		if (zc_change_decode(bytes, size, &at, &change) == 1)
			assert_false(change.has_inode);
		free(bytes);
	}
}

static void any_byte_may_be_wrong(void **state)
{
	struct event event = created();
	struct zc_change change;

	(void)state;
	for (size_t i = 0; i < event.size; i++)
		for (int value = 0; value < 256; value++) {
			struct event other = event;
			char *bytes = malloc(other.size);
			size_t at = 0;
			int got;

			assert_non_null(bytes);
			other.bytes[i] = (char)value;
			memcpy(bytes, other.bytes, other.size);
			got = zc_change_decode(bytes, other.size, &at, &change);
			assert_true(got == 1 || got == -EBADMSG);
			assert_true(at <= other.size);
			free(bytes);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_and_an_inode_are_told),
		cmocka_unit_test(a_directory_itself_has_no_name),
		cmocka_unit_test(a_lost_event_concerns_everything),
		cmocka_unit_test(every_shorter_one_is_refused),
		cmocka_unit_test(any_byte_may_be_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
