/* SPDX-License-Identifier: MIT */
/*
 * Running one expression on two sides and comparing result, errno and noted bytes.
 * Must not know: what the expressions do.
 */
#include "zct.h"

static struct zct_result current;

void zct_enter(int side)
{
	zct.side = side;
	current = (struct zct_result){ .hash = 14695981039346656037u };
	if (fchdir(zct.fd[side]) < 0)
		zct_fail(ZCT_HERE, "%s: fchdir: %m", zct.dir[side]);
}

void zct_leave(struct zct_result *ret_result)
{
	int err = errno;

	if (ret_result) {
		current.value = ret_result->value;
		current.err = current.value < 0 ? err : 0;
		*ret_result = current;
	}
	if (chdir("/") < 0)
		zct_fail(ZCT_HERE, "chdir: %m");
}

static const char *name_of(int err)
{
	return err ? strerrorname_np(err) : "";
}

long zct_same(const struct zct_result r[2], const char *text, const char *file, int line)
{
	if (r[MNT].value != r[TWIN].value || r[MNT].err != r[TWIN].err)
		zct_fail(file, line, "%s: mount %ld %s, twin %ld %s", text, r[MNT].value,
			 name_of(r[MNT].err), r[TWIN].value, name_of(r[TWIN].err));
	if (r[MNT].hash != r[TWIN].hash)
		zct_fail(file, line, "%s: noted differs:\n mount: %s\n twin:  %s", text,
			 r[MNT].text, r[TWIN].text);
	return r[MNT].err ? -r[MNT].err : r[MNT].value;
}

long zct_must_same(long value, const char *text, const char *file, int line)
{
	if (value < 0)
		zct_fail(file, line, "%s: both sides fail with %s", text, name_of((int)-value));
	return value;
}

static void hash_bytes(const unsigned char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		current.hash = (current.hash ^ bytes[i]) * 1099511628211u;
}

void zct_note(const void *bytes, size_t len)
{
	const unsigned char *b = bytes;
	size_t at = strlen(current.text);

	hash_bytes(b, len);
	for (size_t i = 0; i < len && at + 5 < sizeof(current.text); i++)
		at += (size_t)sprintf(current.text + at,
				      b[i] >= ' ' && b[i] < 127 ? "%c" : "\\%02x", b[i]);
}

void zct_notef(const char *fmt, ...)
{
	int err = errno;
	char line[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	zct_note(line, strlen(line));
	zct_note(" ", 1);
	errno = err;
}

void zct_note_stat(const struct stat *st)
{
	zct_notef("mode %o nlink %lu uid %u gid %u rdev %lx", st->st_mode,
		  (unsigned long)st->st_nlink, st->st_uid, st->st_gid, (unsigned long)st->st_rdev);
	if (!S_ISDIR(st->st_mode))
		zct_notef("size %lld", (long long)st->st_size);
}
