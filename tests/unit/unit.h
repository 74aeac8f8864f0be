/* SPDX-License-Identifier: MIT */
/* What unit tests share: a directory of their own, counting of open fds, caught output, made-up inodes.
 * Must not know any room but by its header, nor any single test. */
#ifndef ZCFS_UNIT_H
#define ZCFS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "zcfs/inode.h"

/* A call that fails for a reason which is not the test's: the test fails, and says where. */
#define MUST(call) unit_must((long)(call), #call, __FILE__, __LINE__)
long unit_must(long res, const char *call, const char *file, int line);

/* A new directory below $TMPDIR. */
struct unit_tree {
	char path[512];
	int fd; /* O_PATH */
};

/* setup and teardown of cmocka: *state is a struct unit_tree, removed with all it holds. */
int unit_tree_make(void **state);
int unit_tree_remove(void **state);

/* For a test's main: runs `check` with kernel handles and without, each in a new directory. */
int unit_with_and_without_handles(void (*check)(const struct unit_tree *tree, bool use_handles));

/* A new regular file holding `text`; a new directory; paths are relative to the directory `dirfd`. */
void unit_file(int dirfd, const char *name, const char *text);
void unit_dir(int dirfd, const char *name);

/* "DIR/name" in one of a few static buffers. */
const char *unit_path(const struct unit_tree *tree, const char *name);

/* Mounts an empty tmpfs where only this process sees it; it goes when the process ends. False where this
 * is not permitted. */
bool unit_private_tmpfs(const char *path, unsigned long flags);

/* Runs `test` as a cmocka test of its own in another process: whatever happens to that one, this one
 * cleans up. Fails if it fails there or crashes. */
void unit_in_child(void (*test)(void **state), void *state);

/* Likewise, in a process that is nobody special, whatever this one is. */
void unit_as_ordinary_user(void (*test)(void **state), void *state);

/* Open file descriptors of this process. */
unsigned unit_fds(void);
/* An fd that nothing else refers to, and whether a number is open. */
int unit_any_fd(void);
bool unit_is_open(int fd);

/* Output to `fd` between begin and end is caught; the string lives until the next end. */
void unit_catch_begin(int fd);
const char *unit_catch_end(void);
unsigned unit_lines(const char *text);

/* The nth made-up inode: differs from all others in its handle. */
struct zc_identification unit_id(uint64_t n);

/* Equal on every run. */
uint32_t unit_random(uint32_t *seed);

/* What is noted of a nodeid is exactly this. */
void unit_assert_noted(struct zc_names *names, uint64_t nodeid, uint64_t parent, const char *name);

/* The inode room over a tree; `fds` bounds its fd cache. */
void unit_inodes_open(struct zc_inodes *inodes, const struct unit_tree *tree, uint32_t fds,
		      bool use_handles);

/* Looks `name` up below the known directory `parent`, as LOOKUP does: a nodeid with one lookup more,
 * nothing borrowed. 0 if there is no such name. */
uint64_t unit_lookup(struct zc_inodes *inodes, uint64_t parent, const char *name);

/* zc_inode_before_unlink, which has to work: what it gives. */
uint64_t unit_before_unlink(struct zc_inodes *inodes, int dirfd, const char *name);

/* The inode number of what the room hands out for a nodeid, or -errno of zc_inode_path_fd. */
int64_t unit_ino(struct zc_inodes *inodes, uint64_t nodeid);

/* The inode number of a name, asked directly. */
int64_t unit_ino_at(int dirfd, const char *name);

#endif
