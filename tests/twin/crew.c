// SPDX-License-Identifier: MIT
// The processes of one run: one for each actor and side, which makes calls, and one for each side
// that looks at the tree. Must not know what is right: it hands out calls and brings answers, or
// says that one hangs.
#include "twin.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define MEMBERS 16

/* What an inspector is asked: an op whose row is none. */
enum question { TREE_STAT = -1, TREE_CONTENTS = -2, REMOVE = -3 };

struct crew {
	const struct config *config;
	int number;
	int inspector;
	bool hangs;
	char *tree[SIDES];
	pid_t pid[SIDES][MEMBERS];
	int sock[SIDES][MEMBERS];
};

static void describe(const struct op *op, char *tree)
{
	size_t used = op->row == TREE_STAT ? 0 : strlen(tree);
	FILE *out = fmemopen(tree + used, TREE_SIZE - used, "w");

	if (!out)
		abort();
	zc_describe_tree(out, op->row == TREE_CONTENTS);
	fclose(out);
}

static void serve(int sock, unsigned ground, char *tree)
{
	struct reply reply;
	struct op op;

	while (recv(sock, &op, sizeof(op), 0) == (ssize_t)sizeof(op)) {
		if (op.row >= 0) {
			zc_run_op(&op, ground, &reply);
		} else {
			reply = (struct reply){ 0 };
			if (op.row == REMOVE)
				reply.value = zc_remove_all(reply.note);
			else
				describe(&op, tree);
		}
		if (send(sock, &reply, sizeof(reply), 0) < 0)
			break;
	}
	_exit(0);
}

static void run_dir(const struct crew *crew, enum side side, const char *below, char *ret_path)
{
	snprintf(ret_path, STRING_SIZE, "%s/seq-%d%s", crew->config->dir[side], crew->number,
		 below);
}

static void be_member(const struct crew *crew, enum side side, int member, int sock, int dir)
{
	if (fchdir(dir) || dup2(sock, 3) < 0 || close_range(4, ~0U, 0) ||
	    zc_begin_as(member == crew->inspector ? 0 : member)) {
		fprintf(stderr, "zc-twin: %d cannot start: %s\n", member, strerror(errno));
		_exit(1);
	}
	serve(3, crew->config->ground, crew->tree[side]);
}

static bool start_member(struct crew *crew, enum side side, int member, int dir)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return false;
	crew->sock[side][member] = pair[0];
	crew->pid[side][member] = fork();
	if (!crew->pid[side][member])
		be_member(crew, side, member, pair[1], dir);
	close(pair[1]);
	return crew->pid[side][member] > 0;
}

static bool make_dirs(const struct crew *crew, enum side side, int root_mode)
{
	static const char *const below[] = { "", "/x", "/x/r" };
	char path[STRING_SIZE];

	for (int i = 0; i < 3; i++) {
		run_dir(crew, side, below[i], path);
		if (mkdir(path, 0755)) {
			fprintf(stderr, "zc-twin: %s: %s\n", path, strerror(errno));
			return false;
		}
	}
	return !chown(path, 0, 2000) && !chmod(path, (mode_t)root_mode);
}

static bool start_side(struct crew *crew, enum side side, int root_mode)
{
	bool ok = side == BELOW || make_dirs(crew, side, root_mode);
	char path[STRING_SIZE];
	int dir;

	run_dir(crew, side, "/x/r", path);
	dir = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	ok = ok && dir >= 0;
	for (int i = side == BELOW ? crew->inspector : 0; ok && i <= crew->inspector; i++)
		ok = start_member(crew, side, i, dir);
	if (dir >= 0)
		close(dir);
	return ok;
}

