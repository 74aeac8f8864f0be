// SPDX-License-Identifier: MIT
// --article with calls that fail, do less than asked for or are wrong, and with a file that changes:
// the exit code, what is left behind, one line. Knows which calls copy, but not how they are made.
#include "unit.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "article.h"

#define SIZE 300000

enum call { NO_CALL, READ, WRITE, SENDFILE, CLOSE, MALLOC };

/* What happens in the child at the nth of these calls: an errno, a length or a deed. */
static struct {
	enum call call;
	int nth, err;
	void (*deed)(void);
	size_t most; /* bytes that read, write and sendfile move at once; 0: all */
	bool interrupts, flips, forgets;
} plan;
static int source; /* of the test itself, to change it */
static pid_t tester;

/* True: this call is to fail, errno is set. */
static bool fails(enum call call)
{
	static int calls[MALLOC + 1];

	if (getpid() == tester)
		return false;
	calls[call]++;
	if (plan.interrupts && call != CLOSE && call != MALLOC && calls[call] % 2) {
		errno = EINTR;
		return true;
	}
	if (plan.call != call || plan.nth != calls[call])
		return false;
	if (plan.deed)
		plan.deed();
	errno = plan.err;
	return plan.err != 0;
}

static size_t cut(size_t size)
{
	return plan.most && size > plan.most ? plan.most : size;
}

ssize_t __real_read(int fd, void *buffer, size_t size);
ssize_t __wrap_read(int fd, void *buffer, size_t size);
ssize_t __wrap_read(int fd, void *buffer, size_t size)
{
	return fails(READ) ? -1 : __real_read(fd, buffer, cut(size));
}

ssize_t __real_write(int fd, const void *buffer, size_t size);
ssize_t __wrap_write(int fd, const void *buffer, size_t size);
ssize_t __wrap_write(int fd, const void *buffer, size_t size)
{
	if (fails(WRITE))
		return -1;
	if (plan.flips)
		((char *)buffer)[12345] ^= 1;
	return __real_write(fd, buffer, cut(size));
}

ssize_t __real_sendfile64(int to, int from, off64_t *offset, size_t size);
ssize_t __wrap_sendfile64(int to, int from, off64_t *offset, size_t size);
ssize_t __wrap_sendfile64(int to, int from, off64_t *offset, size_t size)
{
	if (fails(SENDFILE))
		return -1;
	if (plan.forgets)
		return (ssize_t)size;
	return __real_sendfile64(to, from, offset, cut(size));
}

int __real_close(int fd);
int __wrap_close(int fd);
int __wrap_close(int fd)
{
	bool failed = fails(CLOSE);
	int err = errno;

	__real_close(fd);
	errno = err;
	return failed ? -1 : 0;
}

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_malloc(size_t size)
{
	return size == SIZE && fails(MALLOC) ? NULL : __real_malloc(size);
}

/* ---- what may happen meanwhile --------------------------------------------------------------- */

static void grow(void)
{
	MUST(pwrite(source, "x", 1, SIZE));
}

static void shrink(void)
{
	MUST(ftruncate(source, SIZE / 2));
}

static void touch(void)
{
	MUST(futimens(source, NULL));
}

static void change_mode(void)
{
	MUST(fchmod(source, 0600));
}

static void interrupt_parent(void)
{
	kill(getppid(), SIGTERM);
	pause();
}

static bool is_stopped(pid_t pid)
{
	char path[64], line[256] = "";
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	file = fopen(path, "re");
	if (file && !fgets(line, sizeof(line), file))
		line[0] = '\0';
	if (file)
		fclose(file);
	return strstr(line, ") T ");
}

/* As with Ctrl-Z: the child stands still, and the parent has to hear all the same. */
static void stop_and_interrupt_parent(void)
{
	pid_t copier = getpid(), helper = fork();

	if (helper == 0) {
		while (!is_stopped(copier))
			usleep(1000);
		kill(tester, SIGTERM);
		_exit(0);
	}
	raise(SIGSTOP);
}

static void be_interrupted(void)
{
	raise(SIGINT);
}

static void be_killed(void)
{
	raise(SIGKILL);
}

/* ---- the test -------------------------------------------------------------------------------- */

