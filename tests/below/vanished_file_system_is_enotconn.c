/* SPDX-License-Identifier: MIT */
/*
 * The file system below dies under the mount: each call says there what it says in a plain directory on such a one
 * (ENOTCONN), the daemon lives on, and unmounts as ever. Must not know what the calls are.
 */
#include "faulty_calls.h"
#include "zct.h"

#include <sys/mman.h>

enum { MAX_CALLS = 256 };

/* Shared by the test and its children. */
static struct {
	long results[2][MAX_CALLS];
} * shared;

struct caller {
	enum zct_side side;
	int ready, go; /* ends of pipes */
};

/* Stands in its directory and has its files open before all goes. */
static void make_calls(void *arg)
{
	const struct caller *caller = arg;
	int fds[MAX_CALLS];
	char c = 0;

	MUST(fchdir(zct.fd[caller->side]));
	MUST(chdir("work"));
	for (size_t i = 0; i < faulty_call_count; i++) {
		const struct faulty_call *call = &faulty_calls[i];

		fds[i] =
		    call->flags < 0 ? -1 : (int)MUST(open(call->path, call->flags | O_CLOEXEC));
	}
	MUST(write(caller->ready, &c, 1));
	CHECK_EQ(read(caller->go, &c, 1), 1);
	for (size_t i = 0; i < faulty_call_count; i++) {
		long res = faulty_calls[i].run(fds[i]);

		shared->results[caller->side][i] = res < 0 ? -errno : res;
	}
}

static void prepare(void)
{
	for (int side = TWIN; side <= BACK; side++) {
		zct_enter(side);
		MUST(mkdir("work", 0755));
		MUST(chdir("work"));
		MUST(faulty_calls_prepare());
		zct_leave(NULL);
	}
}

static void let_both_call_when_it_is_gone(void)
{
	int ready[2], go[2];
	struct caller callers[2];
	pid_t pids[2];
	char c[2] = { 0 };

	MUST(pipe2(ready, O_CLOEXEC));
	MUST(pipe2(go, O_CLOEXEC));
	for (int side = MNT; side <= TWIN; side++) {
		callers[side] = (struct caller){ (enum zct_side)side, ready[1], go[0] };
		pids[side] = zct_spawn(make_calls, &callers[side]);
	}
	for (int i = 0; i < 2; i++)
		CHECK_EQ(read(ready[0], c, 1), 1);
	faulty_kill();
	CHECK_EQ(write(go[1], c, 2), 2);
	for (int side = MNT; side <= TWIN; side++)
		zct_join(pids[side]);
}

static int differences(void)
{
	int count = 0;

	for (size_t i = 0; i < faulty_call_count; i++) {
		long mnt = shared->results[MNT][i], twin = shared->results[TWIN][i];

		if (mnt == twin)
			continue;
		dprintf(2, "%s: mount %ld %s, twin %ld %s\n", faulty_calls[i].name, mnt,
			mnt < 0 ? strerrorname_np((int)-mnt) : "", twin,
			twin < 0 ? strerrorname_np((int)-twin) : "");
		count++;
	}
	return count;
}

static void calls_after_its_end(void **state)
{
	struct zct_counters c;

	(void)state;
	faulty_check_started();
	CHECK(faulty_call_count <= MAX_CALLS);
	prepare();
	zct.trees_differ_on_purpose = true;
	let_both_call_when_it_is_gone();
	CHECK_EQ(shared->results[TWIN][0], -ENOTCONN);
	CHECK_EQ(differences(), 0);
	zct_counters_read(&c);
	CHECK(zct_counter(&c, "error.getattr") > 0);
	zct_counters_free(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls_after_its_end),
	};

	faulty_prepare();
	shared =
	    mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		return 1;
	return ZCT_RUN("timeout=0", tests);
}
