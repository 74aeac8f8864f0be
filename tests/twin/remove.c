// SPDX-License-Identifier: MIT
// Removes a run's tree, whatever flags its files have.
// Must not know what made the tree; it is called by root from within.
#include "twin.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static void clear_flags(int dir, const char *name)
{
	int fd = openat(dir, name, O_RDONLY | O_NONBLOCK | O_NOFOLLOW), flags;

	if (fd < 0)
		return;
	if (!ioctl(fd, FS_IOC_GETFLAGS, &flags) && flags & (FS_IMMUTABLE_FL | FS_APPEND_FL)) {
		flags &= ~(FS_IMMUTABLE_FL | FS_APPEND_FL);
		ioctl(fd, FS_IOC_SETFLAGS, &flags);
	}
	close(fd);
}

static int remove_below(int fd, char *note);

static int remove_entry(int dir, const char *name, char *note)
{
	int fd;

	if (!unlinkat(dir, name, 0))
		return 0;
	clear_flags(dir, name);
	fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
	if (fd >= 0 && remove_below(fd, note))
		return -1;
	if (!unlinkat(dir, name, fd >= 0 ? AT_REMOVEDIR : 0))
		return 0;
	snprintf(note, NOTE_SIZE, "%.200s: %s", name, strerror(errno));
	return -1;
}

/* fd is closed. */
static int remove_below(int fd, char *note)
{
	DIR *dir = fdopendir(fd);
	struct dirent *entry;
	int err = 0;

	if (!dir)
		return -1;
	while (!err && (entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			err = remove_entry(dirfd(dir), entry->d_name, note);
	closedir(dir);
	return err;
}

/* From the root of the run, DIR/seq-N/x/r, all below DIR/seq-N goes. */
int zc_remove_all(char *note)
{
	int fd;

	clear_flags(AT_FDCWD, ".");
	clear_flags(AT_FDCWD, "..");
	clear_flags(AT_FDCWD, "../..");
	if (chdir("../..") || (fd = open(".", O_RDONLY | O_DIRECTORY)) < 0) {
		snprintf(note, NOTE_SIZE, "the run's directory: %s", strerror(errno));
		return -1;
	}
	return remove_below(fd, note);
}
