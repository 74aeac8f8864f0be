// SPDX-License-Identifier: MIT
// The article's experiment: two copies beside a file, the clocks of both, and whether they are right.
// Must not know mounts, ways and routes.
#include "article.h"

#include "apart.h"
#include "move.h"
#include "verify.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define COPIES 2
#define PIECE  ((size_t)1024 * 1024)

static const struct {
	const char *name, *method;
	int (*move)(struct zc_copy *copy);
} recipes[COPIES] = {
	{ "out", "read+write", zc_move_whole },
	{ "out1", "sendfile", zc_move_sendfile },
};

/* What the child tells: in shared memory. */
struct outcome {
	struct zc_failure failure;
	struct {
		double clock, wall; /* seconds */
		struct zc_difference difference;
	} copy[COPIES];
};

struct article {
	const char *in;
	int source, dir;
	struct stat before; /* of the source */
	struct {
		int fd;
		bool made;
		char path[PATH_MAX];
	} target[COPIES];
	struct outcome *outcome;
};

/* ---- the work of the child ------------------------------------------------------------------- */

static bool same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

static enum zc_exit check_unchanged(const struct article *article, struct zc_failure *failure)
{
	const struct stat *before = &article->before;
	struct stat now;

	if (fstat(article->source, &now) < 0)
		return zc_failure_of(failure, ZC_STEP_READ, article->in, -errno);
	if (now.st_size == before->st_size && same_time(&now.st_mtim, &before->st_mtim) &&
	    same_time(&now.st_ctim, &before->st_ctim))
		return ZC_EXIT_FINE;
	return zc_failure_set(failure, ZC_EXIT_CHANGED, -EAGAIN, article->in,
			      "changed while it was copied",
			      "run it again when nobody writes to it, or on a copy of it");
}

/* Reads the source once, so that the second copy does not profit from the first one's reading. */
static int warm(int source)
{
	char *buffer = malloc(PIECE);
	ssize_t got = buffer ? 1 : -1;
	int err = buffer ? 0 : -ENOMEM;

	for (off_t at = 0; got > 0; at += got) {
		do {
			got = pread(source, buffer, PIECE, at);
		} while (got < 0 && errno == EINTR);
		if (got < 0)
			err = -errno;
	}
	free(buffer);
	return err;
}

