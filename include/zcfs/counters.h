/* SPDX-License-Identifier: MIT */
/* What the daemon was asked and what it did, counted per thread and summed by the reader, so that
 * the hot path writes only memory of its own. Must not know how a request is served. */
#ifndef ZCFS_COUNTERS_H
#define ZCFS_COUNTERS_H

#include <stdint.h>
#include <stdio.h>

/* The request types of the FUSE protocol that reach a handler, in the order of the report. */
// clang-format off
#define ZC_OPS(X)                                                                             \
	X(lookup) X(forget) X(getattr) X(setattr) X(statx) X(access) X(readlink) X(mknod)     \
	X(mkdir) X(symlink) X(unlink) X(rmdir) X(rename) X(link) X(open) X(create) X(tmpfile) \
	X(read) X(write) X(flush) X(release) X(fsync) X(fallocate) X(lseek)                   \
	X(copy_file_range) X(opendir) X(readdir) X(readdirplus) X(releasedir) X(fsyncdir)     \
	X(getxattr) X(listxattr) X(setxattr) X(removexattr) X(statfs) X(ioctl)
// clang-format on

enum zc_op {
#define ZC_OP_ENUM(name) ZC_OP_##name,
	ZC_OPS(ZC_OP_ENUM)
#undef ZC_OP_ENUM
	    ZC_OP_COUNT
};

/* Everything that is counted besides requests and their errors. */
#define ZC_EVENTS(X)                                                                               \
	X(open_passthrough, "open.passthrough")                                                    \
	X(open_splice, "open.splice")                                                              \
	X(open_copy, "open.copy")                                                                  \
	X(read_splice_bytes, "bytes.read.splice")                                                  \
	X(read_copy_bytes, "bytes.read.copy")                                                      \
	X(write_splice_bytes, "bytes.write.splice")                                                \
	X(write_copy_bytes, "bytes.write.copy")                                                    \
	X(backing_registered, "backing.registered")                                                \
	X(backing_refused, "backing.refused")                                                      \
	X(reply_undone, "reply.undone")

enum zc_event {
#define ZC_EVENT_ENUM(name, text) ZC_EVENT_##name,
	ZC_EVENTS(ZC_EVENT_ENUM)
#undef ZC_EVENT_ENUM
	    ZC_EVENT_COUNT
};

/* Sums over all threads, living and ended. */
struct zc_counts {
	uint64_t requests[ZC_OP_COUNT];
	uint64_t errors[ZC_OP_COUNT];
	uint64_t events[ZC_EVENT_COUNT];
};

/* Count into the calling thread's own memory. Never fail: a thread for which no memory could be had
 * counts into a shared spare, where simultaneous counts may be lost. */
void zc_count_request(enum zc_op op);
void zc_count_error(enum zc_op op);
void zc_count(enum zc_event event, uint64_t amount);

/* A sum that is exact once the counted threads rest; counts made meanwhile may or may not be in
 * it. */
void zc_counters_read(struct zc_counts *ret);

/* Writes `counts` as lines "key value". */
void zc_counters_print(const struct zc_counts *counts, FILE *out);

#endif
