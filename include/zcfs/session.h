/* SPDX-License-Identifier: MIT */
/* The life of a mount: from checked options to the last unmount. */
#ifndef ZCFS_SESSION_H
#define ZCFS_SESSION_H

#include "zcfs/check.h"
#include "zcfs/fs.h"

/* Mounts, serves until the mount goes or a signal asks for the end, unmounts. In the background
 * (the default) the calling process returns as soon as the mount answers, and another one serves.
 * Takes over what *findings holds. The exit code of the process, after a message where it is not
 * ZC_EXIT_OK. */
enum zc_exit zc_session_run(const struct zc_options *options, struct zc_findings *findings);

/* mounting.c: libfuse's session object and its mount. */

/* Makes fs->session from the options. An exit code after a message where it is not ZC_EXIT_OK. */
enum zc_exit zc_mounting_prepare(struct zc_fs *fs, const struct zc_findings *findings);
/* Mounts it: by mount(2) as root, else through fusermount3. Likewise. */
enum zc_exit zc_mounting_mount(struct zc_fs *fs);

/* background.c: the process that returns to the shell and the one that serves. */

/* In the foreground: -1. Else forks: in the child, which keeps no fd open but those of *findings
 * and the standard streams, an fd that takes the exit code once; in the parent it returns when the
 * mount answers or has failed, with *ret_done set and *ret_exit for the process. */
int zc_go_background(const struct zc_options *options, const struct zc_findings *findings,
		     bool *ret_done, enum zc_exit *ret_exit);
/* Tells the parent how it went. Legal for -1. */
void zc_report_ready(int ready_fd, enum zc_exit exit_code);
/* Lets go of terminal and current directory; messages go to syslog from here on. */
void zc_leave_terminal(void);

/* For -o auto_unmount as root: a process that unmounts `mountpoint` when this one dies, however it
 * dies. libfuse would ask fusermount3 for that, which knows how only since 3.15 (Debian 12
 * has 3.14). Call before /dev/fuse is opened: whoever holds that open keeps a dead mount from being
 * noticed. An fd that keeps the watcher waiting, closed by the end of this process; or -errno. */
int zc_watch_for_death(const char *mountpoint);

/* A process that aborts the connection `number` (under /sys/fs/fuse/connections) if this one is killed and
 * does not end: a thread that tells the kernel of a change may wait for a directory's lock, which waits for
 * an answer that nobody gives any more (fuse_reverse_inval_entry in fs/fuse/dir.c). Call from the first
 * thread. An fd as above; or -errno. *ret_pid: to dismiss it, when no thread can hang any more. */
int zc_guard_against_hang(unsigned number, const char *mountpoint, pid_t *ret_pid);
/* Legal for 0: there is none. */
void zc_guard_dismiss(pid_t pid);

/* negotiate.c: what the kernel offers, what is taken, and which plane that gives. */

/* The init handler of the session; userdata is the struct zc_fs. Fills fs->caps but for `best`. */
void zc_negotiate(void *userdata, struct fuse_conn_info *conn);

/* After INIT was answered: takes the best plane that works, by really registering a backing
 * file. */
void zc_negotiate_plane(struct zc_fs *fs, int backing_fd, int dev_fd);

/* keeper.c: the thread that takes signals and ticks. */
struct zc_keeper;

/* Blocks the signals that the keeper takes, for this thread and all that it starts. */
void zc_keeper_block_signals(void);
/* Starts it; it works on *fs until zc_keeper_stop. 0 or -errno; then *ret is the caller's. */
int zc_keeper_start(struct zc_fs *fs, struct zc_keeper **ret);
/* Ends it. Legal for NULL. */
void zc_keeper_stop(struct zc_keeper *keeper);
/* Writes the counters one last time where -o stats asks for it: after the connection is closed, for
 * the file may lie on the mount that is no longer served. */
void zc_keeper_last_report(struct zc_fs *fs);

#endif
