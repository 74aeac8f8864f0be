// SPDX-License-Identifier: MIT
// What /proc tells of the process that made a request: capabilities and user namespace.
// Must not know which call it is asked for.
#include "zcfs/caller.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>

/* /proc/PID/`file`; NULL if it cannot be read. */
static FILE *open_proc(pid_t pid, const char *file)
{
	char path[64];

	if (pid <= 0)
		return NULL;
	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, file);
	return fopen(path, "re");
}

static bool has_capability(pid_t pid, cap_value_t capability)
{
	FILE *status = open_proc(pid, "status");
	uint64_t effective = 0;
	char line[256];

	while (status && fgets(line, sizeof(line), status)) {
		if (strncmp(line, "CapEff:", 7) == 0)
			effective = strtoull(line + 7, NULL, 16);
	}
	if (status)
		fclose(status);
	return effective >> capability & 1;
}

/* Each line of an id map: the first id in the namespace, the same outside of it (as the reader sees
 * it), how many (user_namespaces(7)). */
static bool maps_id(pid_t pid, const char *map, uint32_t id)
{
	FILE *lines = open_proc(pid, map);
	char line[64], *rest;
	bool found = false;

	while (lines && !found && fgets(line, sizeof(line), lines)) {
		(void)strtoul(line, &rest, 10);
		unsigned long outside = strtoul(rest, &rest, 10);
		unsigned long count = strtoul(rest, NULL, 10);

		found = id >= outside && id - outside < count;
	}
	if (lines)
		fclose(lines);
	return found;
}

bool zc_caller_overrules_owner(const struct zc_view *view, fuse_req_t req, cap_value_t capability,
			       int dirfd, const char *name)
{
	pid_t pid = fuse_req_ctx(req)->pid;
	struct stat st;

	return has_capability(pid, capability) &&
	       fstatat(dirfd, name, &st, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW) == 0 &&
	       zc_view_show_ids(view, &st.st_uid, &st.st_gid) &&
	       maps_id(pid, "uid_map", st.st_uid) && maps_id(pid, "gid_map", st.st_gid);
}
