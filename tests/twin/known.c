// SPDX-License-Identifier: MIT
// What differs on the mirror for a reason that only the kernel can remove: one row a difference.
// Must not know how calls are made. Whoever adds a row gives the kernel's reason; README's limits
// say the same.
#include "twin.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/falloc.h>
#include <linux/fs.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define PASSED	   ZC_ON(PLANE_PASSTHROUGH)
#define EVERY_ZCFS (PASSED | ZC_BUFFERED)

/* calls: names with a blank on both sides, NULL for all. */
static bool is_one_of(const char *calls, const struct row *row)
{
	char name[64];

	if (!calls)
		return true;
	snprintf(name, sizeof(name), " %s ", row->name);
	return strstr(calls, name);
}

/* --- calls that are not made, as what follows would differ */

/* Root keeps all such bits; a member of the group keeps setgid where the group may not execute. */
static bool writes_setid(const struct op *op, const int *slot)
{
	struct stat st;

	if (fstat(slot[op->arg[0]], &st) || !S_ISREG(st.st_mode))
		return false;
	return (op->actor == 0 && st.st_mode & (S_ISUID | S_ISGID)) ||
	       (st.st_mode & (S_ISGID | S_IXGRP)) == S_ISGID;
}

static bool is_direct(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	return flags >= 0 && flags & O_DIRECT && !(flags & O_PATH);
}

static bool moves_data_direct(const struct op *op, const int *slot)
{
	return is_direct(slot[op->arg[0]]) || is_direct(slot[op->arg[1] & 7]);
}

/* The size is the argument behind the slot. */
static bool writes_part_of_a_block(const struct op *op, const int *slot)
{
	return is_direct(slot[op->arg[0]]) && op->arg[1] % 4096;
}

static bool writes_parts_direct(const struct op *op, const int *slot)
{
	return is_direct(slot[op->arg[0]]);
}

static bool copies_direct(const struct op *op, const int *slot)
{
	return is_direct(slot[op->arg[0]]) || is_direct(slot[op->arg[2]]);
}

/* What is added to appending works: the kernel hands that flag of each write down. */
static bool changes_flags_below(const struct op *op, const int *slot)
{
	int flags = fcntl(slot[op->arg[0]], F_GETFL), given = (int)op->arg[1];

	return flags >= 0 &&
	       ((flags & ~given & O_APPEND) || ((flags ^ given) & (O_DIRECT | O_NOATIME)));
}

static bool is_append_only(const struct op *op, const int *slot)
{
	int flags = 0;

	return !ioctl(slot[op->arg[0]], FS_IOC_GETFLAGS, &flags) && flags & FS_APPEND_FL;
}

static bool maps_append_only(const struct op *op, const int *slot)
{
	struct op of_the_slot = { .arg = { op->arg[1] } };

	return op->arg[4] == MAP_SHARED && is_append_only(&of_the_slot, slot);
}

static bool forbids_writing(const struct op *op, const int *slot)
{
	(void)slot;
	return op->arg[1] & (FS_IMMUTABLE_FL | FS_APPEND_FL);
}

