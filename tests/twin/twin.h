/* SPDX-License-Identifier: MIT */
/*
 * What the rooms of the tester share: calls with their arguments, answers, one run, and who may
 * ask whom. A sequence is made from a seed alone; a run of it makes each call on the plain side
 * and on the mirror.
 */
#ifndef ZC_TWIN_H
#define ZC_TWIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define ARGS	    6
#define MAX_OPS	    4000
#define MAX_ROWS    200
#define TREE_SIZE   (1 << 20)
#define NOTE_SIZE   600
#define STRING_SIZE 4200
#define FIND_TEXT   2000

/* The plain directory, the mirror, and the directory that it shows. Calls are made on the
 * first two. */
enum side { PLAIN, MIRROR, BELOW, SIDES };

enum plane { PLANE_PASSTHROUGH, PLANE_SPLICE, PLANE_COPY, PLANE_CACHED, PLANE_NONE };

/* What a run stands on, a set of bits: the plane, and whether its sequence has calls that
 * excuse more. */
#define ZC_ON(plane) (1u << (plane))
#define ZC_MIXED     (1u << 8)
#define ZC_MAPPED    (1u << 9)
#define ZC_MEMORY    (1u << 10)
/* some files, or all, go by the page cache of the mount */
#define ZC_BUFFERED (ZC_ON(PLANE_SPLICE) | ZC_ON(PLANE_COPY) | ZC_ON(PLANE_CACHED) | ZC_MIXED)

/* One call: a row of the table, who makes it, its arguments. */
struct op {
	int row;
	int actor;
	int64_t arg[ARGS];
};

/* What it said; skipped: known.c has a reason not to make it in this state. */
struct reply {
	long value;
	int err;
	bool skipped;
	char note[NOTE_SIZE];
};

struct random {
	uint64_t state;
};

/* A system call that can be made: how often, with what, and as C text. */
struct row {
	const char *name;
	int weight;
	const char *kinds;
	const char *text;
	long (*run)(const int64_t *arg, const char *const *text);
};

struct config {
	const char *dir[SIDES];
	const char *reports;
	const char *without;
	enum plane plane;
	unsigned ground;
	uint64_t seed;
	long ops;
	int length;
	int actors;
	int limit_seconds;
	bool verbose;
};

struct sequence {
	uint64_t seed;
	int root_mode;
	bool mixed;
	bool mapped; /* has mappings that last */
	int count;
	struct op op[MAX_OPS];
};

/* The first difference of a run: at which op (count: in the trees at the end), and both answers. */
struct finding {
	bool found;
	bool hang;
	int at;
	char text[FIND_TEXT];
};

/* random.c: the same numbers for the same seed, everywhere. below: 0 to limit - 1. */
uint64_t zc_random_next(struct random *random);
int zc_random_below(struct random *random, int limit);

/* names.c: paths and names by number; buf holds STRING_SIZE. */
#define ZC_DIRECTORIES 5
int64_t zc_path_make(struct random *random);
int64_t zc_path_make_new(struct random *random);
const char *zc_path_text(int64_t number, char *buf);
int64_t zc_path_directory(int number);
int64_t zc_target_make(struct random *random);
int64_t zc_xattr_make(struct random *random);
const char *zc_xattr_text(int64_t number, char *buf);

/* kinds.c: arguments by the letter that a row has for them; buf holds STRING_SIZE. */
int64_t zc_arg_make(char letter, struct random *random);
int64_t zc_arg_simplest(char letter);
bool zc_arg_is_string(char letter);
const char *zc_arg_string(char letter, int64_t value, char *buf);
void zc_arg_print(FILE *out, char letter, int64_t value);

/* rows.c */
extern const struct row zc_rows[];
extern const int zc_row_count;
extern const char zc_program_head[];
int zc_begin_as(int actor);
int zc_everybody(void);
const char *zc_actor_name(int actor);
void zc_run_op(const struct op *op, unsigned ground, struct reply *ret_reply);
void zc_describe_tree(FILE *out, bool contents);

/* known.c: why this call is not made in the present state of the caller's slots, or NULL. */
const char *zc_known_to_skip(unsigned ground, const struct row *row, const struct op *op,
			     const int *slot);
/* why these two answers may differ, or NULL */
const char *zc_known_to_differ(unsigned ground, const struct row *row, const struct op *op,
			       const struct reply *plain, const struct reply *mirror);
/* do notes or trees say the same, but for what may differ? */
bool zc_known_same_text(unsigned ground, const char *plain, const char *mirror);

/* sequence.c */
void zc_sequence_make(const struct config *config, uint64_t seed, struct sequence *ret_sequence);

/* crew.c: one process for each actor and side, one more for each side that looks at trees.
 * The directory of a run is fresh; end removes it and all processes. -1: could not start. */
struct crew;
struct crew *zc_crew_start(const struct config *config, int number, int root_mode);
bool zc_crew_do(struct crew *crew, const struct op *op, struct reply reply[2]);
bool zc_crew_trees(struct crew *crew, const char *tree[SIDES]);
void zc_crew_end(struct crew *crew);

/* remove.c: all below the directory two above; note: what is in the way. */
int zc_remove_all(char *note);

/* run.c: makes all calls, then compares the trees; true: no difference. */
bool zc_run(const struct config *config, const struct sequence *sequence,
	    struct finding *ret_finding);

/* shrink.c: leaves in sequence what is needed to show a difference of the same call. */
void zc_shrink(const struct config *config, struct sequence *sequence, struct finding *finding);

/* print.c: the sequence as a C program of its own. */
void zc_print_program(FILE *out, const struct config *config, const struct sequence *sequence,
		      const struct finding *finding);
void zc_print_op(FILE *out, const struct op *op);
#endif
