/* SPDX-License-Identifier: MIT */
/*
 * What machine this is, for those who read a result elsewhere. Must not know what was measured.
 */
#ifndef ZC_COMPARE_MACHINE_H
#define ZC_COMPARE_MACHINE_H

#include "result.h"

/* dir: whose file system is told. What cannot be found out stays "". */
void zc_machine_describe(const char *dir, struct zc_machine *ret_machine);

#endif
