/* SPDX-License-Identifier: MIT */
/*
 * Removes a test's directory with everything mounted or marked immutable below it.
 * Must not know: what was tested there.
 */
#include "zct.h"

#include <ftw.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/mount.h>

/* Deepest mounts come last in mountinfo; so unmounts the last one again and again. */
static int unmount_last_below(const char *top)
{
	FILE *f = fopen("/proc/self/mountinfo", "re");
	char line[4096], path[4096], last[4096] = "";
	size_t len = strlen(top);

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "%*d %*d %*s %*s %4095s", path) == 1 && !strncmp(path, top, len) &&
		    path[len] == '/')
			memcpy(last, path, sizeof(last));
	if (f)
		fclose(f);
	return *last ? umount2(last, MNT_DETACH | UMOUNT_NOFOLLOW) : 1;
}

static int clear_marks(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	int fd, flags;

	(void)ftw;
	if ((type != FTW_F && type != FTW_D && type != FTW_DNR) || S_ISFIFO(st->st_mode) ||
	    S_ISCHR(st->st_mode) || S_ISBLK(st->st_mode) || S_ISSOCK(st->st_mode))
		return 0;
	fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return 0;
	if (ioctl(fd, FS_IOC_GETFLAGS, &flags) == 0 && (flags & (FS_IMMUTABLE_FL | FS_APPEND_FL))) {
		flags &= ~(FS_IMMUTABLE_FL | FS_APPEND_FL);
		ioctl(fd, FS_IOC_SETFLAGS, &flags);
	}
	close(fd);
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

int zct_remove_tree(const char *top)
{
	for (int i = 0; i < 64 && unmount_last_below(top) == 0; i++)
		;
	if (nftw(top, remove_one, 64, FTW_PHYS | FTW_DEPTH | FTW_MOUNT) == 0)
		return 0;
	nftw(top, clear_marks, 64, FTW_PHYS | FTW_MOUNT);
	if (nftw(top, remove_one, 64, FTW_PHYS | FTW_DEPTH | FTW_MOUNT) == 0)
		return 0;
	dprintf(2, "%s: not removed: %m\n", top);
	return -1;
}