static bool is_special(const struct op *op, const int *slot)
{
	struct stat st;

	return !fstat(slot[op->arg[0]], &st) && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

static bool reads_without_wait(const struct op *op, const int *slot)
{
	(void)slot;
	return op->arg[3] & RWF_NOWAIT;
}

static bool reads_nothing(const struct op *op, const int *slot)
{
	(void)slot;
	return op->arg[1] == 0;
}

static bool writes_without_wait(const struct op *op, const int *slot)
{
	(void)slot;
	return op->arg[4] & RWF_NOWAIT;
}

static bool seeks_far(const struct op *op, const int *slot)
{
	(void)slot;
	return op->arg[1] > 1L << 43;
}

static bool seeks_before_the_start(const struct op *op, const int *slot)
{
	(void)slot;
	return op->arg[1] < 0;
}

static bool always(const struct op *op, const int *slot)
{
	(void)op;
	(void)slot;
	return true;
}

static bool sends_from_far(const struct op *op, const int *slot)
{
	(void)slot;
	return op->arg[2] > 1L << 43;
}

static bool seeks_directory(const struct op *op, const int *slot)
{
	struct stat st;

	return !fstat(slot[op->arg[0]], &st) && S_ISDIR(st.st_mode);
}

/* Whichever argument is the offset, and whichever the slot. */
static bool writes_setid_far(const struct op *op, const int *slot)
{
	bool far = false, setid = false;
	struct stat st;

	for (int i = 0; i < ARGS; i++)
		far |= op->arg[i] > 1L << 43;
	for (int i = 0; i < 3; i++)
		setid |= !fstat(slot[op->arg[i] & 7], &st) && st.st_mode & (S_ISUID | S_ISGID);
	return far && setid;
}

/* tmpfs cannot zero, and btrfs takes a hole behind the end for nothing to do. */
static bool zeroes_setid(const struct op *op, const int *slot)
{
	struct stat st;

	return op->arg[1] & (FALLOC_FL_ZERO_RANGE | FALLOC_FL_PUNCH_HOLE) &&
	       !fstat(slot[op->arg[0]], &st) && st.st_mode & (S_ISUID | S_ISGID);
}

static bool moves_blocks(const struct op *op, const int *slot)
{
	(void)slot;
	return op->arg[1] &
	       (FALLOC_FL_COLLAPSE_RANGE | FALLOC_FL_INSERT_RANGE | FALLOC_FL_UNSHARE_RANGE);
}

static const struct {
	const char *calls;
	unsigned planes;
	bool (*when)(const struct op *op, const int *slot);
	const char *reason;
} not_made[] = {
	{ " write pwrite writev splice_in sendfile ", PASSED, writes_setid,
	  "the kernel writes with the credentials of the registration: all "
	  "setuid and setgid bits are cleared" },
	{ " write pwrite ", PASSED, writes_part_of_a_block,
	  "a part of a block is refused, after as many extents as the file has, and that is "
	  "chance" },
	{ " writev splice_in ", PASSED, writes_parts_direct, "the same" },
	{ " copy_file_range ", EVERY_ZCFS, copies_direct,
	  "the daemon's descriptors are not the caller's" },
	{ " set_status ", PASSED, changes_flags_below,
	  "FUSE does not learn of F_SETFL: the backing file keeps the flags it was opened with" },
	{ " map_shared ", EVERY_ZCFS, is_append_only,
	  "do_mmap looks at the inode's own flags, which FUSE does not tell it" },
	{ " map_keep ", EVERY_ZCFS, maps_append_only,
	  "do_mmap looks at the inode's own flags, which FUSE does not tell it" },
	{ " set_status ", EVERY_ZCFS, is_append_only,
	  "the kernel asks no file system whether O_APPEND may go, and FUSE does not tell it" },
	{ " set_flags ", ZC_ON(PLANE_CACHED), forbids_writing,
	  "what is open without our knowledge is opened again for each write" },
	{ " get_flags set_flags get_fsx set_project ", EVERY_ZCFS, is_special,
	  "fuse_priv_ioctl_prepare lets only files and directories through" },
	{ " read pread readv ", EVERY_ZCFS, reads_nothing,
	  "of no bytes nothing is asked, and tmpfs marks the file as read" },
	{ " readv ", EVERY_ZCFS, reads_without_wait, "FUSE files have no FMODE_NOWAIT" },
	{ " writev ", EVERY_ZCFS, writes_without_wait, "FUSE files have no FMODE_NOWAIT" },
	{ " sendfile ", EVERY_ZCFS, sends_from_far,
	  "the largest offset is that of FUSE, not asked of the daemon" },
	{ " lseek seek_data ", EVERY_ZCFS, seeks_far,
	  "the largest offset is that of FUSE, not asked of the daemon" },
	{ " map_load map_shared ", ZC_MEMORY, always,
	  "tmpfs keeps what is stored behind the end of a file, in its last page" },
	{ " seek_data ", ZC_MEMORY, always,
	  "a hole of tmpfs is data once it was looked at mapped" },
	{ " seek_data ", EVERY_ZCFS, seeks_before_the_start,
	  "btrfs answers by what has been written back, and FUSE is not told of posix_fadvise" },
	{ " lseek seek_data ", EVERY_ZCFS, seeks_directory,
	  "each file system has positions of its own in directories" },
	{ " pwrite writev splice_in copy_file_range fallocate ", EVERY_ZCFS, writes_setid_far,
	  "setuid bits go before the file system below says that the offset is too large" },
	{ " fallocate ", EVERY_ZCFS, zeroes_setid,
	  "setuid bits go before the file system below says that it does not, or has not to" },
	{ " fallocate ", EVERY_ZCFS, moves_blocks,
	  "fuse_file_fallocate does not pass on these modes" },
	{ " read pread readv write pwrite writev sendfile splice_out splice_in ", ZC_BUFFERED,
	  moves_data_direct,
	  "the daemon's buffers are not the caller's: O_DIRECT asks for no alignment" },
};

const char *zc_known_to_skip(unsigned ground, const struct row *row, const struct op *op,
			     const int *slot)
{
	for (size_t i = 0; i < sizeof(not_made) / sizeof(not_made[0]); i++)
		if (not_made[i].planes & ground && is_one_of(not_made[i].calls, row) &&
		    not_made[i].when(op, slot))
			return not_made[i].reason;
	return NULL;
}

/* --- answers that may differ */

static bool access_of_immutable(const struct op *op, const struct reply *plain,
				const struct reply *mirror)
{
	(void)op;
	return plain->err == EPERM && !mirror->value;
}

static bool chown_of_nothing(const struct op *op, const struct reply *plain,
			     const struct reply *mirror)
{
	return op->arg[1] == -1 && op->arg[2] == -1 && plain->err == EPERM && !mirror->value;
}

static bool nothing_far_away(const struct op *op, const struct reply *plain,
			     const struct reply *mirror)
{
	(void)op;
	return (plain->err == EFBIG || plain->err == EOVERFLOW) && !mirror->value;
}

static bool immutable_seen_late(const struct op *op, const struct reply *plain,
				const struct reply *mirror)
{
	(void)op;
	return plain->err == EPERM && mirror->err;
}

static bool nothing_to_do(const struct op *op, const struct reply *plain,
			  const struct reply *mirror)
{
	(void)op;
	return plain->err == EPERM && !mirror->value;
}

static bool trusted_names_hidden(const struct op *op, const struct reply *plain,
				 const struct reply *mirror)
{
	if (plain->err == ERANGE)
		return mirror->value >= 0;
	if (!op->arg[1])
		return mirror->value >= 0 && mirror->value < plain->value;
	return strstr(plain->note, " trusted.") && !strstr(mirror->note, " trusted.");
}

static const struct {
	const char *calls;
	unsigned planes;
	bool (*when)(const struct op *op, const struct reply *plain, const struct reply *mirror);
	const char *reason;
} answers[] = {
	{ " chown fchown ", EVERY_ZCFS, chown_of_nothing,
	  "arrives as an empty SETATTR, as a writer's does whose setuid bits go" },
	{ " access ", EVERY_ZCFS, access_of_immutable, "FUSE's STATX tells no attribute bits" },
	{ " copy_file_range pwrite writev splice_in sendfile ", EVERY_ZCFS, nothing_far_away,
	  "the largest offset is that of FUSE, and no bytes are no request" },
	{ " write pwrite writev splice_in sendfile copy_file_range ", ZC_MIXED, nothing_to_do,
	  "no bytes are no request, and that the file is immutable is known below only" },
	{ " set_default_acl remove_default_acl ", ZC_MIXED, nothing_to_do,
	  "of what is no directory nothing is asked, immutable or not" },
	{ NULL, ZC_MIXED, immutable_seen_late,
	  "that a file is immutable is not told to the kernel's own checks, which come first" },
	{ " listxattr flistxattr ", EVERY_ZCFS, trusted_names_hidden,
	  "chosen: btrfs shows trusted names to everybody, overlayfs counts them" },
};

const char *zc_known_to_differ(unsigned ground, const struct row *row, const struct op *op,
			       const struct reply *plain, const struct reply *mirror)
{
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++)
		if (answers[i].planes & ground && is_one_of(answers[i].calls, row) &&
		    answers[i].when(op, plain, mirror))
			return answers[i].reason;
	return NULL;
}

