/* SPDX-License-Identifier: MIT */
/*
 * Each call that may change a time: which of access, modification and change time of which objects
 * moved (the object, its directories, its other names) is the same on the mount as on a plain
 * directory, and the mount shows at once what is stored below, though it may believe what it knows for
 * a minute. Must not know: which times a call is to mark.
 */
#include "times.h"

#include <dirent.h>
#include <linux/fs.h>
#include <linux/posix_acl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/xattr.h>

/* `...`: fields of a struct times_look, or nothing. */
#define LOOK(...)		    (&(const struct times_look){ __VA_ARGS__ })
#define MARKS(expr)		    WORKS(TIMES_OF(LOOK(), expr))
#define MARKS_NOT(err, expr)	    FAILS(err, TIMES_OF(LOOK(), expr))
#define MARKS_BUT(times, expr)	    WORKS(TIMES_OF(LOOK(.except = (times)), expr))
#define MARKS_OPEN(name, how, expr) WORKS(TIMES_OF(LOOK(.open = (name), .flags = (how)), expr))
/* Not every file system can do it. */
#define MAY_MARK_OPEN(name, how, expr)                                                             \
	(void)SAME(TIMES_OF(LOOK(.open = (name), .flags = (how)), expr))

static int as(uid_t uid)
{
	MUST(seteuid(0));
	MUST(setegid(uid));
	MUST(seteuid(uid));
	return 0;
}

static long as_root(long result)
{
	int err = errno;

	as(0);
	errno = err;
	return result;
}

#define AS_ALICE(expr) (as(ALICE), as_root((long)(expr)))

static long open_close(const char *name, int flags)
{
	int fd = open(name, flags | O_CLOEXEC, 0644);

	return fd < 0 ? fd : close(fd);
}

static void opens(void **state)
{
	(void)state;
	MARKS(open_close("d/f", O_RDONLY));
	MARKS(open_close("d/f", O_RDWR));
	MARKS(open_close("d/f", O_WRONLY | O_TRUNC));
	MARKS(open_close("d/f", O_RDONLY | O_TRUNC));
	MARKS(open_close("d/empty", O_WRONLY | O_TRUNC));
	MARKS(open_close("d/f", O_WRONLY | O_CREAT));
	MARKS(open_close("d/f", O_WRONLY | O_CREAT | O_TRUNC));
	MARKS(open_close("d/new", O_WRONLY | O_CREAT));
	MARKS(open_close("d/new", O_WRONLY | O_CREAT | O_EXCL | O_TRUNC));
	MARKS(open_close("d/sub", O_RDONLY | O_DIRECTORY));
	MARKS_NOT(EEXIST, open_close("d/f", O_WRONLY | O_CREAT | O_EXCL));
	MARKS_NOT(ENOENT, open_close("d/new/x", O_WRONLY | O_CREAT));
	MARKS_NOT(EISDIR, open_close("d/sub", O_WRONLY | O_TRUNC));
	MARKS_NOT(EACCES, AS_ALICE(open_close("d/f", O_WRONLY | O_TRUNC)));
	MARKS_NOT(EACCES, AS_ALICE(open_close("d/new", O_WRONLY | O_CREAT)));
}

static long give_a_name(const char *dir, const char *name)
{
	int fd = (int)MUST(open(dir, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0644));
	long result = zct_give_name(fd, name);

	close(fd);
	return result;
}

static void new_names(void **state)
{
	(void)state;
	MARKS(mkdir("d/new", 0755));
	MARKS(mknod("d/new", S_IFREG | 0644, 0));
	MARKS(mkfifo("d/new", 0644));
	MARKS(symlink("x", "d/new"));
	MARKS(link("d/f", "d/new"));
	MARKS(link("d/f", "e/new"));
	MARKS(link("d/link", "e/new"));
	MARKS(give_a_name("d", "d/new"));
	MARKS_NOT(EEXIST, mkdir("d/f", 0755));
	MARKS_NOT(EEXIST, mknod("d/f", S_IFREG | 0644, 0));
	MARKS_NOT(EEXIST, symlink("x", "d/f"));
	MARKS_NOT(EEXIST, link("d/f", "e/h"));
	MARKS_NOT(EPERM, link("d/sub", "e/new"));
	MARKS_NOT(ENOENT, link("d/new", "e/new"));
	MARKS_NOT(EACCES, AS_ALICE(mkdir("d/new", 0755)));
	MARKS_NOT(EACCES, AS_ALICE(symlink("x", "d/new")));
}

