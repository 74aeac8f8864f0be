/* SPDX-License-Identifier: MIT */
/* Messages to people: one line each, `zcfs: <object>: <what failed> (<ERRNO>): <what to do>`.
 * Must not know what the message is about. */
#ifndef ZCFS_LOG_H
#define ZCFS_LOG_H

#include <stdatomic.h>
#include <stdbool.h>

enum zc_log_level { ZC_LOG_ERR, ZC_LOG_WARNING, ZC_LOG_INFO, ZC_LOG_DEBUG };

/* Sends messages to syslog(3) from now on instead of standard error: a daemon in the background has
 * no terminal. Call before the first thread is started. */
void zc_log_to_syslog(void);

/* Shows ZC_LOG_DEBUG messages too. Call before the first thread is started. */
void zc_log_debug(bool on);

/* Prints one message, without "zcfs: " in front or a line end behind: both are added. Thread-safe;
 * keeps errno. */
void zc_log(enum zc_log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Prints only the first time that this place of the source is reached. */
#define zc_log_once(level, ...)                                                                    \
	do {                                                                                       \
		static atomic_flag zc_said_ = ATOMIC_FLAG_INIT;                                    \
		if (!atomic_flag_test_and_set_explicit(&zc_said_, memory_order_relaxed))           \
			zc_log(level, __VA_ARGS__);                                                \
	} while (0)

/* The name of a positive errno ("ENOENT"), or "error N". Static storage or per-thread storage. */
const char *zc_errno_name(int err);

#endif
