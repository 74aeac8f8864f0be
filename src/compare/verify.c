// SPDX-License-Identifier: MIT
// Reads two files side by side, once, and tells where they differ and what their SHA-256 are.
// Must not know who made them.
#include "verify.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PIECE ((size_t)1024 * 1024)

/* A file on its way: what was read of it last, and the digest of all before. */
struct side {
	int fd;
	int64_t at;
	size_t got; /* less than PIECE: the end is reached */
	unsigned char *buffer;
	EVP_MD_CTX *digest;
};

static int side_init(struct side *side, int fd)
{
	*side = (struct side){ .fd = fd, .got = PIECE };
	side->buffer = malloc(PIECE);
	side->digest = EVP_MD_CTX_new();
	if (!side->buffer || !side->digest)
		return -ENOMEM;
	return EVP_DigestInit_ex(side->digest, EVP_sha256(), NULL) == 1 ? 0 : -EIO;
}

static void side_fini(struct side *side)
{
	free(side->buffer);
	EVP_MD_CTX_free(side->digest);
}

/* One piece further; got 0 behind the end. */
static int side_read(struct side *side)
{
	bool ended = side->got < PIECE;

	for (side->got = 0; !ended && side->got < PIECE;) {
		ssize_t got = pread(side->fd, side->buffer + side->got, PIECE - side->got,
				    side->at + (int64_t)side->got);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			break;
		side->got += (size_t)got;
	}
	side->at += (int64_t)side->got;
	return EVP_DigestUpdate(side->digest, side->buffer, side->got) == 1 ? 0 : -EIO;
}

static int side_text(struct side *side, char text[ZC_SHA256_TEXT])
{
	unsigned char value[EVP_MAX_MD_SIZE];
	unsigned size;

	if (EVP_DigestFinal_ex(side->digest, value, &size) != 1 || size * 2 + 1 != ZC_SHA256_TEXT)
		return -EIO;
	for (unsigned i = 0; i < size; i++)
		snprintf(text + (size_t)i * 2, 3, "%02x", value[i]);
	return 0;
}

/* Where two pieces differ: the first such byte, or the end of the shorter one. -1: nowhere. */
static int64_t first_difference(const struct side *one, const struct side *other)
{
	size_t both = one->got < other->got ? one->got : other->got;
	size_t at = 0;

	if (memcmp(one->buffer, other->buffer, both) == 0)
		return one->got == other->got ? -1 : (int64_t)both;
	while (one->buffer[at] == other->buffer[at])
		at++;
	return (int64_t)at;
}

static int compare(struct side side[2], int64_t *ret_first)
{
	int err;

	*ret_first = -1;
	do {
		int64_t start = side[0].at, first;

		err = side_read(&side[0]);
		if (!err)
			err = side_read(&side[1]);
		if (err || *ret_first >= 0)
			continue;
		/* until they differ both are at the same place */
		first = first_difference(&side[0], &side[1]);
		if (first >= 0)
			*ret_first = start + first;
	} while (!err && side[0].got + side[1].got > 0);
	return err;
}

int zc_verify(int one, int other, struct zc_difference *ret_difference)
{
	struct zc_difference found = { .first = -1 };
	struct side side[2] = { 0 };
	int err = side_init(&side[0], one);

	if (!err)
		err = side_init(&side[1], other);
	if (!err)
		err = compare(side, &found.first);
	for (int i = 0; i < 2 && !err; i++) {
		found.size[i] = side[i].at;
		err = side_text(&side[i], found.sha256[i]);
	}
	side_fini(&side[0]);
	side_fini(&side[1]);
	if (!err)
		*ret_difference = found;
	return err;
}

int zc_sha256(int fd, char ret_text[ZC_SHA256_TEXT])
{
	struct side side;
	int err = side_init(&side, fd);

	while (!err && side.got > 0)
		err = side_read(&side);
	if (!err)
		err = side_text(&side, ret_text);
	side_fini(&side);
	return err;
}
