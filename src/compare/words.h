/* SPDX-License-Identifier: MIT */
/*
 * What people call sizes, routes and ways. Pure. Must not know where it is shown.
 */
#ifndef ZC_COMPARE_SAID_H
#define ZC_COMPARE_SAID_H

#include "result.h"

#include <stddef.h>

#define ZC_WORD_SIZE 32

/* "512 B", "16 MiB", "1.5 GiB". Returns ret_text. */
const char *zc_words_size(double bytes, char ret_text[ZC_WORD_SIZE]);

/* "3.25 s", "58.3 ms", "0.412 ms". Returns ret_text. */
const char *zc_words_time(double seconds, char ret_text[ZC_WORD_SIZE]);

/* "from file to file", ...; NULL: no such route. */
const char *zc_words_route(int route);

/* A way's plane where it has one, else its name. */
const char *zc_words_way(const struct zc_way_result *way);

#endif
