/* SPDX-License-Identifier: MIT */
/*
 * One call of every kind on names that begin with "bad". Must not know faults, sides or mounts.
 */
#include "faulty_calls.h"
#include "zct.h"

#include <dirent.h>
#include <linux/fs.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <sys/xattr.h>

enum { SIZE = 70000, PAGE = 4096 };

int faulty_calls_prepare(void)
{
	static char data[SIZE];
	int fd = open("bad", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);

	zct_fill(data, SIZE, 1);
	if (fd < 0 || write(fd, data, SIZE) != SIZE || close(fd) < 0)
		return -1;
	if (setxattr("bad", "user.old", "value", 5, 0) < 0 || zct_put("good", "good", 0644) < 0)
		return -1;
	if (symlink("good", "bad-symlink") < 0 || mkdir("bad-dir", 0755) < 0)
		return -1;
	return zct_put("bad-dir/good", "", 0644);
}

/* ---- by name --------------------------------------------------------------------------------- */

/* What was opened is of no interest any more. */
static long opened(int fd)
{
	return fd < 0 ? -1 : close(fd);
}

/* What comes back as it was, so that the call can be made again. */
static long undo(long res, const char *made)
{
	if (res == 0 && (unlink(made) < 0 && rmdir(made) < 0))
		return -1;
	return res;
}

#define CALL(name, expr)                                                                           \
	static long call_##name(int fd)                                                            \
	{                                                                                          \
		(void)fd;                                                                          \
		return (long)(expr);                                                               \
	}

static char room[SIZE];
static const struct timespec times[2] = { { 1, 1 }, { 2, 2 } };

CALL(stat, stat("bad", &(struct stat){ 0 }))
CALL(access, access("bad", R_OK))
CALL(chdir, chdir("bad-dir") < 0 ? -1 : chdir(".."))
CALL(open_read, opened(open("bad", O_RDONLY | O_CLOEXEC)))
CALL(open_write, opened(open("bad", O_WRONLY | O_CLOEXEC)))
CALL(open_both, opened(open("bad", O_RDWR | O_CLOEXEC)))
CALL(open_append, opened(open("bad", O_WRONLY | O_APPEND | O_CLOEXEC)))
CALL(open_direct, opened(open("bad", O_RDONLY | O_DIRECT | O_CLOEXEC)))
CALL(open_creat, opened(open("bad", O_WRONLY | O_CREAT | O_CLOEXEC, 0644)))
CALL(open_excl, opened(open("bad", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644)))
CALL(open_trunc, opened(open("bad", O_WRONLY | O_TRUNC | O_CLOEXEC)))
CALL(create, undo(opened(open("bad-new", O_WRONLY | O_CREAT | O_CLOEXEC, 0644)), "bad-new"))
CALL(create_excl, undo(opened(open("bad-new", O_RDWR | O_CREAT | O_EXCL, 0644)), "bad-new"))
CALL(truncate, truncate("bad", SIZE / 2))
CALL(chmod, chmod("bad", 0700))
CALL(chown, chown("bad", getuid(), getgid()))
CALL(utimens, utimensat(AT_FDCWD, "bad", times, 0))
CALL(mkdir, undo(mkdir("bad-new", 0755), "bad-new"))
CALL(mknod, undo(mknod("bad-new", S_IFREG | 0644, 0), "bad-new"))
CALL(mkfifo, undo(mkfifo("bad-new", 0644), "bad-new"))
CALL(symlink, undo(symlink("x", "bad-new"), "bad-new"))
CALL(link, undo(link("good", "bad-new"), "bad-new"))
CALL(readlink, readlink("bad-symlink", room, sizeof(room)))
CALL(follow, stat("bad-symlink", &(struct stat){ 0 }))
CALL(opendir, opened(open("bad-dir", O_RDONLY | O_DIRECTORY | O_CLOEXEC)))
CALL(statfs, statvfs("bad-dir", &(struct statvfs){ 0 }))
CALL(getxattr, getxattr("bad", "user.old", room, sizeof(room)))
CALL(getxattr_size, getxattr("bad", "user.old", NULL, 0))
CALL(getxattr_acl, getxattr("bad", "system.posix_acl_access", room, sizeof(room)))
CALL(setxattr, setxattr("bad", "user.new", "value", 5, 0))
CALL(listxattr, listxattr("bad", room, sizeof(room)))
CALL(listxattr_size, listxattr("bad", NULL, 0))
CALL(removexattr, removexattr("bad", "user.old"))
CALL(unlink, unlink("bad"))
CALL(rmdir, unlink("bad-dir/good") < 0 && errno != ENOENT ? -1 : rmdir("bad-dir"))
CALL(rename, rename("bad", "bad-new"))
CALL(rename_over, rename("bad", "good"))
CALL(rename_noreplace, renameat2(AT_FDCWD, "bad", AT_FDCWD, "bad-new", RENAME_NOREPLACE))
CALL(rename_exchange, renameat2(AT_FDCWD, "bad", AT_FDCWD, "good", RENAME_EXCHANGE))

