/* SPDX-License-Identifier: MIT */
/*
 * Reads the daemon's counters: removes the file, asks by SIGUSR1, waits with a limit for a new one.
 * Must not know: what is counted.
 */
#include "zct.h"

#include <signal.h>
#include <time.h>

static char *read_all(const char *path)
{
	char *text = calloc(1, 65536);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 && text ? read(fd, text, 65535) : -1;

	if (fd >= 0)
		close(fd);
	if (n > 0)
		return text;
	free(text);
	return NULL;
}

void zct_counters_read(struct zct_counters *ret_counters)
{
	char *text = NULL;

	unlink(zct.stats);
	MUST(kill(zct.daemon, SIGUSR1));
	for (int ms = 0; ms < 10000 && !(text = read_all(zct.stats)); ms += 2)
		nanosleep(&(struct timespec){ 0, 2000000 }, NULL);
	if (!text)
		zct_fail(ZCT_HERE, "%s: no counters came", zct.stats);
	ret_counters->text = text;
}

unsigned long zct_counter(const struct zct_counters *c, const char *key)
{
	size_t len = strlen(key);

	for (const char *at = c->text; at; at = strchr(at, '\n')) {
		at += *at == '\n';
		if (!strncmp(at, key, len) && at[len] == ' ')
			return strtoul(at + len + 1, NULL, 10);
	}
	zct_fail(ZCT_HERE, "no counter %s in:\n%s", key, c->text);
}

void zct_counters_free(struct zct_counters *c)
{
	free(c->text);
	c->text = NULL;
}
