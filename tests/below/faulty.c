/* SPDX-License-Identifier: MIT */
/*
 * A file system that shows a directory and fails one kind of request with one errno, as its control says:
 * faulty CONTROL-FD INDEX STORE MOUNTPOINT. Nothing is cached, so that each call arrives.
 * Must not know who calls, nor zcfs.
 */
#include "faulty.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fuse.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <linux/fs.h>
#include <unistd.h>

/* An operation has the parameters of its kind, and few need them all. */
#pragma GCC diagnostic ignored "-Wunused-parameter"

static struct faulty_control *control;
static int index_of_mine;
static int store;

/* The answer that is asked for, or 0. */
static int fault(enum faulty_op op, const char *path)
{
	const char *name = strrchr(path, '/') + 1;

	if (atomic_load(&control->op) != (int)op ||
	    strncmp(name, FAULTY_NAME, strlen(FAULTY_NAME)) != 0)
		return 0;
	atomic_fetch_add(&control->hits, 1);
	return -atomic_load(&control->err);
}

static const char *at(const char *path)
{
	return path[1] ? path + 1 : ".";
}

/* For calls that take no directory fd. */
struct proc_path {
	char text[4200];
};

static const char *proc(const char *path, struct proc_path *room)
{
	snprintf(room->text, sizeof(room->text), "/proc/self/fd/%d/%s", store, at(path));
	return room->text;
}
#define PROC(path) proc(path, &(struct proc_path){ 0 })

/* What was made belongs to who made it. */
static int give(long res, const char *path)
{
	const struct fuse_context *caller = fuse_get_context();

	return res < 0 ? (int)res
		       : fchownat(store, at(path), caller->uid, caller->gid, AT_SYMLINK_NOFOLLOW);
}

static int answer(long res)
{
	return res < 0 ? -errno : (int)res;
}

