/* SPDX-License-Identifier: MIT */
/*
 * An unprivileged write, truncation or allocation clears setuid and setgid; root's keeps them.
 * Must not know: which of kernel and daemon clears (FUSE_HANDLE_KILLPRIV_V2 or not).
 */
#include "zct.h"

#include <linux/capability.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/xattr.h>

static int with_fd(int (*change)(int fd), int flags)
{
	int fd = (int)MUST(open("s", flags | O_CLOEXEC)), err = change(fd);

	close(fd);
	return err;
}

static int do_write(int fd)
{
	return write(fd, "w", 1) == 1 ? 0 : -1;
}

static int do_ftruncate(int fd)
{
	return ftruncate(fd, 100);
}

static int do_fallocate(int fd)
{
	return fallocate(fd, 0, 0, 5000);
}

static int do_punch(int fd)
{
	return fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 2);
}

static int do_copy(int fd)
{
	int in = (int)MUST(open("source", O_RDONLY | O_CLOEXEC));
	ssize_t n = copy_file_range(in, NULL, fd, NULL, 3, 0);

	close(in);
	return n == 3 ? 0 : -1;
}

static int do_mmap(int fd)
{
	char *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (p == MAP_FAILED)
		return -1;
	p[0] = 'm';
	return munmap(p, 4096);
}

static int do_nothing(int fd)
{
	return fd < 0;
}

static const struct {
	const char *name;
	int (*change)(int fd);
	int flags;
} ways[] = {
	{ "write", do_write, O_WRONLY },
	{ "append", do_write, O_WRONLY | O_APPEND },
	{ "ftruncate", do_ftruncate, O_WRONLY },
	{ "fallocate", do_fallocate, O_RDWR },
	{ "punch", do_punch, O_RDWR },
	{ "copy_file_range", do_copy, O_WRONLY },
	{ "O_TRUNC", do_nothing, O_WRONLY | O_TRUNC },
	{ "mmap", do_mmap, O_RDWR },
	{ "nothing", do_nothing, O_RDWR },
};

static const mode_t modes[] = { 06777, 04777, 02777, 02767, 06767, 04666, 02666 };

static void every_way(uid_t uid)
{
	for (size_t w = 0; w < sizeof(ways) / sizeof(ways[0]); w++)
		for (size_t m = 0; m < sizeof(modes) / sizeof(modes[0]); m++) {
			print_message("%s on %o by %u\n", ways[w].name, modes[m], uid);
			WORKS(zct_put("s", "text", modes[m]));
			AS_USER (uid)
				WORKS(with_fd(ways[w].change, ways[w].flags));
			WORKS(zct_stat("s"));
			WORKS(unlink("s"));
		}
}

static void by_a_user(void **state)
{
	(void)state;
	WORKS(zct_put("source", "source", 0644));
	every_way(ALICE);
}

static void by_root(void **state)
{
	(void)state;
	every_way(0);
}

/* What counts is CAP_FSETID, not the number 0. */
static void drop_fsetid(void)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];

	MUST(syscall(SYS_capget, &head, data));
	data[0].effective &= ~(1u << CAP_FSETID);
	MUST(syscall(SYS_capset, &head, data));
}

static void by_root_without_the_capability(void **state)
{
	(void)state;
	const struct zct_who root = { 0, 0, 022, 0, { 0 } };

	for (size_t w = 0; w < sizeof(ways) / sizeof(ways[0]); w++) {
		/* FUSE has no place in these requests to say what the caller may not. */
		if (ways[w].change == do_fallocate || ways[w].change == do_punch ||
		    ways[w].change == do_copy)
			continue;
		print_message("%s\n", ways[w].name);
		WORKS(zct_put("s", "text", 06777));
		AS (&root) {
			drop_fsetid();
			WORKS(with_fd(ways[w].change, ways[w].flags));
		}
		WORKS(zct_stat("s"));
		WORKS(unlink("s"));
	}
}

static void truncate_by_name(void **state)
{
	(void)state;
	for (size_t m = 0; m < sizeof(modes) / sizeof(modes[0]); m++) {
		WORKS(zct_put("t", "text", modes[m]));
		AS_USER (ALICE)
			WORKS(truncate("t", 2));
		WORKS(zct_stat("t"));
		WORKS(chmod("t", modes[m]));
		WORKS(truncate("t", 1));
		WORKS(zct_stat("t"));
		WORKS(unlink("t"));
	}
}

