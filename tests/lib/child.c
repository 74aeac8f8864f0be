/* SPDX-License-Identifier: MIT */
/*
 * Other people and other processes: forked children with an identity, and children that run beside.
 * Must not know: what they do.
 */
#include "zct.h"

#include <grp.h>
#include <signal.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/wait.h>

/* A change of credentials clears the parent-death signal, so this comes after it. */
static void die_with_parent(pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
}

static void become(const struct zct_who *who)
{
	MUST(setgroups((size_t)who->ngroups, who->groups));
	MUST(setresgid(who->gid, who->gid, who->gid));
	MUST(setresuid(who->uid, who->uid, who->uid));
	umask(who->umask);
}

int zct_fork_as(const struct zct_who *who)
{
	pid_t parent = getpid(), pid;

	fflush(NULL);
	pid = (pid_t)MUST(fork());
	if (pid) {
		zct_join(pid);
		return 0;
	}
	become(who);
	die_with_parent(parent);
	return 1;
}

int zct_child_ends(void)
{
	_exit(0);
}

pid_t zct_spawn(void (*body)(void *), void *arg)
{
	pid_t parent = getpid(), pid;

	fflush(NULL);
	pid = (pid_t)MUST(fork());
	if (pid)
		return pid;
	die_with_parent(parent);
	body(arg);
	_exit(0);
}

void zct_join(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status) || WEXITSTATUS(status))
		zct_fail(ZCT_HERE, "the child %d failed: wait status 0x%x", pid, status);
}
