// SPDX-License-Identifier: MIT
// Many processes open one file in every mixture of ways for some time; any error ends the test.
// It must not know the mount: the same run on a plain directory is as good.

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	BLOCK = 4096,
	BLOCKS = 64, // what is always there of the file, but for moments after O_TRUNC
};

struct actor {
	int dir;
	const char *name;
	unsigned int number;
	unsigned int round;
	void *block; // BLOCK bytes, aligned for O_DIRECT
};

static int open_or_die(const struct actor *me, const char *name, int flags)
{
	int fd = openat(me->dir, name, flags | O_CLOEXEC, 0644);

	if (fd < 0)
		err(1, "open of %s with flags %#o", name, flags);
	return fd;
}

static void close_or_die(int fd)
{
	if (close(fd) < 0)
		err(1, "close");
}

static void check(const char *what, ssize_t result)
{
	if (result < 0)
		err(1, "%s", what);
}

static off_t some_offset(const struct actor *me)
{
	return (off_t)((me->number * 7 + me->round * 13) % BLOCKS) * BLOCK;
}

static void act_read(struct actor *me)
{
	int fd = open_or_die(me, me->name, O_RDONLY);

	check("pread", pread(fd, me->block, BLOCK, some_offset(me)));
	close_or_die(fd);
}

static void act_write(struct actor *me)
{
	int fd = open_or_die(me, me->name, me->round % 2 ? O_WRONLY : O_RDWR);

	check("pwrite", pwrite(fd, me->block, 1000, some_offset(me) + 500));
	if (me->round % 8 == 0)
		check("fsync", fsync(fd));
	close_or_die(fd);
}

static void act_append(struct actor *me)
{
	int fd = open_or_die(me, me->name, O_WRONLY | O_APPEND);

	check("append", write(fd, me->block, 100));
	close_or_die(fd);
}

static void act_direct_read(struct actor *me)
{
	int fd = open_or_die(me, me->name, O_RDONLY | O_DIRECT);

	check("direct read", pread(fd, me->block, BLOCK, some_offset(me)));
	close_or_die(fd);
}

static void act_direct_write(struct actor *me)
{
	int fd = open_or_die(me, me->name, O_RDWR | O_DIRECT);

	check("direct write", pwrite(fd, me->block, BLOCK, some_offset(me)));
	close_or_die(fd);
}

// Beyond the end of a file that O_TRUNC just cut, a mapping is SIGBUS by right; so the mapped file is another
// one, which nobody cuts.
static void act_map(struct actor *me)
{
	int fd = open_or_die(me, "mapped", O_RDWR);
	unsigned char *at =
	    mmap(NULL, BLOCK, PROT_READ | PROT_WRITE, MAP_SHARED, fd, some_offset(me));

	if (at == MAP_FAILED)
		err(1, "mmap, shared and writable");
	close_or_die(fd);
	at[me->number % BLOCK]++;
	if (me->round % 4 == 0)
		check("msync", msync(at, BLOCK, MS_SYNC));
	check("munmap", munmap(at, BLOCK));
}

static void act_map_same(struct actor *me)
{
	int fd = open_or_die(me, me->name, me->round % 2 ? O_RDONLY : O_RDWR);
	int prot = me->round % 2 ? PROT_READ : PROT_READ | PROT_WRITE;
	void *at = mmap(NULL, BLOCK, prot, MAP_SHARED, fd, 0);

	if (at == MAP_FAILED)
		err(1, "mmap of the common file");
	check("pread", pread(fd, me->block, BLOCK, some_offset(me)));
	check("munmap", munmap(at, BLOCK));
	close_or_die(fd);
}

// Direct writes under a dirty mapping make a later msync() fail with EIO on any file system; none of them here.
static void act_mapped_file_io(struct actor *me)
{
	int direct = me->round % 3 == 0 ? O_DIRECT : 0;
	int fd = open_or_die(me, "mapped", O_RDWR | direct);

	check("pread", pread(fd, me->block, BLOCK, some_offset(me)));
	if (!direct)
		check("pwrite", pwrite(fd, me->block, BLOCK, some_offset(me)));
	close_or_die(fd);
}