static void gone_names(void **state)
{
	(void)state;
	MARKS(unlink("d/f"));
	MARKS(unlink("e/g"));
	MARKS(unlink("d/link"));
	MARKS(rmdir("d/sub"));
	MARKS_OPEN("e/g", O_RDWR, unlink("e/g"));
	MARKS_NOT(ENOENT, unlink("d/new"));
	MARKS_NOT(EISDIR, unlink("d/sub"));
	MARKS_NOT(ENOTEMPTY, rmdir("d"));
	MARKS_NOT(ENOTDIR, rmdir("d/f"));
	MARKS_NOT(EACCES, AS_ALICE(unlink("d/f")));
}

static long rename_by(const char *from, const char *to, unsigned int flags)
{
	return renameat2(AT_FDCWD, from, AT_FDCWD, to, flags);
}

static void renames(void **state)
{
	(void)state;
	MARKS(rename("d/f", "d/new"));
	MARKS(rename("d/f", "e/new"));
	MARKS(rename("d/f", "e/g"));
	MARKS(rename("e/g", "e/h"));
	MARKS(rename("d/empty", "d/f"));
	MARKS(rename("d/f", "e/h"));
	MARKS(rename("d/f", "d/f"));
	MARKS(rename("d/link", "e/new"));
	MARKS(rename("d/sub", "d/new"));
	MARKS(rename("d/sub", "e/new"));
	MARKS(rename("d/sub", "e/sub"));
	MARKS(rename("d", "e/sub"));
	MARKS_OPEN("e/g", O_RDWR, rename("d/f", "e/g"));
	MARKS(rename_by("d/f", "e/g", RENAME_EXCHANGE));
	MARKS(rename_by("d/f", "e/sub", RENAME_EXCHANGE));
	MARKS(rename_by("d/sub", "e/g", RENAME_EXCHANGE));
	MARKS(rename_by("d/f", "d/empty", RENAME_EXCHANGE));
	MARKS(rename_by("d/f", "e/h", RENAME_EXCHANGE));
	MARKS(rename_by("d/f", "e/new", RENAME_NOREPLACE));
	MARKS_NOT(EEXIST, rename_by("d/f", "e/g", RENAME_NOREPLACE));
	MARKS_NOT(ENOENT, rename_by("d/f", "e/new", RENAME_EXCHANGE));
	(void)SAME(TIMES_OF(LOOK(), rename("d/sub", "e"))); /* EEXIST on xfs */
	MARKS_NOT(EISDIR, rename("d/f", "e/sub"));
	MARKS_NOT(EINVAL, rename("d", "d/sub/x"));
	MARKS_NOT(EACCES, AS_ALICE(rename("d/f", "e/g")));
}

static long map(const char *name, int prot, long (*use)(char *at))
{
	int fd = (int)MUST(open(name, (prot & PROT_WRITE ? O_RDWR : O_RDONLY) | O_CLOEXEC));
	char *at = mmap(NULL, TIMES_SIZE, prot, MAP_SHARED, fd, 0);
	long got;

	CHECK(at != MAP_FAILED);
	close(fd);
	got = use(at);
	munmap(at, TIMES_SIZE);
	return got;
}

static long look_at(char *at)
{
	return *(volatile char *)at;
}

static long store_and_sync(char *at)
{
	at[TIMES_SIZE - 1] = 'x';
	return msync(at, TIMES_SIZE, MS_SYNC);
}

static long copy_to_file(const char *from)
{
	int fd = (int)MUST(open(from, O_RDONLY | O_CLOEXEC));
	long done = copy_file_range(fd, NULL, times_file, NULL, 5000, 0);

	close(fd);
	return done;
}

static void changed_content(void **state)
{
	static _Alignas(4096) char page[4096];

	(void)state;
	MARKS(truncate("d/f", 10));
	MARKS(truncate("d/f", TIMES_SIZE));
	MARKS(truncate("d/f", 100000));
	MARKS(truncate("d/empty", 0));
	MARKS_NOT(EACCES, AS_ALICE(truncate("d/f", 10)));
	MARKS_NOT(EISDIR, truncate("d/sub", 10));
	MARKS_OPEN("d/f", O_RDWR, ftruncate(times_file, 10));
	MARKS_OPEN("d/f", O_RDWR, ftruncate(times_file, TIMES_SIZE));
	MARKS_OPEN("d/f", O_RDWR, ftruncate(times_file, 100000));
	MARKS_OPEN("d/empty", O_WRONLY, ftruncate(times_file, 0));
	MARKS_OPEN("d/f", O_WRONLY, write(times_file, "x", 1));
	MARKS_OPEN("d/f", O_WRONLY, pwrite(times_file, "x", 1, 100000));
	MARKS_OPEN("d/f", O_WRONLY, pwrite(times_file, "x", 0, 0));
	MARKS_OPEN("d/f", O_WRONLY | O_APPEND, write(times_file, "x", 1));
	MARKS_OPEN("d/f", O_WRONLY | O_SYNC, write(times_file, "x", 1));
	MARKS_OPEN("d/f", O_WRONLY | O_DIRECT, write(times_file, page, sizeof(page)));
	MARKS_OPEN("d/f", O_RDWR, fsync(times_file));
	MARKS_OPEN("e/g", O_WRONLY, copy_to_file("d/f"));
	MARKS(map("d/f", PROT_READ | PROT_WRITE, store_and_sync));
}