/* --- parts of a text, NAME=VALUE, that may differ */

/* type: only of such files, 0 of all. */
static const struct {
	const char *start;
	unsigned planes;
	mode_t type;
	const char *reason;
} parts[] = {
	{ " atime=", EVERY_ZCFS, S_IFDIR,
	  "listings are cached, and that one is read without a mark (O_NOATIME) is lost in "
	  "libfuse" },
	{ " atime=now", PASSED, S_IFLNK,
	  "a symbolic link's target is kept by the kernel: who follows it reads it once" },
	{ " atime=now", ZC_BUFFERED, 0,
	  "what is read or mapped from the page cache of the mount is not told to FUSE" },
	{ " atime=", EVERY_ZCFS, S_IFIFO, "what goes through a fifo is the kernel's own" },
	{ " mtime=", EVERY_ZCFS, S_IFIFO, "the same" },
	{ " ctime=", EVERY_ZCFS, S_IFIFO, "the same" },
	{ " mtime=", ZC_MEMORY, 0,
	  "mapped pages are written back by write(2), which marks the time, as tmpfs does not" },
	{ " atime=", ZC_MAPPED, 0,
	  "a mapped page that is looked at is a READ, of which FUSE does not tell more" },
};

/* The last " name=" that begins at or before at. */
static const char *part_around(const char *text, const char *at)
{
	while (at > text && *at != ' ')
		at--;
	return at;
}

/* As the line says that this part is in. */
static bool is_of_type(const char *text, const char *part, mode_t type)
{
	static const char name[] = " mode=";
	const char *line = part, *found;

	while (line > text && line[-1] != '\n')
		line--;
	found = strstr(line, name);
	return found && found < part &&
	       ((mode_t)strtoul(found + strlen(name), NULL, 8) & S_IFMT) == type;
}

static size_t known_part(unsigned ground, const char *text, const char *part)
{
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (parts[i].planes & ground &&
		    !strncmp(part, parts[i].start, strlen(parts[i].start)) &&
		    (!parts[i].type || is_of_type(text, part, parts[i].type)))
			return strcspn(parts[i].start, "=") + 1;
	return 0;
}

bool zc_known_same_text(unsigned ground, const char *plain, const char *mirror)
{
	const char *plain_start = plain, *mirror_start = mirror;

	for (;;) {
		const char *one, *other;
		size_t name;

		while (*plain && *plain == *mirror)
			plain++, mirror++;
		if (!*plain && !*mirror)
			return true;
		one = part_around(plain_start, plain);
		other = part_around(mirror_start, mirror);
		name = known_part(ground, plain_start, one);
		if (!name || strncmp(one, other, name))
			return false;
		plain = one + strcspn(one + 1, " \n") + 1;
		mirror = other + strcspn(other + 1, " \n") + 1;
	}
}
