// SPDX-License-Identifier: MIT
// Parent and name of inodes without a kernel handle, by slot number.
// Must not know fds.
#include "zcfs/names.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct zc_name {
	uint64_t parent; /* 0: nothing noted */
	char *name;
};

void zc_names_init(struct zc_names *names)
{
	*names = (struct zc_names){ 0 };
	pthread_mutex_init(&names->lock, NULL);
}

void zc_names_fini(struct zc_names *names)
{
	for (uint32_t i = 0; i < names->capacity; i++)
		free(names->list[i].name);
	free(names->list);
	names->list = NULL;
	names->capacity = 0;
	pthread_mutex_destroy(&names->lock);
}

/* Makes room for the slot. The lock is held. */
static int reserve(struct zc_names *names, uint32_t slot)
{
	uint32_t capacity = names->capacity ? names->capacity : 1024;
	struct zc_name *list;

	if (slot < names->capacity)
		return 0;
	while (capacity <= slot)
		capacity *= 2;
	list = realloc(names->list, capacity * sizeof(*list));
	if (!list)
		return -ENOMEM;
	memset(list + names->capacity, 0, (capacity - names->capacity) * sizeof(*list));
	names->list = list;
	names->capacity = capacity;
	return 0;
}

int zc_names_set(struct zc_names *names, uint64_t nodeid, uint64_t parent, const char *name,
		 uint64_t *ret_old_parent)
{
	uint32_t slot = (uint32_t)nodeid;
	char *copy = strdup(name);
	char *old = copy;
	int err = copy ? 0 : -ENOMEM;

	pthread_mutex_lock(&names->lock);
	if (!err)
		err = reserve(names, slot);
	if (!err) {
		old = names->list[slot].name;
		*ret_old_parent = names->list[slot].parent;
		names->list[slot] = (struct zc_name){ .parent = parent, .name = copy };
	}
	pthread_mutex_unlock(&names->lock);
	free(old);
	return err;
}

int zc_names_get(struct zc_names *names, uint64_t nodeid, uint64_t *ret_parent, char ret_name[256])
{
	uint32_t slot = (uint32_t)nodeid;
	int err = -ESTALE;

	pthread_mutex_lock(&names->lock);
	if (slot < names->capacity && names->list[slot].parent) {
		*ret_parent = names->list[slot].parent;
		strncpy(ret_name, names->list[slot].name, 255);
		ret_name[255] = '\0';
		err = 0;
	}
	pthread_mutex_unlock(&names->lock);
	return err;
}

uint64_t zc_names_clear(struct zc_names *names, uint64_t nodeid)
{
	uint32_t slot = (uint32_t)nodeid;
	uint64_t parent = 0;
	char *name = NULL;

	pthread_mutex_lock(&names->lock);
	if (slot < names->capacity) {
		parent = names->list[slot].parent;
		name = names->list[slot].name;
		names->list[slot] = (struct zc_name){ 0 };
	}
	pthread_mutex_unlock(&names->lock);
	free(name);
	return parent;
}
