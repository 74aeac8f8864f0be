/* SPDX-License-Identifier: MIT */
/*
 * The article's two programs in one: `out` by read+write through a buffer of the whole file, `out1`
 * by sendfile. Must not know mounts, ways and routes.
 */
#ifndef ZC_COMPARE_ARTICLE_H
#define ZC_COMPARE_ARTICLE_H

#include "failure.h"

#include <stdio.h>

/*
 * Makes `out` and `out1` in the directory of `in`, prints what either took (clock(3) as the article
 * does, and wall time), and compares all three.
 *
 * `in` is only ever read. Both are new files, with its permission bits, but no setuid, setgid and
 * sticky bit. They are kept where all is well and where a copy differs from `in` (ZC_EXIT_DIFFERS);
 * after all other failures, and signals, they are removed again. Call with a single thread.
 */
enum zc_exit zc_article(const char *in, FILE *out, struct zc_failure *ret_failure);

#endif