static const struct {
	enum call call;
	int nth, err;
	void (*deed)(void);
	enum zc_exit code;
	const char *object; /* the end of its path */
} rows[] = {
	{ NO_CALL, 0, 0, NULL, ZC_EXIT_FINE, "" },
	{ READ, 1, EIO, NULL, ZC_EXIT_OTHER, "/in" },
	{ READ, 1, ENOTCONN, NULL, ZC_EXIT_GONE, "/in" },
	{ WRITE, 1, ENOSPC, NULL, ZC_EXIT_NO_SPACE, "/out" },
	{ WRITE, 1, EDQUOT, NULL, ZC_EXIT_NO_SPACE, "/out" },
	{ WRITE, 1, EFBIG, NULL, ZC_EXIT_NO_SPACE, "/out" },
	{ WRITE, 1, ECONNABORTED, NULL, ZC_EXIT_GONE, "/in" },
	{ SENDFILE, 1, ENOSPC, NULL, ZC_EXIT_NO_SPACE, "/out1" },
	{ SENDFILE, 1, EIO, NULL, ZC_EXIT_OTHER, "/in" },
	{ SENDFILE, 1, ENODEV, NULL, ZC_EXIT_GONE, "/in" },
	{ CLOSE, 1, ENOSPC, NULL, ZC_EXIT_NO_SPACE, "/out" },
	{ CLOSE, 2, EDQUOT, NULL, ZC_EXIT_NO_SPACE, "/out1" },
	{ MALLOC, 1, ENOMEM, NULL, ZC_EXIT_OTHER, "/in" },
	{ READ, 1, 0, grow, ZC_EXIT_CHANGED, "/in" },
	{ READ, 1, 0, shrink, ZC_EXIT_CHANGED, "/in" },
	{ SENDFILE, 1, 0, shrink, ZC_EXIT_CHANGED, "/in" },
	{ SENDFILE, 1, 0, grow, ZC_EXIT_CHANGED, "/in" },
	{ SENDFILE, 1, 0, touch, ZC_EXIT_CHANGED, "/in" },
	{ CLOSE, 3, 0, touch, ZC_EXIT_CHANGED, "/in" }, /* compared already */
	{ SENDFILE, 1, 0, change_mode, ZC_EXIT_CHANGED, "/in" },
	{ SENDFILE, 1, 0, interrupt_parent, ZC_EXIT_INTERRUPTED, "/in" },
	{ READ, 1, 0, stop_and_interrupt_parent, ZC_EXIT_INTERRUPTED, "/in" },
	{ READ, 1, 0, be_interrupted, ZC_EXIT_INTERRUPTED, "/in" },
	{ WRITE, 1, 0, be_killed, ZC_EXIT_OTHER, "/in" },
};

static void make_source(const struct unit_tree *tree)
{
	static char bytes[SIZE];
	uint32_t seed = 1;

	for (size_t i = 0; i < SIZE; i++)
		bytes[i] = (char)unit_random(&seed);
	source = (int)MUST(openat(tree->fd, "in", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
	MUST(fchmod(source, 06754));
	assert_int_equal(pwrite(source, bytes, SIZE, 0), SIZE);
}

static unsigned files_in(const struct unit_tree *tree)
{
	DIR *dir = opendir(tree->path);
	unsigned count = 0;

	assert_non_null(dir);
	while (readdir(dir))
		count++;
	closedir(dir);
	return count - 2;
}

static bool is_blocked(int number)
{
	sigset_t set;

	sigprocmask(SIG_BLOCK, NULL, &set);
	return sigismember(&set, number);
}

/* One run with what is planned: everything but the code is checked here. */
static enum zc_exit run(const struct unit_tree *tree, struct zc_failure *failure,
			const char **ret_text)
{
	unsigned fds = unit_fds();
	enum zc_exit code;
	bool kept;

	unit_catch_begin(STDOUT_FILENO);
	code = zc_article(unit_path(tree, "in"), stdout, failure);
	*ret_text = unit_catch_end();
	kept = code == ZC_EXIT_FINE || code == ZC_EXIT_DIFFERS;
	assert_int_equal(failure->code, code);
	assert_int_equal(files_in(tree), kept ? 3 : 1);
	assert_int_equal(unit_fds(), fds);
	assert_false(is_blocked(SIGTERM) || is_blocked(SIGCHLD));
	if (!kept)
		assert_string_equal(*ret_text, "");
	return code;
}

static void remove_copies(const struct unit_tree *tree)
{
	unlinkat(tree->fd, "out", 0);
	unlinkat(tree->fd, "out1", 0);
	close(source);
	memset(&plan, 0, sizeof(plan));
}

static bool ends_in(const char *text, const char *end)
{
	size_t size = strlen(text);

	return size >= strlen(end) && strcmp(text + size - strlen(end), end) == 0;
}

static void every_row(void **state)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct zc_failure failure = { 0 };
		enum zc_exit code;
		const char *text;

		make_source(*state);
		plan.call = rows[i].call;
		plan.nth = rows[i].nth;
		plan.err = rows[i].err;
		plan.deed = rows[i].deed;
		code = run(*state, &failure, &text);
		if (code != rows[i].code || !ends_in(failure.object, rows[i].object))
			fail_msg("row %zu: %d: %s: %s", i, code, failure.object, failure.what);
		remove_copies(*state);
	}
}

