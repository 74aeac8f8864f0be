// SPDX-License-Identifier: MIT
// One line per message, to standard error or to syslog.
// Must not know what the message is about.
#include "zcfs/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

static atomic_bool
    to_syslog;		/* from the moment when the process leaves the terminal; threads run then */
static bool show_debug; /* set before the first thread starts and only read afterwards */

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

/* A line longer than this loses its middle: names can be long, the advice at the end matters. */
#define LINE_MAX_KEPT 2000
#define LINE_HEAD     600

static void shorten(char *line)
{
	size_t len = strlen(line);
	size_t tail = LINE_MAX_KEPT - LINE_HEAD - 3;

	if (len <= LINE_MAX_KEPT)
		return;
	memcpy(line + LINE_HEAD, "...", 3);
	memmove(line + LINE_HEAD + 3, line + len - tail, tail + 1);
}

/* Names may hold line ends and terminal commands: neither may act. */
static void disarm(char *line)
{
	for (; *line; line++) {
		if ((unsigned char)*line < ' ' || *line == 0x7f)
			*line = '?';
	}
}

void zc_log(enum zc_log_level level, const char *format, ...)
{
	int saved = errno;
	char *line = NULL;
	va_list args;

	if (level == ZC_LOG_DEBUG && !show_debug)
		return;
	va_start(args, format);
	if (vasprintf(&line, format, args) < 0)
		line = NULL;
	va_end(args);
	if (line) {
		shorten(line);
		disarm(line);
	}
	if (to_syslog)
		syslog(priorities[level], "%s", line ? line : format);
	else
		fprintf(stderr, "zcfs: %s\n", line ? line : format);
	free(line);
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
