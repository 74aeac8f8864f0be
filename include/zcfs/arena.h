/* SPDX-License-Identifier: MIT */
/* The inode slots: one block of memory, addressed by slot number, without pointers, fds or thread
 * ids, so that it can live in shared memory and outlast a process. Must not know how slots are
 * found. */
#ifndef ZCFS_ARENA_H
#define ZCFS_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "zcfs/sys.h"

/* Four numbers name an inode, each for its own reader:
 *  handle      what the backing file system calls the inode, for good (or device, number and birth
 *              time where it has no handles);
 *  slot        where this daemon keeps what it knows of the inode; reused after that is forgotten;
 *  generation  how often the slot was reused;
 *  nodeid      what the kernel is told: generation << 32 | slot, so that a nodeid is never given to
 *              a second inode and a late message cannot hit the wrong one. The root is 1
 *              (FUSE_ROOT_ID): slot 1 in generation 0. */

#define ZC_SLOT_NONE 0u /* ends every chain of slot numbers */
#define ZC_SLOT_ROOT 1u

enum zc_slot_state {
	ZC_SLOT_FREE = 0,
	ZC_SLOT_USED,  /* in the hash table */
	ZC_SLOT_DYING, /* out of the hash table, its belongings being given back */
};

/* How file data of an inode moves; ZC_PLANE_NONE while the inode is not open. */
enum zc_plane {
	ZC_PLANE_NONE = 0,
	ZC_PLANE_PASSTHROUGH,
	ZC_PLANE_SPLICE,
	ZC_PLANE_COPY,
	ZC_PLANE_CACHED, /* by splice too, into a cache that opens leave alone: they send nothing */
};

/* Whose credentials the kernel keeps for a backing id. */
enum zc_backing_owner { ZC_BACKING_NOBODY = 0, ZC_BACKING_ROOT, ZC_BACKING_USER };

/* `handle.type` of an inode that has no kernel file handle: `handle.bytes` then hold device, inode
 * number and birth time. The kernel's own types are positive. */
#define ZC_HANDLE_BY_NUMBER (-1)

struct zc_slot {
	/* Guarded by the table's lock. */
	uint64_t lookups; /* how often the kernel was told of the inode, minus what it forgot */
	uint32_t next;	  /* in a hash chain or in the free list */
	uint32_t hash;	  /* of mount and handle */
	uint32_t pins;	  /* reasons inside the daemon to keep the slot */
	uint32_t generation;

	/* Written before the slot enters the hash table, constant until it has left it. */
	uint64_t ino;	/* inode number on the backing file system */
	uint32_t dev;	/* its device, as major << 20 | minor */
	uint16_t mount; /* index of the mount it was reached by (handle.h) */
	uint8_t state;	/* enum zc_slot_state; guarded by the table's lock */
	uint8_t type;	/* S_IFMT bits >> 12 */

	/* Guarded by the slot's lock (inode.h). */
	uint32_t opens;	       /* open files of this inode in the kernel */
	int32_t backing_id;    /* 0: none */
	uint8_t plane;	       /* enum zc_plane */
	uint8_t backing_owner; /* enum zc_backing_owner */

	/* Constant like `ino`. */
	uint8_t handle_len;
	_Atomic uint8_t watch; /* what others change in it is told (watch.h) */
	int32_t handle_type;

	/* Guarded by the backing ids' lock (backing.h): neighbours in the list of idle ones. */
	uint32_t idle_prev;
	uint32_t idle_next;

	uint8_t handle[ZC_HANDLE_MAX]; /* constant like `ino` */
};

_Static_assert(sizeof(struct zc_slot) == 128, "a slot is two cache lines");

/* Whether the inode has no kernel file handle, but a noted parent and name. */
static inline bool zc_slot_by_number(const struct zc_slot *slot)
{
	return slot->handle_type == ZC_HANDLE_BY_NUMBER;
}

#define ZC_ARENA_MAGIC	 0x61666373636e657aULL
#define ZC_ARENA_VERSION 2u

/* So many slots come and go together: their memory is given back to the system when none is in use. */
#define ZC_ARENA_ROOM 2048u

struct zc_arena_room {
	uint32_t used;	    /* slots in state USED or DYING */
	uint32_t free_list; /* slots that were in use */
	uint32_t fresh; /* slots of the room from this one on were not, since it was given back */
	uint32_t generation; /* the highest of a slot that was freed */
	uint32_t next, prev; /* rooms with slots to have, as number + 1; 0: none */
};

/* At the start of the block; the slots follow at ZC_ARENA_HEADER bytes, and after them the rooms. All numbers are
 * guarded by the table's lock. */
struct zc_arena_header {
	uint64_t magic;
	uint32_t version;
	uint32_t slot_size;
	uint32_t capacity;   /* slots that the block has room for */
	uint32_t high_water; /* slots below this number have been used */
	uint32_t open_room;  /* the first room with slots to have, as number + 1; 0: none */
	uint32_t rooms;	     /* that have been used */
	uint32_t generation; /* of a slot whose memory was given back: at least this */
	uint32_t used;	     /* slots in state USED or DYING, the root's included */
};
#define ZC_ARENA_HEADER 4096u

struct zc_arena {
	struct zc_arena_header *header;
	struct zc_slot *slots; /* slots[0] is never used */
	struct zc_arena_room *rooms;
};

/* Reserves address space for up to `capacity` slots (halved until the kernel agrees; memory is only
 * taken for slots that get used). -ENOMEM if not even 1024 fit. */
int zc_arena_init(struct zc_arena *arena, uint32_t capacity);
void zc_arena_fini(struct zc_arena *arena);

/* The size of the block for so many slots, in bytes. */
static inline size_t zc_arena_size(uint32_t capacity)
{
	size_t rooms = (capacity + ZC_ARENA_ROOM - 1) / ZC_ARENA_ROOM;

	return ZC_ARENA_HEADER + (size_t)capacity * sizeof(struct zc_slot) +
	       rooms * sizeof(struct zc_arena_room);
}

/* Finds slots and rooms of a block that is there already, wherever it is mapped. */
void zc_arena_attach(struct zc_arena *arena, void *block);

/* Whether a slot of this number or a following one of its room may be in use. */
static inline bool zc_arena_room_used(const struct zc_arena *arena, uint32_t slot)
{
	return arena->rooms[slot / ZC_ARENA_ROOM].used;
}

/* Takes a free slot: its number, or ZC_SLOT_NONE when all are taken. Everything in it but the
 * generation is zero. The table's lock is held by the caller, here and in zc_arena_free, which calls
 * madvise(2) for the last slot of a room. */
uint32_t zc_arena_alloc(struct zc_arena *arena);
void zc_arena_free(struct zc_arena *arena, uint32_t slot);

/* What the kernel is told of a slot in its present generation. */
static inline uint64_t zc_arena_nodeid(const struct zc_arena *arena, uint32_t slot)
{
	return (uint64_t)arena->slots[slot].generation << 32 | slot;
}

#endif
