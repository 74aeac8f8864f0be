/* SPDX-License-Identifier: MIT */
/*
 * The life of a test program: mount, tests, tree comparison after each, unmount, exit code.
 * Must not know: how the mount is made and undone (keeper.c), how trees are compared (tree.c).
 */
#include "zct.h"

#include <sys/utsname.h>

struct zct zct;

static struct zct_keeper keeper;
static bool in_child_process(void);
static pid_t main_pid;
static int skipped, mismatched_ends;

enum { PATIENCE_S = 240 };

static bool in_child_process(void)
{
	return main_pid && getpid() != main_pid;
}

void zct_fail(const char *file, int line, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	dprintf(2, "%s:%d: ", file, line);
	vdprintf(2, fmt, ap);
	dprintf(2, "\n");
	va_end(ap);
	if (!in_child_process())
		_fail(file, line);
	_exit(1);
}

void zct_note_skip(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	dprintf(1, "skipped: ");
	vdprintf(1, fmt, ap);
	dprintf(1, "\n");
	va_end(ap);
	skipped++;
}

long zct_must(long value, const char *text, const char *file, int line)
{
	if (value < 0)
		zct_fail(file, line, "%s: %s", text, strerror(errno));
	return value;
}

void zct_check_eq(long a, long b, const char *text, const char *file, int line)
{
	if (a != b)
		zct_fail(file, line, "%s: %ld (%s) is not %ld (%s)", text, a,
			 a < 0 ? strerrorname_np((int)-a) : "", b,
			 b < 0 ? strerrorname_np((int)-b) : "");
}

/* Before 6.9 there is no passthrough to ask for; later, not serving it is a failure. */
static bool kernel_has(const char *plane)
{
	struct utsname u;
	int major = 0, minor = 0;

	uname(&u);
	sscanf(u.release, "%d.%d", &major, &minor);
	return strcmp(plane, "passthrough") != 0 || major > 6 || (major == 6 && minor >= 9);
}

static void check_plane(void)
{
	const char *asked = getenv("ZC_PLANE");

	if (!asked || !strcmp(asked, "auto") || !strcmp(asked, zct.plane))
		return;
	zct_stop();
	if (!kernel_has(asked)) {
		printf("skipped: this kernel has no %s\n", asked);
		exit(77);
	}
	dprintf(2, "plane %s was asked for, %s is served\n", asked, zct.plane);
	exit(1);
}

void zct_start(const char *options)
{
	static const char *const names[] = { "mnt", "twin", "backing" };
	struct zct_ready ready;

	memset(&zct, 0, sizeof(zct));
	zct.standin = getenv("ZC_STANDIN") != NULL;
	if (zct_keeper_start(options, &keeper, &ready) < 0)
		exit(1);
	memcpy(zct.top, ready.top, sizeof(zct.top));
	memcpy(zct.plane, ready.plane, sizeof(zct.plane));
	zct.daemon = ready.daemon;
	snprintf(zct.stats, sizeof(zct.stats), "%s/stats", zct.top);
	for (int side = 0; side < ZCT_SIDES; side++) {
		snprintf(zct.dir[side], sizeof(zct.dir[side]), "%s/%s", zct.top, names[side]);
		zct.fd[side] = open(zct.dir[side], O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (zct.fd[side] < 0) {
			dprintf(2, "%s: %m\n", zct.dir[side]);
			zct_stop();
			exit(1);
		}
	}
	check_plane();
}

void zct_stop(void)
{
	if (!keeper.pid)
		return;
	if (chdir("/") < 0)
		abort();
	for (int side = 0; side < ZCT_SIDES; side++)
		close(zct.fd[side]);
	if (zct_keeper_stop(&keeper) < 0)
		mismatched_ends++;
}

void zct_need_root(void)
{
	if (geteuid() == 0)
		return;
	printf("skipped: needs root\n");
	exit(77);
}

static int compare_trees(void **state)
{
	int differences;

	(void)state;
	if (zct.trees_differ_on_purpose || !keeper.pid)
		return 0;
	differences = zct_tree_diff(MNT, BACK, true) + zct_tree_diff(TWIN, BACK, false);
	if (differences)
		dprintf(2, "%d differences between the trees\n", differences);
	return differences ? -1 : 0;
}

static int run_group(const struct CMUnitTest *tests, size_t count)
{
	struct CMUnitTest *all = calloc(count, sizeof(*all));
	int failed;

	if (!all)
		return 1;
	memcpy(all, tests, count * sizeof(*all));
	for (size_t i = 0; i < count; i++)
		all[i].teardown_func = compare_trees;
	failed = _cmocka_run_group_tests(program_invocation_short_name, all, count, NULL, NULL);
	free(all);
	return failed;
}

int zct_run(const char *options, const struct CMUnitTest *tests, size_t count)
{
	int failed;

	zct_need_root();
	main_pid = getpid();
	umask(022);
	alarm(PATIENCE_S);
	if (options)
		zct_start(options);
	failed = run_group(tests, count);
	zct_stop();
	if (failed || mismatched_ends)
		return 1;
	return skipped ? 77 : 0;
}
