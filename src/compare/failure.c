// SPDX-License-Identifier: MIT
// From an errno and what was being done to a line for people and an exit code: tables.
// Must not know what was being measured.
#include "failure.h"

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define ANY	     ZC_STEPS

static const char *const whats[] = {
	[ZC_STEP_OPEN] = "cannot be opened",	    [ZC_STEP_READ] = "cannot be read",
	[ZC_STEP_CREATE] = "cannot be made",	    [ZC_STEP_WRITE] = "cannot be written",
	[ZC_STEP_COPY] = "cannot be copied",	    [ZC_STEP_MEMORY] = "not enough memory",
	[ZC_STEP_SOCKET] = "the connection failed", [ZC_STEP_RUN] = "cannot be run",
	[ZC_STEP_FIND] = "no mount of zcfs",	    [ZC_STEP_MOUNT] = "cannot be mounted",
};

/* The first row that fits counts. err 0: any. */
static const struct {
	enum zc_step step;
	int err;
	enum zc_exit code;
	const char *advice;
} rows[] = {
	{ ANY, EINTR, ZC_EXIT_INTERRUPTED, "run it again" },
	{ ZC_STEP_SOCKET, 0, ZC_EXIT_OTHER, "see that the loopback interface is up (ip link)" },
	{ ANY, ENOTCONN, ZC_EXIT_GONE, "mount it again, and look at the messages of its daemon" },
	{ ANY, ECONNABORTED, ZC_EXIT_GONE,
	  "mount it again, and look at the messages of its daemon" },
	{ ANY, ENODEV, ZC_EXIT_GONE, "mount it again, and look at the messages of its daemon" },
	{ ZC_STEP_MOUNT, 0, ZC_EXIT_CANNOT_MOUNT,
	  "mount it by hand (zcfs BACKING MOUNTPOINT) and see what it says" },
	{ ZC_STEP_FIND, EACCES, ZC_EXIT_PERMISSION, "run as the user who mounted it, or as root" },
	{ ZC_STEP_FIND, ENOENT, ZC_EXIT_MISSING, "give a directory on which zcfs is mounted" },
	{ ZC_STEP_FIND, 0, ZC_EXIT_NO_MOUNT,
	  "mount it first (zcfs BACKING MOUNTPOINT), or let --self BACKING do it" },
	{ ZC_STEP_RUN, ENOENT, ZC_EXIT_MISSING, "install it, or leave it out" },
	{ ZC_STEP_CREATE, EEXIST, ZC_EXIT_EXISTS,
	  "move it away or remove it first: nothing is overwritten" },
	{ ZC_STEP_CREATE, EROFS, ZC_EXIT_PERMISSION,
	  "use a directory on a file system that can be written to" },
	{ ZC_STEP_CREATE, ENOENT, ZC_EXIT_MISSING, "make its directory first" },
	{ ZC_STEP_CREATE, EACCES, ZC_EXIT_PERMISSION,
	  "use a directory that you may write to, or run as a user who may" },
	{ ZC_STEP_CREATE, EPERM, ZC_EXIT_PERMISSION,
	  "use a directory that you may write to, or run as a user who may" },
	{ ANY, ENOENT, ZC_EXIT_MISSING, "give the path of something that is there" },
	{ ANY, ENOTDIR, ZC_EXIT_MISSING, "a part of its path is no directory: correct the path" },
	{ ANY, ELOOP, ZC_EXIT_MISSING, "its symbolic links lead nowhere: correct them" },
	{ ANY, ENAMETOOLONG, ZC_EXIT_MISSING, "give a shorter path" },
	{ ANY, EISDIR, ZC_EXIT_NOT_A_FILE, "give the path of a regular file" },
	{ ANY, EACCES, ZC_EXIT_PERMISSION, "run as a user who may read it" },
	{ ANY, EPERM, ZC_EXIT_PERMISSION, "run as a user who may do that" },
	{ ANY, EROFS, ZC_EXIT_PERMISSION,
	  "use a directory on a file system that can be written to" },
	{ ANY, ENOSPC, ZC_EXIT_NO_SPACE, "free some space there, or use a smaller file" },
	{ ANY, EDQUOT, ZC_EXIT_NO_SPACE,
	  "the quota is used up: remove files, or use a smaller one" },
	{ ANY, EFBIG, ZC_EXIT_NO_SPACE,
	  "files may not be that large there: see ulimit -f, or use a smaller one" },
	{ ANY, ENODATA, ZC_EXIT_CHANGED,
	  "it became shorter while it was copied: leave it alone meanwhile" },
	{ ANY, ENOMEM, ZC_EXIT_OTHER, "use a smaller file, or end other programs" },
	{ ANY, EMFILE, ZC_EXIT_OTHER, "allow more open files (ulimit -n)" },
	{ ANY, EIO, ZC_EXIT_OTHER, "look for errors of the device or network with dmesg" },
	{ ANY, 0, ZC_EXIT_OTHER, "look for its cause with dmesg, then run it again" },
};

