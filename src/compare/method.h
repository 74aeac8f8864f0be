/* SPDX-License-Identifier: MIT */
/*
 * The ways in which a program can move bytes: one table. Must not know where the bytes come from,
 * who times it, nor that zcfs exists.
 */
#ifndef ZC_COMPARE_METHOD_H
#define ZC_COMPARE_METHOD_H

#include "result.h"

#include <stddef.h>

/* A copy of size bytes. fds are open, from at offset 0; the caller closes them. */
struct zc_copy {
	int from, to;
	uint64_t size;
	bool from_socket, to_socket;
	uint64_t told_bytes;   /* through our memory, but not seen as system calls (io_uring) */
	uint64_t mapped_bytes; /* looked at in the page cache (mmap) */
};

struct zc_method {
	const char *name;
	const char *what;
	unsigned routes;	/* bit of each enum zc_route where it exists */
	const char *else_where; /* why not on the others */
	int flags;		/* of open(2), both files: O_DIRECT or 0 */
	/* Moves all, to the end of what comes. 0 or -errno; -ENODATA: it came to an end too early. */
	int (*copy)(struct zc_copy *copy);
	/* A program instead: "{in}", "{out}", "{in-dir}", "{out-dir}", "{name}", "{in-url}" are put in. A
	 * socket, and {out} where it is not named, are standard input and output. */
	const char *program;
	const char *const *argv;
	const char *const *socket_argv; /* on routes with a socket; NULL: the same */
};

extern const struct zc_method zc_methods[];
extern const int zc_method_count;

/* Is there such a program on PATH (all others: always)? */
bool zc_method_is_there(const struct zc_method *method);

#endif
