// SPDX-License-Identifier: MIT
// One line per message, to standard error or to syslog.
// Must not know what the message is about.
#include "zcfs/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>

/* Both are set before the first thread starts and only read afterwards. */
static bool to_syslog;
static bool show_debug;

static const int priorities[] = {
	[ZC_LOG_ERR] = LOG_ERR,
	[ZC_LOG_WARNING] = LOG_WARNING,
	[ZC_LOG_INFO] = LOG_INFO,
	[ZC_LOG_DEBUG] = LOG_DEBUG,
};

void zc_log_to_syslog(void)
{
	openlog("zcfs", LOG_PID, LOG_DAEMON);
	to_syslog = true;
}

void zc_log_debug(bool on)
{
	show_debug = on;
}

void zc_log(enum zc_log_level level, const char *format, ...)
{
	char line[1024];
	int saved = errno;
	va_list args;

	if (level == ZC_LOG_DEBUG && !show_debug)
		return;
	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	if (to_syslog)
		syslog(priorities[level], "%s", line);
	else
		fprintf(stderr, "zcfs: %s\n",
			line); /* one write(2): stderr is unbuffered per call */
	errno = saved;
}

const char *zc_errno_name(int err)
{
	static _Thread_local char unknown[24];
	const char *name = strerrorname_np(err);

	if (name)
		return name;
	snprintf(unknown, sizeof(unknown), "error %d", err);
	return unknown;
}