struct crew *zc_crew_start(const struct config *config, int number, int root_mode)
{
	struct crew *crew = calloc(1, sizeof(*crew));
	char *tree = mmap(NULL, SIDES * TREE_SIZE, PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (!crew || tree == MAP_FAILED)
		abort();
	crew->config = config;
	crew->number = number;
	crew->inspector = config->actors;
	memset(crew->sock, -1, sizeof(crew->sock));
	for (int side = PLAIN; side < SIDES; side++)
		crew->tree[side] = tree + side * TREE_SIZE;
	for (int side = PLAIN; side < SIDES; side++)
		if (!start_side(crew, side, root_mode)) {
			zc_crew_end(crew);
			return NULL;
		}
	return crew;
}

static bool receive(const struct crew *crew, enum side side, int member, struct reply *reply)
{
	struct pollfd wait = { .fd = crew->sock[side][member], .events = POLLIN };

	return poll(&wait, 1, crew->config->limit_seconds * 1000) == 1 &&
	       recv(wait.fd, reply, sizeof(*reply), 0) == (ssize_t)sizeof(*reply);
}

/* Both sides at a time: their trees have nothing in common. */
static bool ask(struct crew *crew, int member, const struct op *op, enum side first, enum side last,
		struct reply *reply)
{
	bool ok = true;

	for (enum side side = first; side <= last; side++)
		ok &= send(crew->sock[side][member], op, sizeof(*op), MSG_NOSIGNAL) ==
		      (ssize_t)sizeof(*op);
	for (enum side side = first; side <= last; side++) {
		if (ok && receive(crew, side, member, &reply[side]))
			continue;
		crew->hangs = true;
		reply[side] = (struct reply){ .value = -2 };
		snprintf(reply[side].note, NOTE_SIZE, " no answer from side %d", side);
		return false;
	}
	return true;
}

bool zc_crew_do(struct crew *crew, const struct op *op, struct reply reply[2])
{
	return ask(crew, op->actor, op, PLAIN, MIRROR, reply);
}

/* The mirror last: that a directory is read without a mark in its access time does not reach
 * READDIR. */
bool zc_crew_trees(struct crew *crew, const char *tree[SIDES])
{
	struct op first = { .row = TREE_STAT }, second = { .row = TREE_CONTENTS };
	struct reply reply[SIDES];
	bool ok = ask(crew, crew->inspector, &first, BELOW, BELOW, reply) &&
		  ask(crew, crew->inspector, &first, PLAIN, MIRROR, reply) &&
		  ask(crew, crew->inspector, &second, PLAIN, BELOW, reply);

	for (int side = PLAIN; side < SIDES; side++)
		tree[side] = crew->tree[side];
	return ok;
}

/* Whoever does not end when asked is killed; who waits in a request that the mirror does not answer
 * does not even end then: told of, and left behind until the mirror ends. */
static void wait_for(pid_t pid, bool hangs)
{
	int limit = hangs ? 100 : 10000;

	if (hangs)
		kill(pid, SIGKILL);
	for (int tries = 0; tries < 2 * limit; tries++) {
		if (waitpid(pid, NULL, WNOHANG) != 0)
			return;
		if (tries == limit)
			kill(pid, SIGKILL);
		usleep(tries < 100 ? 50 : 1000);
	}
	fprintf(stderr, "zc-twin: process %d cannot be killed\n", pid);
}

static void remove_dirs(struct crew *crew)
{
	struct op op = { .row = REMOVE };
	struct reply reply[SIDES] = { 0 };
	char path[STRING_SIZE];

	if (!ask(crew, crew->inspector, &op, PLAIN, MIRROR, reply))
		return;
	for (enum side side = PLAIN; side <= MIRROR; side++) {
		run_dir(crew, side, "", path);
		if (reply[side].value || rmdir(path))
			fprintf(stderr, "zc-twin: %s cannot be removed: %s %s\n", path,
				strerror(errno), reply[side].note);
	}
}

void zc_crew_end(struct crew *crew)
{
	for (int side = PLAIN; side < SIDES; side++)
		for (int i = 0; i < crew->inspector; i++)
			if (crew->sock[side][i] >= 0)
				close(crew->sock[side][i]);
	if (crew->sock[BELOW][crew->inspector] >= 0 && !crew->hangs)
		remove_dirs(crew);
	for (int side = PLAIN; side < SIDES; side++)
		if (crew->sock[side][crew->inspector] >= 0)
			close(crew->sock[side][crew->inspector]);
	for (int side = PLAIN; side < SIDES; side++)
		for (int i = 0; i <= crew->inspector; i++)
			if (crew->pid[side][i] > 0)
				wait_for(crew->pid[side][i], crew->hangs);
	munmap(crew->tree[PLAIN], SIDES * TREE_SIZE);
	free(crew);
}
