/* SPDX-License-Identifier: MIT */
/*
 * Locks and what fcntl tells of a descriptor. Nobody ever waits for a lock.
 * Must not know the tester: printed programs contain this text.
 */
#ifndef ZC_TWIN_CALL_LOCK_H
#define ZC_TWIN_CALL_LOCK_H

MAYBE_UNUSED static long lock_range(int fd, int command, int type, off_t start, off_t size)
{
	struct flock lock = {
		.l_type = (short)type, .l_whence = SEEK_SET, .l_start = start, .l_len = size
	};
	long err = fcntl(fd, command, &lock);

	if (!err && (command == F_GETLK || command == F_OFD_GETLK))
		say(" type=%d start=%lld size=%lld owner=%d", lock.l_type, (long long)lock.l_start,
		    (long long)lock.l_len,
		    lock.l_type == F_UNLCK ? 0
		    : lock.l_pid > 0	   ? 1
					   : lock.l_pid);
	return err;
}

MAYBE_UNUSED static long get_status(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags >= 0)
		say(" flags=%o", (unsigned)flags);
	return flags < 0 ? -1 : 0;
}
#endif