static void allocations(void **state)
{
	const int keep = FALLOC_FL_KEEP_SIZE, punch = keep | FALLOC_FL_PUNCH_HOLE;

	(void)state;
	MAY_MARK_OPEN("d/f", O_RDWR, fallocate(times_file, 0, 0, 100000));
	MAY_MARK_OPEN("d/f", O_RDWR, fallocate(times_file, 0, 0, TIMES_SIZE));
	MAY_MARK_OPEN("d/f", O_RDWR, fallocate(times_file, keep, 0, 100000));
	MAY_MARK_OPEN("d/f", O_RDWR, fallocate(times_file, punch, 0, 4096));
	MAY_MARK_OPEN("d/f", O_RDWR, fallocate(times_file, punch, 100000, 4096));
	MAY_MARK_OPEN("d/f", O_RDWR, fallocate(times_file, FALLOC_FL_ZERO_RANGE, 0, 4096));
}

static long send_to_file(const char *from)
{
	int fd = (int)MUST(open(from, O_RDONLY | O_CLOEXEC));
	long done = sendfile(times_file, fd, NULL, 5000);

	close(fd);
	return done;
}

static long list(const char *name)
{
	DIR *dir = opendir(name);
	long entries = 0;

	CHECK(dir);
	while (readdir(dir))
		entries++;
	closedir(dir);
	return entries;
}

static void become_program(void *name)
{
	MUST(execl(name, name, (char *)NULL));
}

static long run(char *name)
{
	zct_join(zct_spawn(become_program, name));
	return 0;
}

static bool passthrough(void)
{
	return strcmp(zct.plane, "passthrough") == 0;
}

static void reads(void **state)
{
	static _Alignas(4096) char page[4096];

	(void)state;
	MARKS_OPEN("d/f", O_RDONLY, read(times_file, page, sizeof(page)));
	MARKS_OPEN("d/f", O_RDONLY | O_NOATIME, read(times_file, page, 1));
	MARKS_OPEN("d/f", O_RDONLY | O_DIRECT, read(times_file, page, sizeof(page)));
	MARKS_OPEN("d/empty", O_WRONLY, send_to_file("d/f"));
	MARKS(map("d/f", PROT_READ, look_at));
	MARKS(run((char[]){ "d/f" }));
	MARKS(list("d"));
	MARKS(readlink("d/link", page, sizeof(page)));
	MARKS(access("d/link", R_OK));
}

/* The second of two calls, with an access time that is old again. */
static long read_again(const char *name, off_t offset)
{
	char byte;

	MUST(pread(times_file, &byte, 1, offset));
	MUST(times_grow_old(name));
	return pread(times_file, &byte, 1, offset);
}

static long list_again(const char *name)
{
	list(name);
	MUST(times_grow_old(name));
	return list(name);
}

static long readlink_again(const char *name)
{
	char target[16];

	MUST(readlink(name, target, sizeof(target)));
	MUST(times_grow_old(name));
	return readlink(name, target, sizeof(target));
}

/* The mount has been asked for the times meanwhile, and believes them. */
static long stat_and_store(char *at)
{
	struct stat st;

	MUST(stat("d/f", &st));
	return store_and_sync(at);
}

/* README, Limits. Off passthrough the kernel answers from its page cache what is there and what lies
 * behind the end; on every plane it answers reads of nothing (which tmpfs marks), what it keeps of
 * listings and symlink targets, and what passes through a fifo. */
static void known_differences(void **state)
{
	const char *unmarked = passthrough() ? "" : "a";

	(void)state;
	WORKS(TIMES_OF(LOOK(.open = "d/f", .except = unmarked), read_again("d/f", 0)));
	WORKS(TIMES_OF(LOOK(.open = "d/f", .except = unmarked), read_again("d/f", TIMES_SIZE)));
	WORKS(TIMES_OF(LOOK(.open = "d/empty", .except = unmarked), read_again("d/empty", 0)));
	WORKS(TIMES_OF(LOOK(.open = "d/f", .except = "a"), read(times_file, NULL, 0)));
	WORKS(TIMES_OF(LOOK(.late = passthrough()),
		       map("d/f", PROT_READ | PROT_WRITE, stat_and_store)));
	MARKS_BUT("a", list_again("d"));
	MARKS_BUT("a", readlink_again("d/link"));
	WORKS(TIMES_OF(LOOK(.open = "d/fifo", .flags = O_RDWR, .except = "mc"),
		       write(times_file, "x", 1)));
}

