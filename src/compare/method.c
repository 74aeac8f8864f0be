// SPDX-License-Identifier: MIT
// The table of methods, and which of them this machine has.
// Must not know how bytes are moved (move.c, ring.c), nor who measures it.
#include "method.h"

#include "move.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ON(route)   (1u << (route))
#define FILE_SOURCE (ON(ZC_FILE_TO_FILE) | ON(ZC_FILE_TO_TCP) | ON(ZC_FILE_TO_UNIX))
#define ALL_ROUTES  (FILE_SOURCE | ON(ZC_SOCKET_TO_FILE))
#define FILES_ONLY  ON(ZC_FILE_TO_FILE)
#define ARGV(...)   ((const char *const[]){ __VA_ARGS__, NULL })

const struct zc_method zc_methods[] = {
	{ .name = "read+write, whole file",
	  .what =
	      "the article's first program: one buffer as large as the file, one read, one write",
	  .routes = ALL_ROUTES,
	  .copy = zc_move_whole },
	{ .name = "read+write, 4 KiB",
	  .what = "read(2) and write(2) in turn through a buffer of a page",
	  .routes = ALL_ROUTES,
	  .copy = zc_move_4k },
	{ .name = "read+write, 64 KiB",
	  .what = "read(2) and write(2) in turn through a buffer of 64 KiB",
	  .routes = ALL_ROUTES,
	  .copy = zc_move_64k },
	{ .name = "read+write, 1 MiB",
	  .what = "read(2) and write(2) in turn through a buffer of 1 MiB",
	  .routes = ALL_ROUTES,
	  .copy = zc_move_1m },
	{ .name = "sendfile",
	  .what = "the article's second program: sendfile(2), the kernel moves what a file has",
	  .routes = FILE_SOURCE,
	  .else_where = "sendfile(2) reads from files only",
	  .copy = zc_move_sendfile },
	{ .name = "splice",
	  .what = "splice(2) into a pipe and out of it: pages move, not bytes",
	  .routes = ALL_ROUTES,
	  .copy = zc_move_splice },
	{ .name = "copy_file_range",
	  .what = "copy_file_range(2): the file system copies by itself, or shares blocks",
	  .routes = FILES_ONLY,
	  .else_where = "copy_file_range(2) needs two files",
	  .copy = zc_move_range },
	{ .name = "mmap+write",
	  .what = "the file is mapped and written from the mapping: one copy less than read(2)",
	  .routes = FILE_SOURCE,
	  .else_where = "a socket cannot be mapped",
	  .copy = zc_move_mapped },
	{ .name = "O_DIRECT",
	  .what = "read(2) and write(2) of 1 MiB past the page cache, files opened with O_DIRECT",
	  .routes = ALL_ROUTES,
	  .flags = O_DIRECT,
	  .copy = zc_move_direct },
#ifdef ZC_HAVE_URING
	{ .name = "io_uring",
	  .what = "reads and writes of 256 KiB, eight at a time, through io_uring",
	  .routes = FILES_ONLY,
	  .else_where = "several at a time have no order on a socket",
	  .copy = zc_move_ring },
#endif
	{ .name = "cp",
	  .what = "cp of coreutils",
	  .routes = FILES_ONLY,
	  .else_where = "cp copies files only",
	  .program = "cp",
	  .argv = ARGV("cp", "{in}", "{out}") },
	{ .name = "cat",
	  .what = "cat of coreutils, into a file or a socket",
	  .routes = ALL_ROUTES,
	  .program = "cat",
	  .argv = ARGV("cat", "{in}"),
	  .socket_argv = ARGV("cat", "-") },
	{ .name = "dd",
	  .what = "dd bs=1M of coreutils",
	  .routes = ALL_ROUTES,
	  .program = "dd",
	  .argv = ARGV("dd", "if={in}", "bs=1M", "status=none"),
	  .socket_argv = ARGV("dd", "bs=1M", "status=none") },
	{ .name = "rsync",
	  .what = "rsync of one file, whole",
	  .routes = FILES_ONLY,
	  .else_where = "rsync speaks its own protocol over sockets",
	  .program = "rsync",
	  .argv = ARGV("rsync", "--whole-file", "--inplace", "{in}", "{out}") },
	{ .name = "tar",
	  .what = "tar into a pipe, and out of it by a second tar",
	  .routes = FILES_ONLY,
	  .else_where = "what tar sends is an archive, not the file",
	  .program = "tar",
	  .argv = ARGV("sh", "-c", "tar -C \"$1\" -cf - -- \"$3\" | tar -C \"$2\" -xf -", "sh",
		       "{in-dir}", "{out-dir}", "{name}") },
	{ .name = "curl",
	  .what = "curl of a file:// address",
	  .routes = FILE_SOURCE,
	  .else_where = "curl asks servers, it takes no connection",
	  .program = "curl",
	  .argv = ARGV("curl", "-sS", "{in-url}") },
};
const int zc_method_count = (int)(sizeof(zc_methods) / sizeof(zc_methods[0]));

bool zc_method_is_there(const struct zc_method *method)
{
	const char *at = getenv("PATH");
	char path[PATH_MAX];

	if (!method->program)
		return true;
	for (; at && *at; at += strcspn(at, ":") + (at[strcspn(at, ":")] == ':')) {
		snprintf(path, sizeof(path), "%.*s/%s", (int)strcspn(at, ":"), at, method->program);
		if (!access(path, X_OK))
			return true;
	}
	return false;
}
