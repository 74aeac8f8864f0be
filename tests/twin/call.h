/* SPDX-License-Identifier: MIT */
/*
 * The ground under every call that is compared: slots for files, what a call said, who makes it.
 * Must not know the tester: each printed program begins with this text and has nothing else.
 */
#ifndef ZC_TWIN_CALL_H
#define ZC_TWIN_CALL_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <linux/fs.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>
#include <linux/capability.h>

#define SLOTS	     8
#define NOTE	     600
#define BUFFER	     (256 * 1024)
#define MAYBE_UNUSED __attribute__((unused))

/* What one call said: its value, the errno if that is -1, and what else it showed. */
struct said {
	long value;
	int err;
	char note[NOTE];
};

static struct said said;
static int slot[SLOTS];
static char buffer[BUFFER] __attribute__((aligned(4096)));
static time_t began;
static sigjmp_buf fault;

__attribute__((format(printf, 1, 2))) MAYBE_UNUSED static void say(const char *format, ...)
{
	size_t used = strlen(said.note);
	va_list args;

	va_start(args, format);
	vsnprintf(said.note + used, sizeof(said.note) - used, format, args);
	va_end(args);
}

MAYBE_UNUSED static uint64_t hash_of(const void *data, size_t size)
{
	const unsigned char *byte = data;
	uint64_t hash = 0xcbf29ce484222325u + size, word;

	for (; size >= 8; size -= 8, byte += 8) {
		memcpy(&word, byte, 8);
		hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
		hash ^= hash >> 29;
	}
	while (size--)
		hash = (hash ^ *byte++) * 0x100000001b3u;
	return hash;
}

/* Bytes to write that tell one call from another. */
MAYBE_UNUSED static char *bytes(int seed, size_t size)
{
	for (size_t i = 0; i < size && i < BUFFER; i++)
		buffer[i] = (char)(seed + i * 7 + (i >> 8));
	return buffer;
}

/* A time of today says "now", any other exactly what it is. */
MAYBE_UNUSED static void say_time(const char *name, long long sec, long nsec)
{
	if (sec > began - 100 && sec < began + 1000000)
		say(" %s=now", name);
	else
		say(" %s=%lld.%09ld", name, sec, nsec);
}

/* Puts a new file into a slot; what was in there is closed. */
MAYBE_UNUSED static long keep(int number, int fd)
{
	if (fd < 0)
		return -1;
	if (slot[number] >= 0)
		close(slot[number]);
	slot[number] = fd;
	return 0;
}

MAYBE_UNUSED static void on_fault(int number)
{
	siglongjmp(fault, number);
}

MAYBE_UNUSED static void say_fault(int number)
{
	say(number == SIGBUS ? " SIGBUS" : " SIGSEGV");
}

/* Capabilities that are not in keep go; of those in keep all become effective. */
MAYBE_UNUSED static int limit_capabilities(uint64_t keep_caps)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];

	for (int i = 0; i < 2; i++) {
		data[i].effective = data[i].permitted = (uint32_t)(keep_caps >> (32 * i));
		data[i].inheritable = 0;
	}
	return (int)syscall(SYS_capset, &head, data);
}

MAYBE_UNUSED static uint64_t all_capabilities(void)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { 0 };

	if (syscall(SYS_capget, &head, data))
		return 0;
	return data[0].permitted | (uint64_t)data[1].permitted << 32;
}

/* One who makes calls. caps: what is kept of root's capabilities; root without drop is root. */
struct who {
	const char *name;
	uid_t uid;
	gid_t gid;
	gid_t groups[2];
	int group_count;
	mode_t mask;
	uint64_t drop;
	uint64_t caps;
};

#define CAP(name) (1ULL << CAP_##name)

static const struct who everybody[] = {
	{ "root", 0, 0, { 0, 0 }, 0, 022, 0, ~0ULL },
	{ "root without power over files",
	  0,
	  0,
	  { 0, 0 },
	  0,
	  0,
	  CAP(DAC_OVERRIDE) | CAP(DAC_READ_SEARCH) | CAP(FOWNER) | CAP(FSETID),
	  ~0ULL },
	{ "A", 1001, 1001, { 2000, 0 }, 1, 022, 0, 0 },
	{ "B", 1002, 1002, { 2000, 2001 }, 2, 002, 0, 0 },
	{ "A with CAP_FOWNER", 1001, 1001, { 2000, 0 }, 1, 0, 0, CAP(FOWNER) },
	{ "A with CAP_CHOWN", 1001, 1001, { 2001, 0 }, 1, 077, 0, CAP(CHOWN) },
};
#define EVERYBODY ((int)(sizeof(everybody) / sizeof(everybody[0])))

static int become(int number)
{
	const struct who *who = &everybody[number];
	uint64_t caps = all_capabilities() & who->caps & ~who->drop;

	umask(who->mask);
	if (!number)
		return 0;
	if (prctl(PR_SET_KEEPCAPS, 1) || setgroups((size_t)who->group_count, who->groups) ||
	    setresgid(who->gid, who->gid, who->gid) || setresuid(who->uid, who->uid, who->uid))
		return -1;
	return limit_capabilities(caps);
}

/* Ready to make calls as the one of that number, from the directory where we are. */
static int begin_as(int number)
{
	for (int i = 0; i < SLOTS; i++)
		slot[i] = -1;
	signal(SIGXFSZ, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGBUS, on_fault);
	signal(SIGSEGV, on_fault);
	return become(number);
}
#endif
