/* SPDX-License-Identifier: MIT */
/*
 * Calls that move data: vectors, file to file, through a pipe, by a mapping.
 * Must not know the tester: printed programs contain this text.
 */
#ifndef ZC_TWIN_CALL_DATA_H
#define ZC_TWIN_CALL_DATA_H

/* Three pieces, one of them empty. */
static void make_vector(struct iovec *vector, size_t size)
{
	vector[0] = (struct iovec){ buffer, size / 3 };
	vector[1] = (struct iovec){ buffer, 0 };
	vector[2] = (struct iovec){ buffer + size / 3, size - size / 3 };
}

MAYBE_UNUSED static long read_vector(int fd, size_t size, off_t offset, int flags)
{
	struct iovec vector[3];

	make_vector(vector, size);
	return took(preadv2(fd, vector, 3, offset, flags));
}

MAYBE_UNUSED static long write_vector(int fd, size_t size, int seed, off_t offset, int flags)
{
	struct iovec vector[3];

	bytes(seed, size);
	make_vector(vector, size);
	return pwritev2(fd, vector, 3, offset, flags);
}

/* Offsets -1 mean the file's own position. */
MAYBE_UNUSED static long copy_range(int from, off_t from_offset, int to, off_t to_offset,
				    size_t size)
{
	long got = copy_file_range(from, from_offset < 0 ? NULL : &from_offset, to,
				   to_offset < 0 ? NULL : &to_offset, size, 0);

	if (got > 0)
		say(" from=%lld to=%lld", (long long)from_offset, (long long)to_offset);
	return got;
}

MAYBE_UNUSED static long send_file(int to, int from, off_t offset, size_t size)
{
	long got = sendfile(to, from, offset < 0 ? NULL : &offset, size);

	if (got >= 0)
		say(" offset=%lld", (long long)offset);
	return got;
}

/* At most what a pipe takes, so that nobody waits. */
MAYBE_UNUSED static long splice_out(int fd, off_t offset, size_t size)
{
	int ends[2];
	long got;

	if (pipe2(ends, O_NONBLOCK))
		return -1;
	got = splice(fd, offset < 0 ? NULL : &offset, ends[1], NULL, size, SPLICE_F_NONBLOCK);
	if (got > 0 && read(ends[0], buffer, (size_t)got) == got)
		took(got);
	int err = errno;
	close(ends[0]);
	close(ends[1]);
	errno = err;
	return got;
}

MAYBE_UNUSED static long splice_in(int fd, off_t offset, size_t size, int seed)
{
	int ends[2];
	long got;

	if (size > 65536)
		size = 65536;
	if (pipe2(ends, O_NONBLOCK))
		return -1;
	bytes(seed, size);
	got = write(ends[1], buffer, size);
	close(ends[1]);
	if (got >= 0)
		got =
		    splice(ends[0], NULL, fd, offset < 0 ? NULL : &offset, size, SPLICE_F_NONBLOCK);
	int err = errno;
	close(ends[0]);
	errno = err;
	return got;
}

/* Maps one page, tells what is in it, and if prot says so writes a few bytes; flags as mmap
 * takes them. */
MAYBE_UNUSED static long map_page(int fd, off_t offset, int prot, int flags, int seed)
{
	char *page = mmap(NULL, 4096, prot, flags, fd, offset);
	struct statx fresh;
	long err = 0;

	if (page == MAP_FAILED)
		return -1;
	int number = sigsetjmp(fault, 1);

	if (number) {
		say_fault(number);
	} else {
		if (prot & PROT_READ)
			say(" page=%lx", (unsigned long)hash_of(page, 4096));
		if (prot & PROT_WRITE)
			memset(page + 10, seed, 20);
	}
	if (flags == MAP_SHARED && prot & PROT_WRITE)
		err = msync(page, 4096, MS_SYNC);
	munmap(page, 4096);
	/* the kernel does not tell FUSE of such a write: the attributes are asked for anew */
	statx(fd, "", AT_EMPTY_PATH | AT_STATX_FORCE_SYNC, STATX_BASIC_STATS, &fresh);
	return err;
}
#endif
