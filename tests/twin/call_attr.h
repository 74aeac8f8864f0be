/* SPDX-License-Identifier: MIT */
/*
 * Calls on times, inode flags, statx and statfs. Must not know the tester: printed programs
 * contain this text.
 */
#ifndef ZC_TWIN_CALL_ATTR_H
#define ZC_TWIN_CALL_ATTR_H

MAYBE_UNUSED static long set_times(int dir, const char *path, long as, long an, long ms, long mn,
				   int flags)
{
	struct timespec times[2] = { { as, an }, { ms, mn } };

	return utimensat(dir, path, times, flags);
}

MAYBE_UNUSED static long set_open_times(int fd, long as, long an, long ms, long mn)
{
	struct timespec times[2] = { { as, an }, { ms, mn } };

	return futimens(fd, times);
}

/* Basic fields and birth time: all that is told of a FUSE file. */
MAYBE_UNUSED static long show_statx(int dir, const char *path, int flags)
{
	struct statx st;

	if (statx(dir, path, flags, STATX_BASIC_STATS | STATX_BTIME, &st))
		return -1;
	say(" mask=%x mode=%o owner=%u:%u links=%u size=%llu rdev=%x:%x",
	    st.stx_mask & (STATX_BASIC_STATS | STATX_BTIME), st.stx_mode, st.stx_uid, st.stx_gid,
	    st.stx_nlink, (unsigned long long)st.stx_size, st.stx_rdev_major, st.stx_rdev_minor);
	say_time("atime", st.stx_atime.tv_sec, st.stx_atime.tv_nsec);
	say_time("mtime", st.stx_mtime.tv_sec, st.stx_mtime.tv_nsec);
	say_time("ctime", st.stx_ctime.tv_sec, st.stx_ctime.tv_nsec);
	if (st.stx_mask & STATX_BTIME)
		say_time("btime", st.stx_btime.tv_sec, st.stx_btime.tv_nsec);
	return 0;
}

static long say_statfs(long err, const struct statfs *fs)
{
	if (!err)
		say(" block=%ld fragment=%ld blocks=%lu name=%ld", (long)fs->f_bsize,
		    (long)fs->f_frsize, (unsigned long)fs->f_blocks, (long)fs->f_namelen);
	return err;
}

MAYBE_UNUSED static long show_statfs(const char *path)
{
	struct statfs fs;
	long err = statfs(path, &fs);

	return say_statfs(err, &fs);
}

MAYBE_UNUSED static long show_fstatfs(int fd)
{
	struct statfs fs;
	long err = fstatfs(fd, &fs);

	return say_statfs(err, &fs);
}

MAYBE_UNUSED static long get_flags(int fd)
{
	int flags = 0;
	long err = ioctl(fd, FS_IOC_GETFLAGS, &flags);

	if (!err)
		say(" flags=%x", (unsigned)flags);
	return err;
}

/* As chattr does: what it does not know stays. */
MAYBE_UNUSED static long set_flags(int fd, int flags)
{
	int settable = FS_APPEND_FL | FS_IMMUTABLE_FL | FS_NOATIME_FL | FS_NODUMP_FL | FS_SYNC_FL |
		       FS_DIRSYNC_FL;
	int all = 0;

	if (ioctl(fd, FS_IOC_GETFLAGS, &all))
		return -1;
	all = (all & ~settable) | flags;
	return ioctl(fd, FS_IOC_SETFLAGS, &all);
}

MAYBE_UNUSED static long get_fsx(int fd)
{
	struct fsxattr fsx = { 0 };
	long err = ioctl(fd, FS_IOC_FSGETXATTR, &fsx);

	if (!err)
		say(" xflags=%x project=%u", fsx.fsx_xflags, fsx.fsx_projid);
	return err;
}

MAYBE_UNUSED static long set_project(int fd, int project)
{
	struct fsxattr fsx = { 0 };

	if (ioctl(fd, FS_IOC_FSGETXATTR, &fsx))
		return -1;
	fsx.fsx_projid = (unsigned)project;
	return ioctl(fd, FS_IOC_FSSETXATTR, &fsx);
}
#endif
