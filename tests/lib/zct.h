/* SPDX-License-Identifier: MIT */
/*
 * zct: one operation run on the mount and on a plain twin directory, and everything compared.
 * Must not know: the inside of the daemon; a mirror made by bind mount passes the same tests.
 *
 * A test program has one mount: BACK is mirrored on MNT, TWIN lies beside BACK on the same file
 * system. SAME() and its kin evaluate an expression twice, with the current directory on MNT and
 * then on TWIN, and fail unless result, errno and noted bytes agree; so an expression uses relative
 * names. After each test the three trees are compared. All checks work in forked children too.
 */
#ifndef ZCT_H
#define ZCT_H

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include <cmocka.h>

enum zct_side { MNT, TWIN, BACK, ZCT_SIDES };

struct zct {
	char top[256];		      /* temporary directory of this program */
	char dir[ZCT_SIDES][288];     /* absolute paths */
	int fd[ZCT_SIDES];	      /* O_PATH, one a side */
	int side;		      /* side that a running SAME() expression is on */
	char stats[288];	      /* counters file */
	char plane[32];		      /* the plane that the daemon says it serves */
	pid_t daemon;		      /* only for SIGUSR1; the keeper waits for it */
	bool trees_differ_on_purpose; /* set by a test: no comparison from then on */
	bool standin; /* a bind mount plays the daemon: no counters, no own st_dev */
};
extern struct zct zct;

/* Mounts with the options ("" for none), runs the tests, unmounts. Exit code for main: 0, 1, 77. */
#define ZCT_RUN(options, tests) zct_run(options, tests, sizeof(tests) / sizeof(tests[0]))
int zct_run(const char *options, const struct CMUnitTest *tests, size_t count);

/* Runs in each fresh directory between its making and the start of the daemon, in the keeper. */
extern void (*zct_before_start)(const char *top);
/* Hard limit of open files for the daemon; 0: the machine's. */
extern unsigned int zct_daemon_nofile;

/* For programs that mount several times: each start makes a fresh set of directories. */
void zct_start(const char *options);
void zct_stop(void);
void zct_need_root(void); /* exits 77 */

/* Failing: in the program itself through cmocka, in a child by exit code 1. */
#define ZCT_HERE __FILE__, __LINE__
void zct_fail(const char *file, int line, const char *fmt, ...)
    __attribute__((format(printf, 3, 4), noreturn));
/* Ends the running test; the program's exit code becomes 77 if nothing failed. Not in children. */
#define zct_skip(...)                                                                              \
	do {                                                                                       \
		zct_note_skip(__VA_ARGS__);                                                        \
		skip();                                                                            \
	} while (0)
