// SPDX-License-Identifier: MIT
// The receiving and the sending process behind a socket.
// Must not know who copies, nor how.
#include "peer.h"

#include "move.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int tcp_listen(struct sockaddr_in *ret_address)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), err;

	if (fd < 0)
		return -errno;
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) || listen(fd, 1) ||
	    getsockname(fd, (struct sockaddr *)&address, &size)) {
		err = -errno;
		close(fd);
		return err;
	}
	*ret_address = address;
	return fd;
}

/* To ourselves: the backlog takes the connection before anybody accepts it. */
static int tcp_pair(int *ret_pair)
{
	struct sockaddr_in address;
	int listener = tcp_listen(&address), err = 0;

	if (listener < 0)
		return listener;
	ret_pair[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (ret_pair[0] < 0 || connect(ret_pair[0], (struct sockaddr *)&address, sizeof(address)))
		err = -errno;
	if (!err) {
		ret_pair[1] = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		err = ret_pair[1] < 0 ? -errno : 0;
	}
	if (err && ret_pair[0] >= 0)
		close(ret_pair[0]);
	close(listener);
	return err;
}

static int make_pair(bool tcp, int *ret_pair)
{
	if (tcp)
		return tcp_pair(ret_pair);
	return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ret_pair) ? -errno : 0;
}

/* All that comes, whatever it is: whether it is right is for others to say. */
static int keep_all(int socket, int file)
{
	static char buffer[1024 * 1024];
	ssize_t got;

	while ((got = read(socket, buffer, sizeof(buffer))) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 || write(file, buffer, (size_t)got) != got)
			return -EIO;
	}
	return 0;
}

static int send_all(int socket, const char *path)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);
	struct zc_copy copy = { .from = file, .to = socket, .to_socket = true };
	off_t size = file < 0 ? -1 : lseek(file, 0, SEEK_END);

	if (size < 0 || lseek(file, 0, SEEK_SET))
		return -EIO;
	copy.size = (uint64_t)size;
	return zc_move_sendfile(&copy);
}

static pid_t start(struct zc_peer *peer, int own, const char *path)
{
	pid_t pid = fork();
	int err;

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setpgid(0, 0);
	signal(SIGPIPE, SIG_IGN);
	close(peer->socket);
	err = path ? send_all(own, path) : keep_all(own, peer->received);
	_exit(err ? 1 : 0);
}

/* path NULL: receives. */
static int begin(bool tcp, const char *path, struct zc_peer *peer)
{
	int pair[2], err = make_pair(tcp, pair);

	if (err)
		return err;
	peer->socket = pair[0];
	peer->pid = start(peer, pair[1], path);
	err = peer->pid < 0 ? -errno : 0;
	close(pair[1]);
	return err;
}

int zc_peer_receive(bool tcp, uint64_t size, struct zc_peer *ret_peer)
{
	struct zc_peer peer = ZC_PEER_NONE;
	int err;

	peer.received = memfd_create("received", MFD_CLOEXEC);
	err = peer.received < 0 ? -errno : 0;

	/* room now, not a signal in the middle */
	if (!err && size && fallocate(peer.received, FALLOC_FL_KEEP_SIZE, 0, (off_t)size))
		err = -errno;
	if (!err)
		err = begin(tcp, NULL, &peer);
	if (err)
		zc_peer_abort(&peer);
	else
		*ret_peer = peer;
	return err;
}

int zc_peer_send(const char *path, struct zc_peer *ret_peer)
{
	struct zc_peer peer = ZC_PEER_NONE;
	int err = begin(true, path, &peer);

	if (err)
		zc_peer_abort(&peer);
	else
		*ret_peer = peer;
	return err;
}

static int wait_for(pid_t pid, int seconds)
{
	struct pollfd ended = { .fd = (int)syscall(SYS_pidfd_open, pid, 0), .events = POLLIN };
	int status = -1, ready;

	if (ended.fd < 0)
		return -errno;
	ready = poll(&ended, 1, seconds * 1000);
	close(ended.fd);
	if (ready <= 0)
		return ready < 0 ? -errno : -ETIME;
	waitpid(pid, &status, 0);
	return status ? -EIO : 0;
}

int zc_peer_end(struct zc_peer *peer, int seconds)
{
	int err;

	if (!peer->pid)
		return 0;
	close(peer->socket);
	peer->socket = -1;
	err = wait_for(peer->pid, seconds);
	if (err == -EIO || !err)
		peer->pid = 0;
	return err;
}

void zc_peer_abort(struct zc_peer *peer)
{
	if (peer->pid > 0) {
		kill(peer->pid, SIGKILL);
		waitpid(peer->pid, NULL, 0);
	}
	if (peer->socket >= 0)
		close(peer->socket);
	if (peer->received >= 0)
		close(peer->received);
	*peer = ZC_PEER_NONE;
}
