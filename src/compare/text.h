/* SPDX-License-Identifier: MIT */
/*
 * Fields and numbers of the kernel's text files. Must not know which files.
 */
#ifndef ZC_COMPARE_TEXT_H
#define ZC_COMPARE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* The nth word from 0, between blanks or line ends, into buf. False: there are fewer, buf is "". */
bool zc_text_word(const char *line, int n, char *buf, size_t size);

/* The number that text begins with, after blanks; 0 if it begins with none. */
unsigned long long zc_text_number(const char *text);

/* Behind the first key in text, NULL if it is not there. */
const char *zc_text_behind(const char *text, const char *key);

/* "major:minor", as mountinfo has it. */
void zc_text_device(const char *word, unsigned *ret_major, unsigned *ret_minor);

#endif