static long call_list(int fd)
{
	DIR *dir = opendir("bad-dir");
	long count = 0;
	int err;

	(void)fd;
	if (!dir)
		return -1;
	errno = 0;
	while (readdir(dir))
		count++;
	err = errno;
	closedir(dir);
	errno = err;
	return err ? -1 : count;
}

static long call_execute(int fd)
{
	char *argv[] = { (char *)"bad", NULL };
	int status;
	pid_t pid = fork();

	(void)fd;
	if (pid == 0) {
		execv("./bad", argv);
		_exit(errno);
	}
	if (waitpid(pid, &status, 0) < 0 || !WIFEXITED(status))
		return -1;
	errno = WEXITSTATUS(status);
	return errno == ENOEXEC ? 0 : -1;
}

/* ---- by fd ----------------------------------------------------------------------------------- */

#define FD_CALL(name, expr)                                                                        \
	static long call_##name(int fd)                                                            \
	{                                                                                          \
		return (long)(expr);                                                               \
	}

static _Alignas(4096) char aligned[PAGE * 4];

FD_CALL(fstat, fstat(fd, &(struct stat){ 0 }))
FD_CALL(read, pread(fd, room, 100, 0))
FD_CALL(read_large, pread(fd, room, sizeof(room), 0))
FD_CALL(read_middle, pread(fd, room, 100, SIZE / 2))
FD_CALL(read_direct, pread(fd, aligned, sizeof(aligned), 0))
FD_CALL(write, pwrite(fd, "text", 4, 0))
FD_CALL(write_large, pwrite(fd, room, sizeof(room), 0))
FD_CALL(write_end, write(fd, "text", 4))
FD_CALL(write_direct, pwrite(fd, aligned, sizeof(aligned), 0))
FD_CALL(fsync, fsync(fd))
FD_CALL(fdatasync, fdatasync(fd))
FD_CALL(close, close(dup(fd)))
FD_CALL(ftruncate, ftruncate(fd, SIZE / 2))
FD_CALL(fallocate, fallocate(fd, 0, 0, (off_t)SIZE * 2))
FD_CALL(punch, fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, PAGE))
FD_CALL(fchmod, fchmod(fd, 0700))
FD_CALL(fchown, fchown(fd, getuid(), getgid()))
FD_CALL(futimens, futimens(fd, times))
FD_CALL(lseek_hole, lseek(fd, 0, SEEK_HOLE))
FD_CALL(lseek_data, lseek(fd, 10, SEEK_DATA))
FD_CALL(flags, ioctl(fd, FS_IOC_GETFLAGS, &(int){ 0 }))

static long call_copy_file_range(int fd)
{
	int in = open("good", O_RDONLY | O_CLOEXEC);
	long res = in < 0 ? -1 : copy_file_range(in, &(off_t){ 0 }, fd, &(off_t){ 0 }, 4, 0);
	int err = errno;

	close(in);
	errno = err;
	return res;
}

static long call_sendfile(int fd)
{
	int out = memfd_create("out", MFD_CLOEXEC);
	long res = sendfile(out, fd, &(off_t){ 0 }, SIZE);
	int err = errno;

	close(out);
	errno = err;
	return res;
}

/* What a child ends with; 1: SIGBUS, for which cmocka has a handler that goes on with the next test. */
static long in_child(int (*body)(char *map), char *map)
{
	pid_t pid = map == MAP_FAILED ? -1 : fork();
	int status;

	if (pid == 0) {
		signal(SIGBUS, SIG_DFL);
		_exit(body(map) < 0 ? errno : 0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0 || munmap(map, PAGE) < 0)
		return -1;
	if (WIFSIGNALED(status))
		return 1;
	errno = WEXITSTATUS(status);
	return errno ? -1 : 0;
}

static int load(char *map)
{
	return *(volatile char *)map & 0;
}

static int store(char *map)
{
	map[0] = 'S';
	return msync(map, PAGE, MS_SYNC);
}

FD_CALL(load, in_child(load, mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0)))
FD_CALL(store, in_child(store, mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0)))

#define BY_NAME(op, name)                                                                          \
	{                                                                                          \
#name, FAULTY_##op, -1, NULL, call_##name                                          \
	}
#define READING(op, name)                                                                          \
	{                                                                                          \
#name, FAULTY_##op, O_RDONLY, "bad", call_##name                                   \
	}
#define WRITING(op, name)                                                                          \
	{                                                                                          \
#name, FAULTY_##op, O_WRONLY, "bad", call_##name                                   \
	}
