// SPDX-License-Identifier: MIT
// What unit tests share (unit.h).
// Must not know any single test.
#include "unit.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "zcfs/sys.h"

#define NOBODY 65534

long unit_must(long res, const char *call, const char *file, int line)
{
	if (res < 0) {
		print_error("%s: %ld (errno: %s)\n", call, res, strerror(errno));
		_fail(file, line);
	}
	return res;
}

/* ---- trees ----------------------------------------------------------------------------------- */

int unit_tree_make(void **state)
{
	const char *tmp = getenv("TMPDIR");
	struct unit_tree *tree = calloc(1, sizeof(*tree));

	if (!tree)
		return -1;
	snprintf(tree->path, sizeof(tree->path), "%s/zc-unit.XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(tree->path)) {
		free(tree);
		return -1;
	}
	tree->fd = open(tree->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	*state = tree;
	return tree->fd < 0 ? -1 : 0;
}

static bool is_dot(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* Moves what the directory `name` holds one level up. */
static int lift(int fd, const char *name)
{
	static unsigned long number;
	int below = openat(fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = below < 0 ? NULL : fdopendir(below);
	int err = dir ? 0 : -1;
	struct dirent *d;

	while (!err && (d = readdir(dir))) {
		char up[32];

		snprintf(up, sizeof(up), ".up%lu", number++);
		if (!is_dot(d->d_name))
			err = renameat(below, d->d_name, fd, up);
	}
	if (dir)
		closedir(dir);
	return err;
}

/* Without recursion, so that no tree is too deep. Closes `fd`. */
static int empty_dir(int fd)
{
	DIR *dir = fdopendir(fd);
	int err = dir ? 0 : -1;
	struct dirent *d;

	while (!err && (d = readdir(dir))) {
		if (is_dot(d->d_name) || unlinkat(fd, d->d_name, 0) == 0 ||
		    unlinkat(fd, d->d_name, AT_REMOVEDIR) == 0)
			continue;
		err = lift(fd, d->d_name);
		if (!err)
			err = unlinkat(fd, d->d_name, AT_REMOVEDIR);
		rewinddir(dir);
	}
	if (dir)
		closedir(dir);
	return err;
}

int unit_tree_remove(void **state)
{
	struct unit_tree *tree = *state;
	int fd = open(tree->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int err = fd < 0 ? -1 : empty_dir(fd);

	close(tree->fd);
	if (rmdir(tree->path) < 0)
		err = -1;
	free(tree);
	return err;
}

static void (*check_with)(const struct unit_tree *tree, bool use_handles);

static void with_handles(void **state)
{
	check_with(*state, true);
}

static void without_handles(void **state)
{
	check_with(*state, false);
}

int unit_with_and_without_handles(void (*check)(const struct unit_tree *tree, bool use_handles))
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(with_handles, unit_tree_make, unit_tree_remove),
		cmocka_unit_test_setup_teardown(without_handles, unit_tree_make, unit_tree_remove),
	};

	check_with = check;
	return cmocka_run_group_tests(tests, NULL, NULL);
}

void unit_file(int dirfd, const char *name, const char *text)
{
	size_t size = strlen(text);
	int fd = (int)MUST(openat(dirfd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));

	assert_int_equal(write(fd, text, size), size);
	close(fd);
}

void unit_dir(int dirfd, const char *name)
{
	MUST(mkdirat(dirfd, name, 0755));
}

const char *unit_path(const struct unit_tree *tree, const char *name)
{
	static char paths[4][1024];
	static unsigned next;
	char *path = paths[next++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s", tree->path, name);
	return path;
}

/* ---- mounts ---------------------------------------------------------------------------------- */

bool unit_private_tmpfs(const char *path, unsigned long flags)
{
	static bool have_namespace;

	if (!have_namespace &&
	    (unshare(CLONE_NEWNS) < 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0))
		return false;
	have_namespace = true;
	return mount("unit", path, "tmpfs", flags, "size=64k") == 0;
}

/* ---- processes ------------------------------------------------------------------------------- */

void unit_in_child(void (*test)(void **state), void *state)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test_prestate(test, state) };
	pid_t pid = (pid_t)MUST(fork());
	int status;

	if (pid == 0)
		_exit(cmocka_run_group_tests(tests, NULL, NULL));
	MUST(waitpid(pid, &status, 0));
	if (WIFSIGNALED(status))
		fail_msg("killed by signal %d", WTERMSIG(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static struct {
	void (*test)(void **state);
	void *state;
} as_user;

static void become_user(void **state)
{
	(void)state;
	if (geteuid() == 0) {
		MUST(setgroups(0, NULL));
		MUST(setgid(NOBODY));
		MUST(setuid(NOBODY));
	}
	as_user.test(&as_user.state);
}

void unit_as_ordinary_user(void (*test)(void **state), void *state)
{
	as_user.test = test;
	as_user.state = state;
	unit_in_child(become_user, NULL);
}

/* ---- fds ------------------------------------------------------------------------------------- */

unsigned unit_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	unsigned count = 0;

	assert_non_null(dir);
	while (readdir(dir))
		count++;
	closedir(dir);
	return count - 3; /* ".", ".." and the listing's own */
}

int unit_any_fd(void)
{
	return (int)MUST(open("/dev/null", O_RDONLY | O_CLOEXEC));
}

bool unit_is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

/* ---- output ---------------------------------------------------------------------------------- */

static struct {
	int fd, real, memory;
	char text[65536];
} caught;

void unit_catch_begin(int fd)
{
	fflush(NULL);
	caught.fd = fd;
	caught.real = (int)MUST(fcntl(fd, F_DUPFD_CLOEXEC, 10));
	caught.memory = (int)MUST(memfd_create("caught", MFD_CLOEXEC));
	MUST(dup2(caught.memory, fd));
}

const char *unit_catch_end(void)
{
	ssize_t got;

	fflush(NULL);
	got = pread(caught.memory, caught.text, sizeof(caught.text) - 1, 0);
	dup2(caught.real, caught.fd);
	close(caught.real);
	close(caught.memory);
	caught.text[MUST(got)] = '\0';
	return caught.text;
}

unsigned unit_lines(const char *text)
{
	unsigned lines = 0;

	for (; *text; text++)
		lines += *text == '\n';
	return lines;
}

/* ---- made up --------------------------------------------------------------------------------- */

struct zc_identification unit_id(uint64_t n)
{
	struct zc_identification id = {
		.handle = { .type = 1, .len = sizeof(n) },
		.type = S_IFREG >> 12,
		.dev = 7,
		.ino = n,
	};

	memcpy(id.handle.bytes, &n, sizeof(n));
	return id;
}

uint32_t unit_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

/* ---- the inode room -------------------------------------------------------------------------- */

void unit_assert_noted(struct zc_names *names, uint64_t nodeid, uint64_t parent, const char *name)
{
	char found[256];
	uint64_t found_parent;

	assert_int_equal(zc_names_get(names, nodeid, &found_parent, found), 0);
	assert_int_equal(found_parent, parent);
	assert_string_equal(found, name);
}

void unit_inodes_open(struct zc_inodes *inodes, const struct unit_tree *tree, uint32_t fds,
		      bool use_handles)
{
	int root = (int)MUST(open(tree->path, O_PATH | O_DIRECTORY | O_CLOEXEC));

	assert_int_equal(zc_inodes_init(inodes, root, fds, fds, use_handles), 0);
}

uint64_t unit_lookup(struct zc_inodes *inodes, uint64_t parent, const char *name)
{
	uint64_t nodeid = 0;
	struct zc_fd dir, file;
	struct statx stx;
	int fd;

	assert_int_equal(zc_inode_path_fd(inodes, parent, &dir), 0);
	fd = zc_sys_openat(dir.fd, name, O_PATH | O_NOFOLLOW, 0);
	if (fd >= 0) {
		assert_int_equal(
		    zc_inode_adopt(inodes, fd, ZC_FD_PATH, parent, name, &nodeid, &stx, &file), 0);
		zc_inode_put_fd(inodes, &file);
	}
	zc_inode_put_fd(inodes, &dir);
	return nodeid;
}

uint64_t unit_before_unlink(struct zc_inodes *inodes, int dirfd, const char *name)
{
	uint64_t nodeid;

	assert_int_equal(zc_inode_before_unlink(inodes, dirfd, name, &nodeid), 0);
	return nodeid;
}

int64_t unit_ino(struct zc_inodes *inodes, uint64_t nodeid)
{
	struct zc_fd fd;
	struct stat st;
	int err = zc_inode_path_fd(inodes, nodeid, &fd);

	if (err)
		return err;
	MUST(fstat(fd.fd, &st));
	zc_inode_put_fd(inodes, &fd);
	return (int64_t)st.st_ino;
}

int64_t unit_ino_at(int dirfd, const char *name)
{
	struct stat st;

	MUST(fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW));
	return (int64_t)st.st_ino;
}
