/* SPDX-License-Identifier: MIT */
/*
 * Which bytes are UTF-8. Pure. Must not know where they come from, nor what others do instead.
 */
#ifndef ZC_COMPARE_UTF8_H
#define ZC_COMPARE_UTF8_H

#include <stdbool.h>

/* Bytes of the character that begins here, 1 to 4; 0: none does. Reads no further than a NUL. */
int zc_utf8_length(const char *bytes);

/* A control character begins here, C1 included: what a terminal or a page must never get. */
bool zc_utf8_is_control(const char *bytes);

#endif
