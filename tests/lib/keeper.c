/* SPDX-License-Identifier: MIT */
/*
 * The keeper: a process of its own that starts the daemon on fresh directories and, whatever way the
 * test program ends, unmounts and removes everything. Must not know: what the tests do.
 */
#include "zct.h"

#include <poll.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

void (*zct_before_start)(const char *top);
unsigned int zct_daemon_nofile;

enum { WAIT_MS = 20000, STEP_MS = 5 };

static void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static void say(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vdprintf(2, fmt, ap);
	va_end(ap);
	dprintf(2, "\n");
}

static void nap(void)
{
	nanosleep(&(struct timespec){ 0, STEP_MS * 1000000L }, NULL);
}

static char *slurp(const char *path)
{
	size_t len = 0, room = 65536;
	char *text = calloc(1, room + 1);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	while (text && fd >= 0 && len < room && (n = read(fd, text + len, room - len)) > 0)
		len += (size_t)n;
	if (fd >= 0)
		close(fd);
	return text;
}

static int make_dirs(struct zct_ready *ready)
{
	static const char *const names[] = { "backing", "twin", "mnt" };
	const char *tmp = getenv("TMPDIR");
	char path[300];

	snprintf(ready->top, sizeof(ready->top), "%s/zcfs-fs.XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(ready->top))
		return -errno;
	chmod(ready->top, 0755);
	for (size_t i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s/%s", ready->top, names[i]);
		if (mkdir(path, 0755) < 0 || chmod(path, 0755) < 0)
			return -errno;
	}
	return 0;
}

static void exec_daemon(const char *top, const char *options, pid_t keeper)
{
	const char *plane = getenv("ZC_PLANE"), *zcfs = getenv("ZCFS");
	const char *more = getenv("ZC_OPTIONS"); /* as transport=uring */
	char opts[1024], backing[300], mnt[300], log[300];

	snprintf(opts, sizeof(opts), "plane=%s,stats=%s/stats%s%s%s%s", plane ? plane : "auto", top,
		 more ? "," : "", more ? more : "", *options ? "," : "", options);
	snprintf(backing, sizeof(backing), "%s/backing", top);
	snprintf(mnt, sizeof(mnt), "%s/mnt", top);
	snprintf(log, sizeof(log), "%s/log", top);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != keeper)
		_exit(1);
	if (zct_daemon_nofile)
		setrlimit(RLIMIT_NOFILE, &(struct rlimit){ zct_daemon_nofile, zct_daemon_nofile });
	dup2(open("/dev/null", O_RDONLY), 0);
	dup2(open(log, O_WRONLY | O_CREAT | O_APPEND, 0644), 1);
	dup2(1, 2);
	if (!zcfs)
		say("ZCFS is not set");
	else
		execl(zcfs, zcfs, "-f", "-o", opts, backing, mnt, NULL);
	say("cannot run %s: %s", zcfs ? zcfs : "(null)", strerror(errno));
	_exit(127);
}

/* The line "zcfs: BACKING on MOUNTPOINT: plane PLANE (why)..." says both ready and plane. */
static bool find_plane(const char *log, struct zct_ready *ready)
{
	char mark[300];
	char *text = slurp(log), *at;

	snprintf(mark, sizeof(mark), " on %s/mnt: plane ", ready->top);
	at = text ? strstr(text, mark) : NULL;
	if (at && strchr(at, '\n'))
		sscanf(at + strlen(mark), "%31[a-z]", ready->plane);
	free(text);
	return ready->plane[0];
}

static bool is_mount_root(const char *path)
{
	struct statx stx;

	/* Asks nothing of a FUSE daemon: the root's dentry is known and attributes are not wanted. */
	if (statx(AT_FDCWD, path, AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT, 0, &stx) < 0)
		return errno == ENOTCONN || errno == ECONNABORTED;
	return stx.stx_attributes & STATX_ATTR_MOUNT_ROOT;
}

static bool wait_ready(struct zct_ready *ready)
{
	char log[300], mnt[300];

	snprintf(log, sizeof(log), "%s/log", ready->top);
	snprintf(mnt, sizeof(mnt), "%s/mnt", ready->top);
	for (int ms = 0; ms < WAIT_MS; ms += STEP_MS) {
		if (find_plane(log, ready) && is_mount_root(mnt))
			return true;
		if (waitpid(ready->daemon, NULL, WNOHANG) == ready->daemon) {
			ready->daemon = 0;
			return false;
		}
		nap();
	}
	return false;
}