static void a_second_write_of_an_open_file(void **state)
{
	(void)state;
	int fd[2];

	WORKS(zct_put("o", "text", 0777));
	zct_open_pair(fd, "o", O_WRONLY, 0);
	AS_USER (ALICE) {
		GIVES(0, do_write(fd[zct.side]));
		WORKS(zct_stat("o"));
	}
	WORKS(chmod("o", 06777));
	AS_USER (ALICE)
		GIVES(0, do_write(fd[zct.side]));
	WORKS(zct_stat("o"));
	zct_close_pair(fd);
}

static void a_user_writes_while_root_has_it_open(void **state)
{
	(void)state;
	int roots[2];
	/* Setgid without execution by the group stays where the opener was a member: root is. */
	const bool shared = !strcmp(zct.plane, "passthrough");

	for (size_t m = 0; m < sizeof(modes) / sizeof(modes[0]); m++) {
		if (shared && (modes[m] & S_ISGID) && !(modes[m] & S_IXGRP))
			continue;
		WORKS(zct_put("s", "text", 0777));
		zct_open_pair(roots, "s", O_RDWR, 0);
		GIVES(0, do_write(roots[zct.side]));
		WORKS(chmod("s", modes[m]));
		AS_USER (ALICE)
			WORKS(with_fd(do_write, O_WRONLY));
		WORKS(zct_stat("s"));
		WORKS(chmod("s", modes[m]));
		/* The kernel writes a passthrough file with one set of credentials, whoever writes:
		 * bits that come while it is open go with root's write too. */
		if (!shared) {
			GIVES(0, do_write(roots[zct.side]));
			WORKS(zct_stat("s"));
		}
		zct_close_pair(roots);
		WORKS(unlink("s"));
	}
}

static void root_writes_while_a_user_has_it_open(void **state)
{
	(void)state;
	int users[2];

	for (size_t m = 0; m < sizeof(modes) / sizeof(modes[0]); m++) {
		WORKS(zct_put("s", "text", 0777));
		AS_USER (ALICE) {
			zct_open_pair(users, "s", O_RDWR, 0);
			GIVES(0, do_write(users[zct.side]));
			zct_close_pair(users);
		}
		WORKS(chmod("s", modes[m]));
		WORKS(with_fd(do_write, O_WRONLY));
		WORKS(zct_stat("s"));
		WORKS(unlink("s"));
	}
}

static void file_capabilities_go_with_any_write(void **state)
{
	(void)state;
	static const unsigned char cap[20] = { 0, 0, 0, 2, 1 };
	int fd[2];

	WORKS(zct_put("c", "text", 0777));
	zct_open_pair(fd, "c", O_WRONLY, 0);
	WORKS(setxattr("c", "security.capability", cap, sizeof(cap), 0));
	GIVES(20, getxattr("c", "security.capability", NULL, 0));
	GIVES(0, do_write(fd[zct.side]));
	FAILS(ENODATA, getxattr("c", "security.capability", NULL, 0));
	WORKS(setxattr("c", "security.capability", cap, sizeof(cap), 0));
	WORKS(truncate("c", 1));
	FAILS(ENODATA, getxattr("c", "security.capability", NULL, 0));
	WORKS(setxattr("c", "security.capability", cap, sizeof(cap), 0));
	WORKS(chown("c", ALICE, ALICE));
	FAILS(ENODATA, getxattr("c", "security.capability", NULL, 0));
	zct_close_pair(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_a_user),
		cmocka_unit_test(by_root),
		cmocka_unit_test(by_root_without_the_capability),
		cmocka_unit_test(truncate_by_name),
		cmocka_unit_test(a_second_write_of_an_open_file),
		cmocka_unit_test(a_user_writes_while_root_has_it_open),
		cmocka_unit_test(root_writes_while_a_user_has_it_open),
		cmocka_unit_test(file_capabilities_go_with_any_write),
	};

	return ZCT_RUN("", tests);
}