static void act_truncate(struct actor *me)
{
	int fd;

	if (me->round % 10)
		return;
	fd = open_or_die(me, me->name, O_RDWR | O_TRUNC);
	check("ftruncate", ftruncate(fd, (off_t)BLOCKS * BLOCK));
	close_or_die(fd);
}

static void act_hold_two(struct actor *me)
{
	int one = open_or_die(me, me->name, O_RDONLY);
	int two = open_or_die(me, me->name, O_RDWR | O_CREAT);

	check("pread", pread(one, me->block, BLOCK, some_offset(me)));
	check("pwrite", pwrite(two, me->block, 10, some_offset(me)));
	close_or_die(one);
	check("pread", pread(two, me->block, BLOCK, 0));
	close_or_die(two);
}

// A file of one's own: created, written, opened again, unlinked while open, still usable.
static void act_create_unlink(struct actor *me)
{
	char name[64];
	int fd, again;

	snprintf(name, sizeof(name), "own-%u", me->number);
	fd = open_or_die(me, name, O_RDWR | O_CREAT | O_EXCL);
	check("write", write(fd, me->block, BLOCK));
	again = open_or_die(me, name, me->round % 2 ? O_RDONLY | O_DIRECT : O_RDWR | O_APPEND);
	check("unlink", unlinkat(me->dir, name, 0));
	if (pread(fd, me->block, BLOCK, 0) != BLOCK)
		err(1, "pread of an unlinked file");
	check("pread", pread(again, me->block, BLOCK, 0));
	close_or_die(fd);
	close_or_die(again);
}

// A name that all fight for: absent is no error here, anything else is.
static void act_common_name(struct actor *me)
{
	int fd = openat(me->dir, "fought-for", O_RDWR | O_CREAT | O_CLOEXEC, 0644);

	if (fd < 0 && errno != ENOENT)
		err(1, "open of the name fought for");
	if (fd >= 0) {
		check("write", write(fd, me->block, 100));
		close_or_die(fd);
	}
	if (unlinkat(me->dir, "fought-for", 0) < 0 && errno != ENOENT)
		err(1, "unlink of the name fought for");
}

static void (*const acts[])(struct actor *) = {
	act_read, act_write,	      act_append,   act_direct_read, act_direct_write,
	act_map,  act_map_same,	      act_truncate, act_hold_two,    act_create_unlink,
	act_read, act_mapped_file_io, act_write,    act_common_name,
};

enum { ACTS = sizeof(acts) / sizeof(acts[0]) };

static int run(struct actor *me, unsigned int rounds)
{
	if (posix_memalign(&me->block, BLOCK, BLOCK))
		errx(1, "no memory");
	memset(me->block, 'a' + (int)(me->number % 26), BLOCK);
	for (me->round = 0; me->round < rounds; me->round++)
		acts[(me->number + me->round * 5) % ACTS](me);
	free(me->block);
	return 0;
}

static void fill(int dir, const char *name)
{
	int fd = openat(dir, name, O_RDWR | O_CREAT | O_CLOEXEC, 0644);

	if (fd < 0 || ftruncate(fd, (off_t)BLOCKS * BLOCK) < 0)
		err(1, "cannot make %s", name);
	close_or_die(fd);
}

static int wait_for_all(unsigned int count)
{
	int status, failed = 0;

	while (count--) {
		if (wait(&status) < 0)
			err(1, "wait");
		if (!WIFEXITED(status) || WEXITSTATUS(status))
			failed++;
	}
	return failed;
}

int main(int argc, char **argv)
{
	struct actor me = { .name = "common" };
	unsigned int count, rounds;
	int failed;

	if (argc != 4)
		errx(2, "use: parallel-opens DIRECTORY PROCESSES ROUNDS");
	count = (unsigned int)atoi(argv[2]);
	rounds = (unsigned int)atoi(argv[3]);
	me.dir = open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (me.dir < 0)
		err(1, "%s", argv[1]);
	fill(me.dir, me.name);
	fill(me.dir, "mapped");
	for (me.number = 0; me.number < count; me.number++) {
		pid_t pid = fork();

		if (pid < 0)
			err(1, "fork");
		if (pid == 0)
			_exit(run(&me, rounds));
	}
	failed = wait_for_all(count);
	if (failed)
		fprintf(stderr, "%d of %u processes failed\n", failed, count);
	return failed != 0;
}
