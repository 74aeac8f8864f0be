/* SPDX-License-Identifier: MIT */
/*
 * Counts the system calls of a process and its children, and the bytes of certain files that went
 * through their memory, by ptrace(2). Must not know what is copied.
 */
#ifndef ZC_COMPARE_TRACE_H
#define ZC_COMPARE_TRACE_H

#include "copier.h"

#include <sys/types.h>

/* In the child, before its first call that counts: waits for zc_trace_run of the parent. */
void zc_trace_me(void);

/*
 * Lets the child go until it and its children end, seconds at most. For a program counting begins at
 * its exec. Bytes: of files whose path has mark in it, of sockets and pipes. *pid becomes 0 once the
 * child has been waited for. 0: exit status 0; -EIO: another one; -EPERM: no tracing here; -EINTR,
 * -ETIME: it still runs.
 */
int zc_trace_run(pid_t *pid, const char *mark, int seconds, struct zc_watched *ret_watched);

#endif
