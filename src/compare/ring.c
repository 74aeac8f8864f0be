// SPDX-License-Identifier: MIT
// A copy by io_uring: eight reads at a time, each followed by its write.
// Must not know who asks.
#include "move.h"

#include <errno.h>
#include <liburing.h>
#include <stdlib.h>

#define DEPTH 8
#define BLOCK 262144u

/* A buffer on its way: read from offset, then written there. */
struct piece {
	char *buffer;
	uint64_t offset;
	unsigned size, done;
	bool writing;
};

struct ring_copy {
	struct io_uring ring;
	struct zc_copy *copy;
	struct piece piece[DEPTH];
	uint64_t next; /* offset of the first byte that nobody has been sent for */
	int busy;
};

static void send_for(struct ring_copy *work, struct piece *piece)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&work->ring);
	char *at = piece->buffer + piece->done;
	unsigned size = piece->size - piece->done;

	if (piece->writing)
		io_uring_prep_write(sqe, work->copy->to, at, size, piece->offset + piece->done);
	else
		io_uring_prep_read(sqe, work->copy->from, at, size, piece->offset + piece->done);
	io_uring_sqe_set_data(sqe, piece);
}

static void begin_next(struct ring_copy *work, struct piece *piece)
{
	uint64_t left = work->copy->size - work->next;

	piece->offset = work->next;
	piece->size = left < BLOCK ? (unsigned)left : BLOCK;
	piece->done = 0;
	piece->writing = false;
	work->next += piece->size;
	work->busy++;
	send_for(work, piece);
}

/* What became of a piece; a short read or write goes on where it ended. */
static int take_result(struct ring_copy *work, struct piece *piece, int result)
{
	if (result == -EINTR || result == -EAGAIN)
		result = 0;
	else if (result <= 0)
		return result ? result : -ENODATA;
	piece->done += (unsigned)result;
	work->copy->told_bytes += (unsigned)result;
	if (piece->done < piece->size) {
		send_for(work, piece);
	} else if (!piece->writing) {
		piece->writing = true;
		piece->done = 0;
		send_for(work, piece);
	} else {
		work->busy--;
		if (work->next < work->copy->size)
			begin_next(work, piece);
	}
	return 0;
}

static int wait_for_one(struct ring_copy *work)
{
	struct io_uring_cqe *cqe;
	struct piece *piece;
	int err = io_uring_submit_and_wait(&work->ring, 1), result;

	if (err < 0)
		return err == -EINTR ? 0 : err;
	err = 0;
	while (!err && !io_uring_peek_cqe(&work->ring, &cqe)) {
		piece = io_uring_cqe_get_data(cqe);
		result = cqe->res;
		io_uring_cqe_seen(&work->ring, cqe);
		err = take_result(work, piece, result);
	}
	return err;
}

static int run_ring(struct ring_copy *work, char *memory)
{
	int err = 0;

	for (int i = 0; i < DEPTH && work->next < work->copy->size; i++) {
		work->piece[i].buffer = memory + (size_t)i * BLOCK;
		begin_next(work, &work->piece[i]);
	}
	while (work->busy > 0 && !err)
		err = wait_for_one(work);
	return err;
}

/* The ring ends first: what is still under way must not find its buffer gone. */
int zc_move_ring(struct zc_copy *copy)
{
	struct ring_copy work = { .copy = copy };
	char *memory = malloc((size_t)DEPTH * BLOCK);
	int err = memory ? io_uring_queue_init(DEPTH, &work.ring, 0) : -ENOMEM;

	if (!err) {
		err = run_ring(&work, memory);
		io_uring_queue_exit(&work.ring);
	}
	free(memory);
	return err;
}
