/* SPDX-License-Identifier: MIT */
/*
 * What a test shares with the faulty file systems that it has below its mount (faulty.c), and how it starts and
 * steers them. Must not know what is called on them.
 */
#ifndef FAULTY_H
#define FAULTY_H

#include <stdatomic.h>
#include <sys/types.h>

/* One for each request that can fail. */
#define FAULTY_OPS(X)                                                                              \
	X(NOTHING)                                                                                 \
	X(GETATTR)                                                                                 \
	X(READLINK)                                                                                \
	X(MKNOD)                                                                                   \
	X(MKDIR)                                                                                   \
	X(UNLINK)                                                                                  \
	X(RMDIR)                                                                                   \
	X(SYMLINK)                                                                                 \
	X(RENAME)                                                                                  \
	X(LINK)                                                                                    \
	X(CHMOD)                                                                                   \
	X(CHOWN)                                                                                   \
	X(TRUNCATE)                                                                                \
	X(UTIMENS)                                                                                 \
	X(OPEN)                                                                                    \
	X(CREATE)                                                                                  \
	X(READ)                                                                                    \
	X(WRITE)                                                                                   \
	X(STATFS)                                                                                  \
	X(FLUSH)                                                                                   \
	X(FSYNC)                                                                                   \
	X(SETXATTR)                                                                                \
	X(GETXATTR)                                                                                \
	X(LISTXATTR)                                                                               \
	X(REMOVEXATTR)                                                                             \
	X(OPENDIR)                                                                                 \
	X(READDIR)                                                                                 \
	X(FSYNCDIR)                                                                                \
	X(FALLOCATE)                                                                               \
	X(COPY_FILE_RANGE)                                                                         \
	X(LSEEK)                                                                                   \
	X(IOCTL)

#define FAULTY_ENUM(name) FAULTY_##name,
enum faulty_op { FAULTY_OPS(FAULTY_ENUM) FAULTY_OP_COUNT };

/* Only names that begin so are touched by a fault: the way to them stays passable. */
#define FAULTY_NAME "bad"

/* In memory that the test and its file systems share. */
struct faulty_control {
	_Atomic int op;	   /* the request that fails; set last */
	_Atomic int err;   /* with this errno */
	_Atomic int hits;  /* how often one did */
	_Atomic int ready; /* file systems that are mounted */
	_Atomic pid_t pid[2];
};

/* Before zct_run: one file system each is put over the backing directory and its twin, by the program that
 * the environment names FAULTY. */
void faulty_prepare(void);
/* In each test: both are mounted. */
void faulty_check_started(void);
/* From now on `op` fails with `err`. */
void faulty_begin(enum faulty_op op, int err);
/* No longer. How often it did. */
int faulty_end(void);
/* Both file systems die, as by a crash; when this is back, their mounts answer nothing any more. */
void faulty_kill(void);

#endif
