/* SPDX-License-Identifier: MIT */
/*
 * Whatever errno a request fails with in the file system below, the call on the mount fails with the one that it
 * gives directly there; and when the fault is gone the same call works. Must not know what the calls are.
 */
#include "faulty_calls.h"
#include "zct.h"

/* Those that zcfs, libfuse or the kernel could take for something else, and some that nobody minds. No ENOSYS: to
 * the kernel it means that the request is not known, for good. */
static const int errnos[] = { EPERM,	    EACCES,  EIO,     ESTALE,  ENOENT,	   EINTR,
			      EAGAIN,	    ENOMEM,  EEXIST,  EXDEV,   ENOTDIR,	   EINVAL,
			      ENFILE,	    ETXTBSY, ENOSPC,  EROFS,   EMLINK,	   ERANGE,
			      ENAMETOOLONG, ENODATA, EBADMSG, EUCLEAN, EOPNOTSUPP, EREMOTEIO,
			      EDQUOT,	    E2BIG };
enum { ALL = sizeof(errnos) / sizeof(errnos[0]), FIRST = 5 };

struct outcome {
	long failed; /* result, or -errno */
	int hits;
	long healed;
};

/* Where the kernel leaves zcfs no choice. */
struct exception {
	const char *call;
	enum faulty_op op;
	int err;
	long on_mount;
};
static const struct exception exceptions[] = {
	/* The name is there and is not there: ESTALE makes the kernel look again, in vain. */
	{ "open_creat", FAULTY_GETATTR, ENOENT, -ESTALE },
	{ "create", FAULTY_CREATE, EEXIST, -ESTALE },
	/* Where permissions are checked fuse_get_acl gives any other error to the caller. */
	{ "getxattr_acl", FAULTY_GETXATTR, EOPNOTSUPP, -ENODATA },
};

static bool is_exception(const struct faulty_call *call, int err, long on_mount)
{
	for (size_t i = 0; i < sizeof(exceptions) / sizeof(exceptions[0]); i++) {
		const struct exception *e = &exceptions[i];

		if (!strcmp(e->call, call->name) && e->op == call->op && e->err == err)
			return e->on_mount == on_mount;
	}
	return false;
}

static long result_of(long res)
{
	return res < 0 ? -errno : res;
}

/* In a directory of its own, of which the mount knows nothing yet. */
static struct outcome attempt(const struct faulty_call *call, int err, const char *dir)
{
	struct outcome out;
	int fd = -1;

	MUST(chdir(dir));
	if (call->flags >= 0)
		fd = (int)MUST(open(call->path, call->flags | O_CLOEXEC));
	faulty_begin(call->op, err);
	out.failed = result_of(call->run(fd));
	out.hits = faulty_end();
	out.healed = result_of(call->run(fd));
	if (fd >= 0)
		MUST(close(fd));
	return out;
}

static const char *text(long res)
{
	static char number[4][24];
	static int next;

	if (res < 0)
		return strerrorname_np((int)-res);
	next = (next + 1) % 4;
	snprintf(number[next], sizeof(number[next]), "%ld", res);
	return number[next];
}

static bool alike(const struct faulty_call *call, int err, const struct outcome out[2])
{
	return (out[MNT].failed == out[TWIN].failed || is_exception(call, err, out[MNT].failed)) &&
	       out[MNT].hits > 0 && out[TWIN].hits > 0 && out[MNT].healed == out[TWIN].healed;
}

static void report(const struct faulty_call *call, int err, const struct outcome out[2])
{
	dprintf(2, "%s, request %d fails with %s:\n", call->name, call->op, strerrorname_np(err));
	for (int side = MNT; side <= TWIN; side++)
		dprintf(2, "  %s: %s, %d requests failed, afterwards %s\n",
			side == MNT ? "mount" : "twin", text(out[side].failed), out[side].hits,
			text(out[side].healed));
}

static void prepare(const char *dir)
{
	for (int side = TWIN; side <= BACK; side++) {
		zct_enter(side);
		MUST(mkdir(dir, 0755));
		MUST(chdir(dir));
		MUST(faulty_calls_prepare());
		zct_leave(NULL);
	}
}

static int compare(const struct faulty_call *call, int err, const char *dir)
{
	struct outcome out[2];

	prepare(dir);
	for (int side = MNT; side <= TWIN; side++) {
		zct_enter(side);
		out[side] = attempt(call, err, dir);
		zct_leave(NULL);
	}
	if (alike(call, err, out))
		return 0;
	report(call, err, out);
	return 1;
}

/* No file took another way than its plane. */
static void check_plane(void)
{
	static const char *const planes[] = { "passthrough", "splice", "copy" };
	struct zct_counters c;
	char key[32];

	zct_counters_read(&c);
	for (int i = 0; i < 3; i++) {
		snprintf(key, sizeof(key), "open.%s", planes[i]);
		CHECK((zct_counter(&c, key) > 0) == !strcmp(planes[i], zct.plane));
	}
	zct_counters_free(&c);
}

static int count_differences(const char *caller, size_t errno_count)
{
	char dir[64];
	int differences = 0;

	for (size_t i = 0; i < faulty_call_count; i++)
		for (size_t j = 0; j < errno_count; j++) {
			snprintf(dir, sizeof(dir), "%s.%zu.%d", caller, i, errnos[j]);
			differences += compare(&faulty_calls[i], errnos[j], dir);
		}
	return differences;
}

static void each_errno_of_each_call(void **state)
{
	(void)state;
	faulty_check_started();
	zct.trees_differ_on_purpose = true; /* they are alike, but too large to be compared */
	CHECK_EQ(count_differences("root", ALL), 0);
	check_plane();
}

/* What ownership and capabilities decide is tried more than once. */
static void calls_of_a_user(void **state)
{
	(void)state;
	AS_USER(ALICE)
	{
		CHECK_EQ(count_differences("alice", FIRST), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_errno_of_each_call),
		cmocka_unit_test(calls_of_a_user),
	};

	faulty_prepare();
	return ZCT_RUN("timeout=0", tests);
}
