/* SPDX-License-Identifier: MIT */
/*
 * ro, noexec, nosuid, nodev and their opposites do what mount(8) says; without any, a setuid
 * program runs as its owner and a device opens, as they do in the backing directory. Must not
 * know: who enforces them.
 */
#include "zct.h"

#include <sys/mount.h>
#include <sys/sendfile.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <sys/xattr.h>

static void copy_self(int dir, const char *name)
{
	int in = (int)MUST(open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
	int out = (int)MUST(openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755));

	while (MUST(sendfile(out, in, NULL, 1 << 20)) > 0)
		;
	MUST(fchmod(out, 04755));
	close(in);
	close(out);
}

/* What the program says when ALICE starts it: 1 effective root, 2 not, or -1. */
static long run(const char *path)
{
	pid_t pid = (pid_t)MUST(fork());
	int status;

	if (pid == 0) {
		MUST(setresgid(ALICE, ALICE, ALICE));
		MUST(setresuid(ALICE, ALICE, ALICE));
		execl(path, path, "--who", NULL);
		_exit(100 + errno);
	}
	MUST(waitpid(pid, &status, 0));
	if (WEXITSTATUS(status) > 100) {
		errno = WEXITSTATUS(status) - 100;
		return -1;
	}
	return WEXITSTATUS(status);
}

static long on_mount(long value)
{
	return value < 0 ? -errno : value;
}

static void start_with_program(const char *options)
{
	zct_start(options);
	copy_self(zct.fd[BACK], "program");
	MUST(mknodat(zct.fd[BACK], "null", S_IFCHR | 0666, makedev(1, 3)));
	zct_enter(MNT);
}

static long flags(void)
{
	struct statvfs st;

	MUST(statvfs(".", &st));
	return (long)(st.f_flag & (ST_RDONLY | ST_NOSUID | ST_NOEXEC | ST_NODEV));
}

static void nothing_asked_is_as_in_the_backing_directory(void **state)
{
	(void)state;
	start_with_program("");
	CHECK_EQ(flags(), 0);
	CHECK_EQ(on_mount(run("./program")), 1);
	CHECK_EQ(on_mount(open("null", O_RDWR | O_CLOEXEC)) >= 0, 1);
	zct_leave(NULL);
	zct_stop();
}

static void nosuid(void **state)
{
	(void)state;
	start_with_program("nosuid");
	CHECK_EQ(flags(), ST_NOSUID);
	CHECK_EQ(on_mount(run("./program")), 2);
	zct_leave(NULL);
	zct_stop();
}

static void noexec(void **state)
{
	(void)state;
	start_with_program("noexec");
	CHECK_EQ(flags(), ST_NOEXEC);
	CHECK_EQ(on_mount(run("./program")), -EACCES);
	zct_leave(NULL);
	zct_stop();
}

static void nodev(void **state)
{
	(void)state;
	start_with_program("nodev");
	CHECK_EQ(flags(), ST_NODEV);
	CHECK_EQ(on_mount(open("null", O_RDWR | O_CLOEXEC)), -EACCES);
	zct_leave(NULL);
	zct_stop();
}

static void read_only(void **state)
{
	(void)state;
	start_with_program("ro");
	CHECK_EQ(flags(), ST_RDONLY);
	CHECK_EQ(on_mount(zct_try_open("program", O_RDONLY, 0)), 0);
	CHECK_EQ(on_mount(run("./program")), 1);
	CHECK_EQ(on_mount(open("program", O_WRONLY)), -EROFS);
	CHECK_EQ(on_mount(open("new", O_WRONLY | O_CREAT, 0644)), -EROFS);
	CHECK_EQ(on_mount(truncate("program", 0)), -EROFS);
	CHECK_EQ(on_mount(mkdir("new", 0755)), -EROFS);
	CHECK_EQ(on_mount(mknod("new", S_IFIFO | 0600, 0)), -EROFS);
	CHECK_EQ(on_mount(symlink("x", "new")), -EROFS);
	CHECK_EQ(on_mount(link("program", "new")), -EROFS);
	CHECK_EQ(on_mount(unlink("program")), -EROFS);
	CHECK_EQ(on_mount(rename("program", "new")), -EROFS);
	CHECK_EQ(on_mount(chmod("program", 0)), -EROFS);
	CHECK_EQ(on_mount(chown("program", 1, 1)), -EROFS);
	CHECK_EQ(on_mount(utimensat(AT_FDCWD, "program", NULL, 0)), -EROFS);
	CHECK_EQ(on_mount(setxattr("program", "user.x", "y", 1, 0)), -EROFS);
	CHECK_EQ(on_mount(access("program", W_OK)), -EROFS);
	zct_leave(NULL);
	zct_stop();
}

static void several_at_once(void **state)
{
	(void)state;
	start_with_program("ro,nosuid,nodev,noexec");
	CHECK_EQ(flags(), ST_RDONLY | ST_NOSUID | ST_NODEV | ST_NOEXEC);
	zct_leave(NULL);
	zct_stop();
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_asked_is_as_in_the_backing_directory),
		cmocka_unit_test(nosuid),
		cmocka_unit_test(noexec),
		cmocka_unit_test(nodev),
		cmocka_unit_test(read_only),
		cmocka_unit_test(several_at_once),
	};

	if (argc > 1 && !strcmp(argv[1], "--who"))
		return geteuid() == 0 ? 1 : 2;
	return zct_run(NULL, tests, sizeof(tests) / sizeof(tests[0]));
}
