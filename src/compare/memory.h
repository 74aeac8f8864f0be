/* SPDX-License-Identifier: MIT */
/*
 * What memory there is. Must not know what for.
 */
#ifndef ZC_COMPARE_MEMORY_H
#define ZC_COMPARE_MEMORY_H

#include <stdint.h>

/* Bytes that can be had without swapping (MemAvailable); 0: not known. */
uint64_t zc_memory_available(void);

/* Touches that many bytes, but no more than a quarter of what there is, and gives them back: on a
 * virtual machine whoever first touches a page pays for the host's work. */
void zc_memory_touch(uint64_t size);

#endif
