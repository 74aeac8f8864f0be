/* SPDX-License-Identifier: MIT */
/* The table of a test: a fresh one for each, of made-up inodes.
 * Must not know fds. */
#ifndef ZCFS_ONE_TABLE_H
#define ZCFS_ONE_TABLE_H

#include "unit.h"

extern struct zc_table table;

#define TABLE_TEST(name) cmocka_unit_test_setup_teardown(name, table_open, table_close)
int table_open(void **state);
int table_close(void **state);

/* Finds or adds the nth made-up inode, which is one lookup more: its nodeid. */
uint64_t table_add(uint64_t n);

#endif