static const struct {
	enum zc_exit code;
	const char *meaning;
} meanings[] = {
	{ ZC_EXIT_FINE, "measured, and every copy is what its source is" },
	{ ZC_EXIT_DIFFERS, "a copy differs from its source; both files are kept" },
	{ ZC_EXIT_USAGE, "wrong usage" },
	{ ZC_EXIT_MISSING, "a file, directory or program is missing" },
	{ ZC_EXIT_NOT_A_FILE,
	  "a directory, an empty file or another thing that is no file to copy" },
	{ ZC_EXIT_PERMISSION, "no permission, or a read-only file system" },
	{ ZC_EXIT_NO_SPACE, "no space" },
	{ ZC_EXIT_GONE, "the mount went away in the middle" },
	{ ZC_EXIT_CHANGED, "the source changed while it was copied" },
	{ ZC_EXIT_NO_MOUNT, "nothing is mounted there, or not zcfs" },
	{ ZC_EXIT_OTHER, "any other failure: a read error, too little memory" },
	{ ZC_EXIT_CANNOT_MOUNT, "--self cannot mount" },
	{ ZC_EXIT_EXISTS, "a file is already there that would be written" },
	{ ZC_EXIT_INTERRUPTED, "interrupted; nothing is left behind" },
};

static void put(char *field, size_t size, const char *text)
{
	snprintf(field, size, "%s", text);
}

enum zc_exit zc_failure_of(struct zc_failure *ret_failure, enum zc_step step, const char *object,
			   int err)
{
	size_t i = 0;

	while (i < COUNT(rows) - 1 && !((rows[i].step == step || rows[i].step == ANY) &&
					(rows[i].err == -err || rows[i].err == 0)))
		i++;
	return zc_failure_set(ret_failure, rows[i].code, err, object, whats[step], "%s",
			      rows[i].advice);
}

enum zc_exit zc_failure_set(struct zc_failure *ret_failure, enum zc_exit code, int err,
			    const char *object, const char *what, const char *advice, ...)
{
	va_list args;

	*ret_failure = (struct zc_failure){ .code = code, .err = -err };
	put(ret_failure->object, sizeof(ret_failure->object), object);
	put(ret_failure->what, sizeof(ret_failure->what), what);
	va_start(args, advice);
	vsnprintf(ret_failure->advice, sizeof(ret_failure->advice), advice, args);
	va_end(args);
	return code;
}

int zc_failure_is_of_target(int err)
{
	return err == -ENOSPC || err == -EDQUOT || err == -EFBIG || err == -EROFS;
}

/* Names may hold line ends and terminal commands: neither may act. */
static void disarm(char *line)
{
	for (; *line; line++) {
		if ((unsigned char)*line < ' ' || *line == 0x7f)
			*line = '?';
	}
}

int zc_failure_print(const struct zc_failure *failure, FILE *out)
{
	const char *name = strerrorname_np(failure->err);
	char line[sizeof(*failure) + 64];

	if (!failure->err)
		snprintf(line, sizeof(line), "%s: %s: %s", failure->object, failure->what,
			 failure->advice);
	else if (name)
		snprintf(line, sizeof(line), "%s: %s (%s): %s", failure->object, failure->what,
			 name, failure->advice);
	else
		snprintf(line, sizeof(line), "%s: %s (error %d): %s", failure->object,
			 failure->what, failure->err, failure->advice);
	disarm(line);
	fprintf(out, "zcfs-compare: %s\n", line);
	return failure->code;
}

const char *zc_exit_meaning(int code)
{
	for (size_t i = 0; i < COUNT(meanings); i++) {
		if ((int)meanings[i].code == code)
			return meanings[i].meaning;
	}
	return NULL;
}
