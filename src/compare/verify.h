/* SPDX-License-Identifier: MIT */
/*
 * Are two files the same? Byte by byte, and by SHA-256 (libcrypto).
 * Must not know who made them.
 */
#ifndef ZC_COMPARE_VERIFY_H
#define ZC_COMPARE_VERIFY_H

#include <stdint.h>

#define ZC_SHA256_TEXT 65

/* What was found. first: the offset of the first byte that differs, or where the shorter one ends;
 * -1: none. Sizes in bytes; digests as lower-case hexadecimal text. */
struct zc_difference {
	int64_t first;
	int64_t size[2];
	char sha256[2][ZC_SHA256_TEXT];
};

/* Reads both to their ends (fds open for reading, offsets left alone). 0: read; the same only if
 * first is -1 and both digests are equal. -EIO and others: reading failed. */
int zc_verify(int one, int other, struct zc_difference *ret_difference);

/* 0 or -errno. */
int zc_sha256(int fd, char ret_text[ZC_SHA256_TEXT]);

#endif