static void attributes(void **state)
{
	static const struct zct_ace acl[] = { { ACL_USER_OBJ, 6, 0 },
					      { ACL_USER, 6, BOB },
					      { ACL_GROUP_OBJ, 4, 0 },
					      { ACL_MASK, 6, 0 },
					      { ACL_OTHER, 0, 0 } };
	static const struct timespec now_omit[2] = { { 0, UTIME_NOW }, { 0, UTIME_OMIT } };
	static const struct timespec omit_now[2] = { { 0, UTIME_OMIT }, { 0, UTIME_NOW } };
	static const struct timespec omit[2] = { { 0, UTIME_OMIT }, { 0, UTIME_OMIT } };
	static const struct timespec exact[2] = { { 500, 5 }, { 2000000000, 7 } };

	(void)state;
	MARKS(chmod("d/f", 0600));
	MARKS(chmod("d/f", 0755));
	MARKS(chmod("d/sub", 0700));
	MARKS_OPEN("d/f", O_RDONLY, fchmod(times_file, 0600));
	MARKS(chown("d/f", ALICE, TEAM));
	MARKS(chown("d/f", 0, 0));
	MARKS(chown("d/f", (uid_t)-1, (gid_t)-1));
	MARKS(chown("d/sub", (uid_t)-1, (gid_t)-1));
	MARKS(lchown("d/link", ALICE, ALICE));
	MARKS_OPEN("d/f", O_RDONLY, fchown(times_file, ALICE, (gid_t)-1));
	MARKS(utimensat(AT_FDCWD, "d/f", NULL, 0));
	MARKS(utimensat(AT_FDCWD, "d/f", now_omit, 0));
	MARKS(utimensat(AT_FDCWD, "d/f", omit_now, 0));
	MARKS(utimensat(AT_FDCWD, "d/f", omit, 0));
	MARKS(utimensat(AT_FDCWD, "d/f", exact, 0));
	MARKS(utimensat(AT_FDCWD, "d/link", exact, AT_SYMLINK_NOFOLLOW));
	MARKS(setxattr("d/f", "user.new", "1", 1, 0));
	MARKS(setxattr("d/f", "user.old", "1", 1, XATTR_REPLACE));
	MARKS(setxattr("d/sub", "user.new", "1", 1, 0));
	MARKS(removexattr("d/f", "user.old"));
	MARKS(zct_set_acl("d/f", "system.posix_acl_access", acl, 5));
	MARKS(zct_set_acl("d/sub", "system.posix_acl_default", acl, 5));
	MARKS(removexattr("d/f", "system.posix_acl_access"));
	MARKS(zct_chattr("d/f", FS_NODUMP_FL, 0));
	MARKS(zct_chattr("d/sub", FS_NODUMP_FL, 0));
	MARKS(AS_ALICE(utimensat(AT_FDCWD, "d/empty", NULL, 0)));
	MARKS_NOT(EPERM, AS_ALICE(utimensat(AT_FDCWD, "d/empty", exact, 0)));
	MARKS_NOT(EACCES, AS_ALICE(utimensat(AT_FDCWD, "d/f", NULL, 0)));
	MARKS_NOT(EPERM, AS_ALICE(chmod("d/f", 0600)));
	MARKS_NOT(EPERM, AS_ALICE(chown("d/f", ALICE, ALICE)));
	MARKS_NOT(EACCES, AS_ALICE(setxattr("d/f", "user.new", "1", 1, 0)));
	MARKS_NOT(ENODATA, removexattr("d/f", "user.new"));
	MARKS_NOT(EEXIST, setxattr("d/f", "user.old", "1", 1, XATTR_CREATE));
	MARKS_NOT(EPERM, AS_ALICE(zct_chattr("d/f", FS_NODUMP_FL, 0)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opens),	   cmocka_unit_test(new_names),
		cmocka_unit_test(gone_names),	   cmocka_unit_test(renames),
		cmocka_unit_test(changed_content), cmocka_unit_test(allocations),
		cmocka_unit_test(reads),	   cmocka_unit_test(known_differences),
		cmocka_unit_test(attributes),
	};

	return ZCT_RUN("timeout=60", tests);
}
