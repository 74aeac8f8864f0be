/* SPDX-License-Identifier: MIT */
/*
 * The other end of a socket: a process that keeps what comes, or sends a file's bytes.
 * Must not know who copies, nor how.
 */
#ifndef ZC_COMPARE_PEER_H
#define ZC_COMPARE_PEER_H

#include "result.h"

#include <sys/types.h>

struct zc_peer {
	pid_t pid;    /* 0: none */
	int socket;   /* the copier's end, blocking */
	int received; /* memory file; -1: none */
};

#define ZC_PEER_NONE ((struct zc_peer){ .socket = -1, .received = -1 })

/* tcp: a connection over 127.0.0.1, else a UNIX stream pair. 0 or -errno; *ret_peer holds nothing then. */
int zc_peer_receive(bool tcp, uint64_t size, struct zc_peer *ret_peer);

/* Sends what is in the file, by TCP. */
int zc_peer_send(const char *path, struct zc_peer *ret_peer);

/* The copier has gone: waits for the other end to have everything, seconds at most, then kills it.
 * received stays open. 0; -EIO: it failed; -ETIME. */
int zc_peer_end(struct zc_peer *peer, int seconds);

/* Kills and closes all. Undoing ZC_PEER_NONE is legal. */
void zc_peer_abort(struct zc_peer *peer);

#endif