static void print_log(const char *top)
{
	char log[300];
	char *text;

	snprintf(log, sizeof(log), "%s/log", top);
	text = slurp(log);
	if (text && *text)
		say("--- the daemon said:\n%s---", text);
	free(text);
}

static bool stop_daemon(pid_t pid)
{
	int status;

	if (!pid)
		return true;
	kill(pid, SIGTERM);
	for (int ms = 0; ms < WAIT_MS; ms += STEP_MS) {
		if (waitpid(pid, &status, WNOHANG) == pid) {
			if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
				return true;
			say("the daemon ended with wait status 0x%x", status);
			return false;
		}
		nap();
	}
	say("the daemon did not end on SIGTERM");
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return false;
}

/* One kernel complaint while the test ran is a failure, whoever caused it. */
static bool kernel_complained(int kmsg)
{
	char line[2048];
	bool bad = false;
	ssize_t n;

	while (kmsg >= 0 && ((n = read(kmsg, line, sizeof(line) - 1)) > 0 || errno == EPIPE)) {
		line[n > 0 ? n : 0] = '\0';
		if (strstr(line, "WARNING: ") || strstr(line, "BUG: ")) {
			say("kernel: %s", line);
			bad = true;
		}
	}
	return bad;
}

static bool tear_down(struct zct_ready *ready, int kmsg)
{
	char mnt[300];
	bool clean;

	snprintf(mnt, sizeof(mnt), "%s/mnt", ready->top);
	clean = stop_daemon(ready->daemon);
	if (is_mount_root(mnt)) {
		say("%s was left mounted", mnt);
		clean = false;
	}
	clean = !kernel_complained(kmsg) && clean;
	if (!clean)
		print_log(ready->top);
	return zct_remove_tree(ready->top) == 0 && clean;
}

static void keep(const char *options, int hold, int report)
{
	struct zct_ready ready = { 0 };
	int kmsg = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	pid_t self = getpid();
	bool clean;
	char c;

	setsid();
	if (kmsg >= 0)
		lseek(kmsg, 0, SEEK_END);
	if (make_dirs(&ready) < 0) {
		say("%s: cannot make directories: %m", ready.top);
		_exit(1);
	}
	if (zct_before_start)
		zct_before_start(ready.top);
	ready.daemon = fork();
	if (ready.daemon == 0)
		exec_daemon(ready.top, options, self);
	if (!wait_ready(&ready)) {
		say("the mount did not come up (ZCFS=%s options=%s)", getenv("ZCFS"), options);
		print_log(ready.top);
	} else if (write(report, &ready, sizeof(ready)) != sizeof(ready)) {
		say("the test program went away early");
	}
	close(report);
	while (read(hold, &c, 1) > 0)
		;
	clean = tear_down(&ready, kmsg);
	_exit(clean ? 0 : 1);
}

int zct_keeper_start(const char *options, struct zct_keeper *ret_k, struct zct_ready *ret_ready)
{
	int hold[2], report[2];
	pid_t pid;

	if (pipe2(hold, O_CLOEXEC) < 0 || pipe2(report, O_CLOEXEC) < 0)
		return -errno;
	fflush(NULL);
	pid = fork();
	if (pid < 0)
		return -errno;
	if (pid == 0) {
		close(hold[1]);
		close(report[0]);
		keep(options, hold[0], report[1]);
	}
	close(hold[0]);
	close(report[1]);
	*ret_k = (struct zct_keeper){ pid, hold[1] };
	if (read(report[0], ret_ready, sizeof(*ret_ready)) != sizeof(*ret_ready)) {
		close(report[0]);
		zct_keeper_stop(ret_k);
		return -EIO;
	}
	close(report[0]);
	return 0;
}

int zct_keeper_stop(struct zct_keeper *k)
{
	int status = -1;

	if (!k->pid)
		return 0;
	close(k->hold);
	waitpid(k->pid, &status, 0);
	k->pid = 0;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}