static double seconds(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Closes the target: only then some file systems tell that they could not write. */
static int copy_and_close(const struct article *article, int n)
{
	struct zc_copy copy = {
		.from = article->source,
		.to = article->target[n].fd,
		.size = (uint64_t)article->before.st_size,
	};
	double wall = seconds(CLOCK_MONOTONIC);
	clock_t start = clock();
	int err = lseek(article->source, 0, SEEK_SET) < 0 ? -errno : recipes[n].move(&copy);

	article->outcome->copy[n].clock = (double)(clock() - start) / CLOCKS_PER_SEC;
	article->outcome->copy[n].wall = seconds(CLOCK_MONOTONIC) - wall;
	if (close(article->target[n].fd) < 0 && !err)
		err = -errno;
	return err;
}

static enum zc_exit make_copy(const struct article *article, int n, struct zc_failure *failure)
{
	int err = copy_and_close(article, n);
	enum zc_exit changed = check_unchanged(article, failure);

	/* a source that shrank is the cause of what it made fail */
	if (changed)
		return changed;
	if (err == -ENOMEM)
		return zc_failure_of(failure, ZC_STEP_MEMORY, article->in, err);
	if (zc_failure_is_of_target(err))
		return zc_failure_of(failure, ZC_STEP_WRITE, article->target[n].path, err);
	return err ? zc_failure_of(failure, ZC_STEP_COPY, article->in, err) : ZC_EXIT_FINE;
}

static enum zc_exit tell_difference(const struct article *article, int n,
				    struct zc_failure *failure)
{
	const struct zc_difference *found = &article->outcome->copy[n].difference;
	char what[200];

	if (found->first < 0 && strcmp(found->sha256[0], found->sha256[1]) == 0)
		return ZC_EXIT_FINE;
	snprintf(what, sizeof(what), "differs from its source from byte %" PRId64 " on",
		 found->first);
	return zc_failure_set(failure, ZC_EXIT_DIFFERS, -EBADMSG, article->target[n].path, what,
			      "see cmp -l %s %s; all files are kept", article->in,
			      article->target[n].path);
}

/* By an fd of its own: what is compared is what others will read. */
static enum zc_exit compare_copy(const struct article *article, int n, struct zc_failure *failure)
{
	const char *path = article->target[n].path;
	int fd = openat(article->dir, recipes[n].name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	enum zc_exit changed;
	int err;

	if (fd < 0)
		return zc_failure_of(failure, ZC_STEP_OPEN, path, -errno);
	err = zc_verify(article->source, fd, &article->outcome->copy[n].difference);
	close(fd);
	if (err)
		return zc_failure_of(failure, ZC_STEP_READ, path, err);
	changed = check_unchanged(article, failure);
	return changed ? changed : tell_difference(article, n, failure);
}

static void work(void *data)
{
	struct article *article = data;
	struct zc_failure *failure = &article->outcome->failure;
	int err;

	/* a limit of file sizes is then told as EFBIG */
	signal(SIGXFSZ, SIG_IGN);
	err = warm(article->source);
	if (err)
		zc_failure_of(failure, ZC_STEP_READ, article->in, err);
	for (int n = 0; n < COPIES && !failure->code; n++)
		make_copy(article, n, failure);
	for (int n = 0; n < COPIES && !failure->code; n++)
		compare_copy(article, n, failure);
}

/* ---- before ---------------------------------------------------------------------------------- */

static enum zc_exit not_a_file(const struct article *article, int err, struct zc_failure *failure)
{
	return zc_failure_set(failure, ZC_EXIT_NOT_A_FILE, err, article->in, "not a regular file",
			      "give the path of a regular file");
}

static enum zc_exit check_source(const struct article *article, struct zc_failure *failure)
{
	mode_t mode = article->before.st_mode;

	if (S_ISDIR(mode))
		return zc_failure_of(failure, ZC_STEP_READ, article->in, -EISDIR);
	if (!S_ISREG(mode))
		return not_a_file(article, -EINVAL, failure);
	if (article->before.st_size == 0)
		return zc_failure_set(failure, ZC_EXIT_NOT_A_FILE, -EINVAL, article->in,
				      "an empty file", "give a file with something to copy in it");
	return ZC_EXIT_FINE;
}

/* O_NONBLOCK: a FIFO would wait for a writer. ENXIO: a socket, or a device that is not there. */
static enum zc_exit open_source(struct article *article, struct zc_failure *failure)
{
	int err = 0;

	article->source = open(article->in, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (article->source < 0 || fstat(article->source, &article->before) < 0)
		err = -errno;
	if (err == -ENXIO)
		return not_a_file(article, err, failure);
	if (err)
		return zc_failure_of(failure, ZC_STEP_OPEN, article->in, err);
	return check_source(article, failure);
}

static enum zc_exit open_directory(struct article *article, struct zc_failure *failure)
{
	const char *slash = strrchr(article->in, '/');
	int size = slash ? (int)(slash - article->in) + 1 : 0;
	char path[PATH_MAX];

	for (int n = 0; n < COPIES; n++) {
		if (snprintf(article->target[n].path, PATH_MAX, "%.*s%s", size, article->in,
			     recipes[n].name) >= PATH_MAX)
			return zc_failure_of(failure, ZC_STEP_CREATE, article->in, -ENAMETOOLONG);
	}
	snprintf(path, sizeof(path), "%.*s", size, article->in);
	article->dir = open(size ? path : ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return article->dir < 0 ? zc_failure_of(failure, ZC_STEP_OPEN, size ? path : ".", -errno)
				: ZC_EXIT_FINE;
}

/* Bytes that can be had without swapping; all there are, where nobody tells. */
static uint64_t available_memory(void)
{
	FILE *file = fopen("/proc/meminfo", "re");
	uint64_t kibibytes = UINT64_MAX >> 10;
	char line[128];

	while (file && fgets(line, sizeof(line), file)) {
		if (strncmp(line, "MemAvailable:", 13) == 0)
			kibibytes = strtoull(line + 13, NULL, 10);
	}
	if (file)
		fclose(file);
	return kibibytes << 10;
}

/* malloc(3) promises more than there is, and then the kernel ends whom it likes. */
static enum zc_exit check_memory(const struct article *article, struct zc_failure *failure)
{
	uint64_t wanted = (uint64_t)article->before.st_size;
	uint64_t there = available_memory();

	if (wanted <= there)
		return ZC_EXIT_FINE;
	return zc_failure_set(failure, ZC_EXIT_OTHER, -ENOMEM, article->in,
			      "not enough memory for a buffer of the whole file",
			      "use a file of less than %" PRIu64 " MiB, or end other programs",
			      there >> 20);
}

static enum zc_exit make_targets(struct article *article, struct zc_failure *failure)
{
	for (int n = 0; n < COPIES; n++) {
		int fd = openat(article->dir, recipes[n].name,
				O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

		if (fd < 0)
			return zc_failure_of(failure, ZC_STEP_CREATE, article->target[n].path,
					     -errno);
		article->target[n].fd = fd;
		article->target[n].made = true;
	}
	return ZC_EXIT_FINE;
}

/* ---- after ----------------------------------------------------------------------------------- */

static enum zc_exit set_modes(const struct article *article, struct zc_failure *failure)
{
	for (int n = 0; n < COPIES; n++) {
		if (fchmod(article->target[n].fd, article->before.st_mode & 0777) < 0)
			return zc_failure_of(failure, ZC_STEP_WRITE, article->target[n].path,
					     -errno);
	}
	return ZC_EXIT_FINE;
}

/* True: it is not there any more. Somebody may have put another file there meanwhile: that stays. */
static bool remove_target(const struct article *article, int n)
{
	struct stat ours, there;

	if (!article->target[n].made)
		return true;
	if (fstat(article->target[n].fd, &ours) < 0)
		return false;
	if (fstatat(article->dir, recipes[n].name, &there, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT;
	if (ours.st_dev != there.st_dev || ours.st_ino != there.st_ino)
		return true;
	return unlinkat(article->dir, recipes[n].name, 0) == 0;
}

/* What lies on a mount that went away cannot be reached. */
static void remove_targets(const struct article *article, struct zc_failure *failure)
{
	bool removed = true;

	for (int n = 0; n < COPIES; n++)
		removed = remove_target(article, n) && removed;
	if (!removed)
		snprintf(failure->advice, sizeof(failure->advice),
			 "remove %s and %s there, they could not be removed; mount it again",
			 recipes[0].name, recipes[1].name);
}

static void release(struct article *article)
{
	for (int n = 0; n < COPIES; n++) {
		if (article->target[n].made)
			close(article->target[n].fd);
	}
	zc_shared_destroy(article->outcome, sizeof(*article->outcome));
	if (article->source >= 0)
		close(article->source);
	if (article->dir >= 0)
		close(article->dir);
}

static void print(const struct article *article, FILE *out)
{
	const struct outcome *outcome = article->outcome;
	double whole = outcome->copy[0].clock, sent = outcome->copy[1].clock;

	fprintf(out, "%s: %" PRIu64 " bytes, read once before\n\n", article->in,
		(uint64_t)article->before.st_size);
	fprintf(out, "%-20s %14s %14s\n", "", "clock()", "wall time");
	for (int n = 0; n < COPIES; n++)
		fprintf(out, "%-10s to %-6s %12.6f s %12.6f s\n", recipes[n].method,
			recipes[n].name, outcome->copy[n].clock, outcome->copy[n].wall);
	if (whole > 0)
		fprintf(out, "sendfile took %.0f %% of the processor time of read+write.\n",
			sent * 100 / whole);
}

static void print_equality(const struct article *article, FILE *out)
{
	const struct outcome *outcome = article->outcome;

	fprintf(out, "\nsha256  %s  %s\n", outcome->copy[0].difference.sha256[0], article->in);
	for (int n = 0; n < COPIES; n++) {
		const struct zc_difference *found = &outcome->copy[n].difference;

		if (!*found->sha256[1])
			continue;
		fprintf(out, "sha256  %s  %s", found->sha256[1], article->target[n].path);
		if (found->first < 0)
			fprintf(out, ": the same, byte by byte\n");
		else
			fprintf(out, ": differs from byte %" PRId64 " on, %" PRId64 " bytes\n",
				found->first, found->size[1]);
	}
}

/* ---- the whole ------------------------------------------------------------------------------- */

static enum zc_exit work_apart(struct article *article, const struct zc_signals *signals,
			       struct zc_failure *failure)
{
	int number = 0, err;

	article->outcome = zc_shared_create(sizeof(*article->outcome));
	if (!article->outcome)
		return zc_failure_of(failure, ZC_STEP_MEMORY, article->in, -ENOMEM);
	err = zc_apart(signals, work, article, &number);
	if (err == -EINTR)
		return zc_failure_set(failure, ZC_EXIT_INTERRUPTED, err, article->in, "interrupted",
				      "nothing is left behind: run it again");
	if (err == -ECANCELED)
		return zc_failure_set(failure, ZC_EXIT_OTHER, err, article->in,
				      "the process that copies was ended",
				      "by signal %d: see dmesg, and whether there is memory for a "
				      "buffer of the whole file",
				      number);
	if (err)
		return zc_failure_of(failure, ZC_STEP_RUN, "a process that copies", err);
	if (article->outcome->failure.code)
		*failure = article->outcome->failure;
	return article->outcome->failure.code;
}

static enum zc_exit make_and_compare(struct article *article, FILE *out, struct zc_failure *failure)
{
	struct zc_signals signals;
	enum zc_exit code;

	zc_signals_hold(&signals);
	code = make_targets(article, failure);
	if (!code)
		code = work_apart(article, &signals, failure);
	if (!code)
		code = set_modes(article, failure);
	if (code == ZC_EXIT_FINE || code == ZC_EXIT_DIFFERS) {
		print(article, out);
		print_equality(article, out);
	} else {
		remove_targets(article, failure);
	}
	release(article);
	zc_signals_release(&signals);
	return code;
}

enum zc_exit zc_article(const char *in, FILE *out, struct zc_failure *ret_failure)
{
	struct article article = { .in = in, .source = -1, .dir = -1 };
	enum zc_exit code = open_source(&article, ret_failure);

	if (!code)
		code = open_directory(&article, ret_failure);
	if (!code)
		code = check_memory(&article, ret_failure);
	if (!code)
		return make_and_compare(&article, out, ret_failure);
	release(&article);
	return code;
}