static int64_t size_of(const struct unit_tree *tree, const char *name)
{
	struct stat st;

	MUST(fstatat(tree->fd, name, &st, AT_SYMLINK_NOFOLLOW));
	assert_int_equal(st.st_mode, S_IFREG | 0754);
	return st.st_size;
}

static void little_by_little(void **state)
{
	struct zc_failure failure = { 0 };
	const char *text;

	make_source(*state);
	plan.most = 4097;
	plan.interrupts = true;
	assert_int_equal(run(*state, &failure, &text), ZC_EXIT_FINE);
	assert_int_equal(size_of(*state, "out"), SIZE);
	assert_int_equal(size_of(*state, "out1"), SIZE);
	assert_non_null(strstr(text, "/out: the same, byte by byte\n"));
	assert_non_null(strstr(text, "/out1: the same, byte by byte\n"));
	remove_copies(*state);
}

static void wrong_byte(void **state)
{
	struct zc_failure failure = { 0 };
	const char *text;

	make_source(*state);
	plan.flips = true;
	assert_int_equal(run(*state, &failure, &text), ZC_EXIT_DIFFERS);
	assert_true(ends_in(failure.object, "/out"));
	assert_non_null(strstr(failure.what, "from byte 12345 on"));
	assert_non_null(strstr(text, "/out: differs from byte 12345 on, 300000 bytes\n"));
	assert_null(strstr(text, "/out1: "));
	remove_copies(*state);
}

static void missing_bytes(void **state)
{
	struct zc_failure failure = { 0 };
	const char *text;

	make_source(*state);
	plan.forgets = true;
	assert_int_equal(run(*state, &failure, &text), ZC_EXIT_DIFFERS);
	assert_true(ends_in(failure.object, "/out1"));
	assert_non_null(strstr(text, "/out: the same"));
	assert_non_null(strstr(text, "/out1: differs from byte 0 on, 0 bytes\n"));
	remove_copies(*state);
}

/* Somebody puts a file of his own where `out` was: it is not ours to remove. */
static int dir_of_test;

static void replace_copy(void)
{
	MUST(renameat(dir_of_test, "mine", dir_of_test, "out"));
}

static void foreign_file_stays(void **state)
{
	const struct unit_tree *tree = *state;
	struct zc_failure failure = { 0 };

	make_source(tree);
	unit_file(tree->fd, "mine", "mine");
	dir_of_test = tree->fd;
	plan.call = SENDFILE;
	plan.nth = 1;
	plan.err = EIO;
	plan.deed = replace_copy;
	assert_int_equal(zc_article(unit_path(tree, "in"), stdout, &failure), ZC_EXIT_OTHER);
	assert_int_equal(unit_ino_at(tree->fd, "out") > 0, 1);
	assert_int_equal(files_in(tree), 2);
	remove_copies(tree);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, unit_tree_make, unit_tree_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_row),     TEST(little_by_little),   TEST(wrong_byte),
		TEST(missing_bytes), TEST(foreign_file_stays),
	};

	tester = getpid();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