#define WITH(flags, op, name, title)                                                               \
	{                                                                                          \
		title, FAULTY_##op, flags, "bad", call_##name                                      \
	}

const struct faulty_call faulty_calls[] = {
	BY_NAME(GETATTR, stat),
	BY_NAME(GETATTR, access),
	BY_NAME(GETATTR, chdir),
	BY_NAME(GETATTR, open_read),
	BY_NAME(GETATTR, open_creat),
	BY_NAME(GETATTR, open_excl),
	BY_NAME(GETATTR, mkdir),
	BY_NAME(GETATTR, unlink),
	BY_NAME(GETATTR, rename),
	BY_NAME(GETATTR, readlink),
	BY_NAME(GETATTR, execute),
	READING(GETATTR, fstat),
	BY_NAME(OPEN, open_read),
	BY_NAME(OPEN, open_write),
	BY_NAME(OPEN, open_both),
	BY_NAME(OPEN, open_append),
	BY_NAME(OPEN, open_direct),
	BY_NAME(OPEN, open_creat),
	BY_NAME(OPEN, open_trunc),
	BY_NAME(OPEN, execute),
	BY_NAME(CREATE, create),
	BY_NAME(CREATE, create_excl),
	READING(READ, read),
	READING(READ, read_large),
	READING(READ, read_middle),
	READING(READ, sendfile),
	READING(READ, load),
	WITH(O_RDONLY | O_DIRECT, READ, read_direct, "read_direct"),
	WITH(O_RDWR, READ, read, "read of a file open to read and write"),
	BY_NAME(READ, execute),
	WRITING(WRITE, write),
	WRITING(WRITE, write_large),
	WITH(O_WRONLY | O_APPEND, WRITE, write_end, "append"),
	WITH(O_WRONLY | O_SYNC, WRITE, write, "write with O_SYNC"),
	WITH(O_WRONLY | O_DIRECT, WRITE, write_direct, "write_direct"),
	WITH(O_WRONLY | O_SYNC, FSYNC, write, "fsync of a write with O_SYNC"),
	WITH(O_RDWR, WRITE, store, "store"),
	WRITING(FSYNC, fsync),
	WRITING(FSYNC, fdatasync),
	WITH(O_RDONLY, FSYNC, fsync, "fsync of a file open to read"),
	{ "fsync of a directory", FAULTY_FSYNCDIR, O_RDONLY | O_DIRECTORY, "bad-dir", call_fsync },
	WRITING(FLUSH, close),
	WITH(O_RDONLY, FLUSH, close, "close of a file open to read"),
	WITH(O_RDWR, FLUSH, close, "close of a file open to read and write"),
	WITH(O_WRONLY | O_APPEND, FLUSH, close, "close of a file open to append"),
	WITH(O_RDWR | O_DIRECT, FLUSH, close, "close of a file open with O_DIRECT"),
	BY_NAME(FLUSH, create),
	BY_NAME(TRUNCATE, truncate),
	WRITING(TRUNCATE, ftruncate),
	WRITING(FALLOCATE, fallocate),
	WRITING(FALLOCATE, punch),
	BY_NAME(CHMOD, chmod),
	READING(CHMOD, fchmod),
	BY_NAME(CHOWN, chown),
	READING(CHOWN, fchown),
	BY_NAME(UTIMENS, utimens),
	READING(UTIMENS, futimens),
	BY_NAME(MKDIR, mkdir),
	BY_NAME(CREATE, mknod),
	BY_NAME(MKNOD, mkfifo),
	BY_NAME(SYMLINK, symlink),
	BY_NAME(LINK, link),
	BY_NAME(READLINK, readlink),
	BY_NAME(READLINK, follow),
	BY_NAME(OPENDIR, opendir),
	BY_NAME(OPENDIR, list),
	BY_NAME(READDIR, list),
	BY_NAME(STATFS, statfs),
	BY_NAME(GETXATTR, getxattr),
	BY_NAME(GETXATTR, getxattr_size),
	BY_NAME(GETXATTR, getxattr_acl),
	BY_NAME(SETXATTR, setxattr),
	BY_NAME(LISTXATTR, listxattr),
	BY_NAME(LISTXATTR, listxattr_size),
	BY_NAME(REMOVEXATTR, removexattr),
	WRITING(COPY_FILE_RANGE, copy_file_range),
	READING(LSEEK, lseek_hole),
	READING(LSEEK, lseek_data),
	READING(IOCTL, flags),
	BY_NAME(UNLINK, unlink),
	BY_NAME(RMDIR, rmdir),
	BY_NAME(RENAME, rename),
	BY_NAME(RENAME, rename_over),
	BY_NAME(RENAME, rename_noreplace),
	BY_NAME(RENAME, rename_exchange),
};
const size_t faulty_call_count = sizeof(faulty_calls) / sizeof(faulty_calls[0]);