void zct_note_skip(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
#define CHECK(cond)                                                                                \
	do {                                                                                       \
		if (!(cond))                                                                       \
			zct_fail(ZCT_HERE, "not true: %s", #cond);                                 \
	} while (0)
/* A system call that prepares a test and must work: value >= 0. */
#define MUST(expr) zct_must((long)(expr), #expr, ZCT_HERE)
long zct_must(long value, const char *text, const char *file, int line);
#define CHECK_EQ(a, b) zct_check_eq((long)(a), (long)(b), #a " == " #b, ZCT_HERE)
void zct_check_eq(long a, long b, const char *text, const char *file, int line);

/* Both sides. The value is the common result: >= 0, or -errno. */
#define SAME(expr)                                                                                 \
	__extension__({                                                                            \
		struct zct_result result_[2];                                                      \
		for (int at_ = MNT; at_ <= TWIN; at_++) {                                          \
			zct_enter(at_);                                                            \
			errno = 0;                                                                 \
			result_[at_].value = (long)(expr);                                         \
			zct_leave(&result_[at_]);                                                  \
		}                                                                                  \
		zct_same(result_, #expr, ZCT_HERE);                                                \
	})
#define GIVES(wanted, expr)	 zct_check_eq(SAME(expr), (long)(wanted), #expr, ZCT_HERE)
#define FAILS(errno_value, expr) GIVES(-(errno_value), expr)
#define WORKS(expr)		 zct_must_same(SAME(expr), #expr, ZCT_HERE)
/* Runs a statement on each side without comparing anything. */
#define BOTH(...)                                                                                  \
	do {                                                                                       \
		for (int at_ = MNT; at_ <= TWIN; at_++) {                                          \
			zct_enter(at_);                                                            \
			__VA_ARGS__;                                                               \
			zct_leave(NULL);                                                           \
		}                                                                                  \
	} while (0)

struct zct_result {
	long value;
	int err;
	uint64_t hash;	/* over all noted bytes */
	char text[512]; /* the first of them, readable */
};
void zct_enter(int side);
void zct_leave(struct zct_result *ret_result); /* keeps errno */
long zct_same(const struct zct_result r[2], const char *text, const char *file, int line);
long zct_must_same(long value, const char *text, const char *file, int line);

/* Inside SAME(): bytes that have to be equal on both sides. Keep errno. */
void zct_note(const void *bytes, size_t len);
void zct_notef(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void zct_note_stat(const struct stat *st); /* mode nlink uid gid size rdev, no times, no st_ino */

/* Inside SAME(): the directory for the same act by somebody who works behind the mount. */
int zct_behind(void);

/* Operations for use inside SAME(): result or -1 with errno. */
int zct_put(const char *path, const char *text, mode_t mode); /* new file, exact mode */
int zct_try_open(const char *path, int flags, mode_t mode);   /* open, note fstat, close: 0 */
int zct_stat(const char *path);				      /* lstat and note: 0 */
int zct_fstat(int fd);					      /* fstat and note: 0 */
int zct_give_name(int fd, const char *name);		      /* links an open file by /proc: 0 */
ssize_t zct_cat(const char *path);			      /* read all and note: size */
ssize_t zct_pread(int fd, size_t len, off_t offset);	      /* pread and note */
void zct_fill(void *buf, size_t len, unsigned int seed);      /* the same pseudo-random bytes */

/* Inode flags FS_..._FL by ioctl, as chattr does. */
int zct_chattr(const char *path, unsigned int set, unsigned int clear);

/* Pairs of descriptors: pair[zct.side] inside SAME(). */
void zct_open_pair(int pair[2], const char *path, int flags, mode_t mode); /* must work */
void zct_close_pair(const int pair[2]);

/* Where FUSE in the kernel forbids what the backing file system can do: the mount alone is asked and
 * must give exactly this errno. (A bind mount has no such limits: there both sides run.) */
#define FORCED(errno_value, expr)                                                                  \
	do {                                                                                       \
		if (zct.standin) {                                                                 \
			(void)SAME(expr);                                                          \
			break;                                                                     \
		}                                                                                  \
		zct_enter(MNT);                                                                    \
		long forced_ = (long)(expr);                                                       \
		forced_ = forced_ < 0 ? -errno : forced_;                                          \
		zct_leave(NULL);                                                                   \
		zct_check_eq(forced_, -(errno_value), #expr, ZCT_HERE);                            \
	} while (0)

/* ACLs as the kernel's own xattr bytes. */
struct zct_ace {
	uint16_t tag, perm;
	uint32_t id;
};
int zct_set_acl(const char *path, const char *xattr, const struct zct_ace *entries, size_t count);

/* Compares two trees: names, types, modes, owners, links, sizes, rdev, xattrs, targets, content;
 * with `exact` also mtime, ctime, btime and st_blksize. Prints each difference, returns their count. */
int zct_tree_diff(enum zct_side a, enum zct_side b, bool exact);

/* Other people. A body after AS(who) runs in a child with that identity; the parent waits for it
 * and fails if it failed. Never leave the body by break, return or goto. */
struct zct_who {
	uid_t uid;
	gid_t gid;
	mode_t umask;
	int ngroups;
	gid_t groups[4];
};
#define ALICE	     12001
#define BOB	     12002
#define TEAM	     13001
#define AS(who)	     for (int as_ = zct_fork_as(who); as_; as_ = zct_child_ends())
#define AS_USER(uid) AS((&(const struct zct_who){ (uid), (uid), 022, 0, { 0 } }))
int zct_fork_as(const struct zct_who *who); /* 1 in the child, 0 in the parent after its end */
int zct_child_ends(void);

/* A child that runs beside the test; it is killed if the test ends first. */
pid_t zct_spawn(void (*body)(void *), void *arg);
void zct_join(pid_t pid); /* fails unless it exited with 0 */

/* The next number of a sequence that its seed decides; 24 bits. */
uint32_t zct_random(uint32_t *seed);

/* Fails the test if result is -1 and errno (as `what` left it) is none that others can cause who take the
 * name away at the same time, or put something else there (a directory: EPERM for a link to it). */
void zct_raced(long result, const char *what);

/* Counters, read anew by SIGUSR1. An unknown key fails the test. */
struct zct_counters {
	char *text;
};
void zct_counters_read(struct zct_counters *ret_counters);
unsigned long zct_counter(const struct zct_counters *c, const char *key);
void zct_counters_free(struct zct_counters *c);

/* The keeper process (keeper.c): starts the daemon, undoes everything when the test is gone. */
struct zct_keeper {
	pid_t pid;
	int hold; /* closing it ends the mount */
};
struct zct_ready {
	pid_t daemon;
	char top[256];
	char plane[32];
};
int zct_keeper_start(const char *options, struct zct_keeper *ret_k, struct zct_ready *ret_ready);
int zct_keeper_stop(struct zct_keeper *k); /* 0: clean */
int zct_remove_tree(const char *top);	   /* unmounts what is mounted below, clears chattr +i +a */

#endif
