/* SPDX-License-Identifier: MIT */
/* Finds the slot of an inode by mount and handle, and counts who knows it. Must not know fds,
 * planes or FUSE requests. */
#ifndef ZCFS_TABLE_H
#define ZCFS_TABLE_H

#include <pthread.h>
#include <stdint.h>

#include "zcfs/arena.h"
#include "zcfs/sys.h"

/* What a slot is found by, and what it keeps of the inode. */
struct zc_identification {
	struct zc_handle handle;
	uint16_t mount;
	uint8_t type;
	uint32_t dev;
	uint64_t ino;
};

struct zc_table {
	/* Guards everything here, the arena's header and free list, and of every slot lookups,
	 * pins, next, hash, generation and state. Rank 2: taken inside a slot's lock, never around
	 * one. No system call is made under it but those that take and give back memory. */
	pthread_mutex_t lock;
	struct zc_arena arena;
	uint32_t *buckets; /* derived from the arena; first slot of each chain */
	uint32_t mask;	   /* number of buckets - 1, a power of two - 1 */
};

/* -ENOMEM. */
int zc_table_init(struct zc_table *table, uint32_t capacity);
void zc_table_fini(struct zc_table *table);

/* The slot of this inode, made if there is none, with one lookup more: one step under one lock, so
 * that two threads never make two slots of one inode. -ENOMEM when all slots are taken. */
int zc_table_find_or_add(struct zc_table *table, const struct zc_identification *id,
			 uint64_t *ret_nodeid);

/* The nodeid of this inode if it is known, else 0. Takes no count: it may be stale on return. */
uint64_t zc_table_find(struct zc_table *table, const struct zc_identification *id);

/* Copies what opens the inode (mount and handle) into *ret, whose other fields are 0. False: no such
 * nodeid. */
bool zc_table_handle(struct zc_table *table, uint64_t nodeid, struct zc_slot *ret);

/* The slot of a nodeid, or NULL if that nodeid is not (or no longer) known. The caller holds a
 * reason why it stays: a request on that nodeid, a lookup or a pin. */
struct zc_slot *zc_table_slot(struct zc_table *table, uint64_t nodeid);

/* Takes `count` lookups back (fewer if there are fewer). True when nobody knows the inode any more:
 * the slot has then left the hash table, and the caller gives back what belongs to it and calls
 * zc_table_bury. Unknown nodeids are ignored. */
bool zc_table_forget(struct zc_table *table, uint64_t nodeid, uint64_t count);

/* A reason inside the daemon to keep a slot. unpin answers as zc_table_forget does. */
void zc_table_pin(struct zc_table *table, uint64_t nodeid);
bool zc_table_unpin(struct zc_table *table, uint64_t nodeid);

/* Whether the nodeid is in the hash table: its belongings will be given back one day. */
bool zc_table_alive(struct zc_table *table, uint64_t nodeid);

/* Frees a slot for which forget or unpin said true. */
void zc_table_bury(struct zc_table *table, uint64_t nodeid);

/* All known inodes one after the other: begin with *slot 0. The nodeid of the next one, 0 when there are no
 * more. Those that come or go meanwhile may be left out or told. */
uint64_t zc_table_next(struct zc_table *table, uint32_t *slot);

/* Known inodes, the root included. */
uint32_t zc_table_used(struct zc_table *table);

#endif