/* The operation of libfuse, which has nothing to do but what the store is asked for. */
#define DO(name, op, faulty_path, params, call)                                                    \
	static int do_##name params                                                                \
	{                                                                                          \
		return fault(FAULTY_##op, faulty_path) ?: answer(call);                            \
	}

DO(getattr, GETATTR, path, (const char *path, struct stat *st, struct fuse_file_info *fi),
   fstatat(store, at(path), st, AT_SYMLINK_NOFOLLOW))

static int do_readlink(const char *path, char *buf, size_t size)
{
	int got =
	    fault(FAULTY_READLINK, path) ?: answer(readlinkat(store, at(path), buf, size - 1));

	if (got < 0)
		return got;
	buf[got] = '\0';
	return 0;
}

DO(mknod, MKNOD, path, (const char *path, mode_t mode, dev_t rdev),
   give(mknodat(store, at(path), mode, rdev), path))
DO(mkdir, MKDIR, path, (const char *path, mode_t mode), give(mkdirat(store, at(path), mode), path))
DO(unlink, UNLINK, path, (const char *path), unlinkat(store, at(path), 0))
DO(rmdir, RMDIR, path, (const char *path), unlinkat(store, at(path), AT_REMOVEDIR))
DO(symlink, SYMLINK, path, (const char *target, const char *path),
   give(symlinkat(target, store, at(path)), path))
DO(rename, RENAME, from, (const char *from, const char *to, unsigned int flags),
   renameat2(store, at(from), store, at(to), flags))
DO(link, LINK, to, (const char *from, const char *to), linkat(store, at(from), store, at(to), 0))
DO(chmod, CHMOD, path, (const char *path, mode_t mode, struct fuse_file_info *fi),
   fchmodat(store, at(path), mode, 0))
DO(chown, CHOWN, path, (const char *path, uid_t uid, gid_t gid, struct fuse_file_info *fi),
   fchownat(store, at(path), uid, gid, AT_SYMLINK_NOFOLLOW))
DO(truncate, TRUNCATE, path, (const char *path, off_t size, struct fuse_file_info *fi),
   truncate(PROC(path), size))
DO(utimens, UTIMENS, path,
   (const char *path, const struct timespec times[2], struct fuse_file_info *fi),
   utimensat(store, at(path), times, AT_SYMLINK_NOFOLLOW))

static int keep(int fd, struct fuse_file_info *fi)
{
	if (fd < 0)
		return fd;
	fi->fh = (uint64_t)fd;
	return 0;
}

/* O_DIRECT is of the caller's pages; libfuse's own are not aligned. */
static int do_open(const char *path, struct fuse_file_info *fi)
{
	return fault(FAULTY_OPEN, path)
		   ?: keep(answer(openat(store, at(path), fi->flags & ~O_DIRECT)), fi);
}

static int do_create(const char *path, mode_t mode, struct fuse_file_info *fi)
{
	int err = fault(FAULTY_CREATE, path);
	int fd = err ? -1 : openat(store, at(path), (fi->flags & ~O_DIRECT) | O_CREAT, mode);

	return err ?: keep(answer(fd < 0 ? -1 : give(fd, path) < 0 ? -1 : fd), fi);
}

DO(read, READ, path,
   (const char *path, char *buf, size_t size, off_t off, struct fuse_file_info *fi),
   pread((int)fi->fh, buf, size, off))
DO(write, WRITE, path,
   (const char *path, const char *buf, size_t size, off_t off, struct fuse_file_info *fi),
   pwrite((int)fi->fh, buf, size, off))
DO(statfs, STATFS, path, (const char *path, struct statvfs *st), fstatvfs(store, st))

DO(flush, FLUSH, path, (const char *path, struct fuse_file_info *fi), 0)
static int do_release(const char *path, struct fuse_file_info *fi)
{
	return answer(close((int)fi->fh));
}

DO(fsync, FSYNC, path, (const char *path, int datasync, struct fuse_file_info *fi), 0)
DO(setxattr, SETXATTR, path,
   (const char *path, const char *name, const char *value, size_t size, int flags),
   lsetxattr(PROC(path), name, value, size, flags))
DO(getxattr, GETXATTR, path, (const char *path, const char *name, char *value, size_t size),
   lgetxattr(PROC(path), name, value, size))
DO(listxattr, LISTXATTR, path, (const char *path, char *list, size_t size),
   llistxattr(PROC(path), list, size))
DO(removexattr, REMOVEXATTR, path, (const char *path, const char *name),
   lremovexattr(PROC(path), name))

static int do_opendir(const char *path, struct fuse_file_info *fi)
{
	return fault(FAULTY_OPENDIR, path)
		   ?: keep(answer(openat(store, at(path), O_RDONLY | O_DIRECTORY)), fi);
}

static int do_readdir(const char *path, void *buf, fuse_fill_dir_t fill, off_t off,
		      struct fuse_file_info *fi, enum fuse_readdir_flags flags)
{
	int err = fault(FAULTY_READDIR, path);
	DIR *dir = err ? NULL : fdopendir(dup((int)fi->fh));
	struct dirent *d;

	if (!dir)
		return err ? err : -errno;
	rewinddir(dir);
	while ((d = readdir(dir)))
		fill(buf, d->d_name,
		     &(struct stat){ .st_mode = (mode_t)d->d_type << 12, .st_ino = d->d_ino }, 0,
		     FUSE_FILL_DIR_DEFAULTS);
	closedir(dir);
	return 0;
}

DO(fsyncdir, FSYNCDIR, path, (const char *path, int datasync, struct fuse_file_info *fi), 0)
DO(fallocate, FALLOCATE, path,
   (const char *path, int mode, off_t off, off_t length, struct fuse_file_info *fi),
   fallocate((int)fi->fh, mode, off, length))

static ssize_t do_copy_file_range(const char *from, struct fuse_file_info *in, off_t off_in,
				  const char *to, struct fuse_file_info *out, off_t off_out,
				  size_t size, int flags)
{
	return fault(FAULTY_COPY_FILE_RANGE, to)
		   ?: answer(copy_file_range((int)in->fh, &off_in, (int)out->fh, &off_out, size,
					     (unsigned int)flags));
}

static off_t do_lseek(const char *path, off_t off, int whence, struct fuse_file_info *fi)
{
	return fault(FAULTY_LSEEK, path) ?: answer(lseek((int)fi->fh, off, whence));
}

static int do_ioctl(const char *path, unsigned int cmd, void *arg, struct fuse_file_info *fi,
		    unsigned int flags, void *data)
{
	int err = fault(FAULTY_IOCTL, path);

	if (err || cmd != FS_IOC_GETFLAGS)
		return err ? err : -ENOTTY;
	*(unsigned int *)data = FS_NODUMP_FL;
	return 0;
}

static void *do_init(struct fuse_conn_info *conn, struct fuse_config *config)
{
	config->use_ino = 1;
	config->entry_timeout = config->negative_timeout = config->attr_timeout = 0;
	atomic_store(&control->pid[index_of_mine], getpid());
	atomic_fetch_add(&control->ready, 1);
	return NULL;
}

static const struct fuse_operations operations = {
	.getattr = do_getattr,
	.readlink = do_readlink,
	.mknod = do_mknod,
	.mkdir = do_mkdir,
	.unlink = do_unlink,
	.rmdir = do_rmdir,
	.symlink = do_symlink,
	.rename = do_rename,
	.link = do_link,
	.chmod = do_chmod,
	.chown = do_chown,
	.truncate = do_truncate,
	.utimens = do_utimens,
	.open = do_open,
	.create = do_create,
	.read = do_read,
	.write = do_write,
	.statfs = do_statfs,
	.flush = do_flush,
	.release = do_release,
	.fsync = do_fsync,
	.setxattr = do_setxattr,
	.getxattr = do_getxattr,
	.listxattr = do_listxattr,
	.removexattr = do_removexattr,
	.opendir = do_opendir,
	.readdir = do_readdir,
	.releasedir = do_release,
	.fsyncdir = do_fsyncdir,
	.fallocate = do_fallocate,
	.copy_file_range = do_copy_file_range,
	.lseek = do_lseek,
	.ioctl = do_ioctl,
	.init = do_init,
};

int main(int argc, char *argv[])
{
	char *fuse_argv[] = { argv[0],
			      (char *)"-f",
			      (char *)"-s",
			      (char *)"-oallow_other",
			      argc == 5 ? argv[4] : NULL,
			      NULL };

	if (argc != 5)
		return 2;
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	umask(0);
	index_of_mine = atoi(argv[2]);
	control =
	    mmap(NULL, sizeof(*control), PROT_READ | PROT_WRITE, MAP_SHARED, atoi(argv[1]), 0);
	store = open(argv[3], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (control == MAP_FAILED || store < 0)
		return 1;
	return fuse_main(5, fuse_argv, &operations, NULL);
}
