// SPDX-License-Identifier: MIT
// A sequence of calls from a seed: some rows of the table are left out of each, so that others
// meet more often. Must not know what calls do.
#include "twin.h"

#include <fcntl.h>
#include <string.h>

#define FILLED 24

/* Of the directory that all calls are made in; its group is 2000. */
static const int root_modes[] = { 0777, 0777, 03775, 01777 };

/* names: with a blank on both sides. */
static bool is_one_of(const char *names, const struct row *row)
{
	char name[64];

	snprintf(name, sizeof(name), " %s ", row->name);
	return strstr(names, name);
}

/* Rows that no sequence can do without. */
static bool always(const struct row *row)
{
	return is_one_of(" open mkdir write ", row);
}

static bool left_out(const char *list, const char *name)
{
	size_t size = strlen(name);

	for (; *list; list += strcspn(list, ",") + (list[strcspn(list, ",")] == ','))
		if (strcspn(list, ",") == size && !strncmp(list, name, size))
			return true;
	return false;
}

/* Whatever excuses other differences is in a third of the sequences only. On the passthrough
 * plane access times may differ after setuid bits (such files go by splice) and sendfile(2)
 * (marks its source as read even where it moves nothing), on all planes some errors after
 * flags like immutable. fallocate: see below. */
static bool only_mixed(const struct row *row)
{
	return is_one_of(" sendfile set_flags fallocate ", row);
}

/* What is read ahead into an unwritten extent is data to SEEK_DATA, and a mirror reads ahead
 * in its own way, also around a mapped page. */
static bool only_unmixed(const struct row *row)
{
	return is_one_of(" seek_data ", row);
}

/* A mapping keeps the open file and so its locks, but in passthrough, where backing_file_mmap
 * puts the backing file in its place: a sequence has the one or the other. */
static bool only_unmapped(const struct row *row)
{
	return is_one_of(" lock flock seek_data ", row);
}

static bool only_mapped(const struct row *row)
{
	return is_one_of(" map_keep map_load map_store map_protect map_drop ", row);
}

static int choose_weights(const char *without, const struct sequence *sequence,
			  struct random *random, int *weight)
{
	int total = 0;

	for (int i = 0; i < zc_row_count; i++) {
		bool taken = always(&zc_rows[i]) || zc_random_below(random, 100) < 65;

		if (only_mixed(&zc_rows[i]))
			taken &= sequence->mixed;
		if (only_unmixed(&zc_rows[i]))
			taken &= !sequence->mixed;
		if (only_unmapped(&zc_rows[i]))
			taken &= !sequence->mapped;
		if (only_mapped(&zc_rows[i]))
			taken &= sequence->mapped;
		weight[i] = taken && !left_out(without, zc_rows[i].name) ? zc_rows[i].weight : 0;
		total += weight[i];
	}
	return total;
}

static int choose_row(struct random *random, const int *weight, int total)
{
	int left = zc_random_below(random, total), i = 0;

	while (left >= weight[i])
		left -= weight[i++];
	return i;
}

static int row_named(const char *name)
{
	int i = 0;

	while (strcmp(zc_rows[i].name, name))
		i++;
	return i;
}

/* Those who make calls in this sequence: fewer have more in their slots. */
struct actors {
	int count;
	int first;
	int all;
};

static struct actors choose_actors(struct random *random, int all)
{
	static const int counts[] = { 1, 2, 2, 3, 3, 100 };
	int count = counts[zc_random_below(random, 6)];

	return (struct actors){ count < all ? count : all, zc_random_below(random, all), all };
}

static int choose_actor(struct random *random, const struct actors *actors)
{
	int step = actors->count < actors->all ? 2 : 1;

	return (actors->first + zc_random_below(random, actors->count) * step) % actors->all;
}

static void make_op(struct random *random, const struct actors *actors, int row, bool mixed,
		    struct op *op)
{
	*op = (struct op){ .row = row, .actor = choose_actor(random, actors) };
	for (int i = 0; zc_rows[row].kinds[i]; i++) {
		op->arg[i] = zc_arg_make(zc_rows[row].kinds[i], random);
		if (zc_rows[row].kinds[i] == 'm' && !mixed)
			op->arg[i] &= ~06000;
	}
}

/* The directories that most paths lead through, by one whose umask takes no bits. */
static void make_directory(struct random *random, int actors, int number, struct op *op)
{
	static const int modes[] = { 0777, 0777, 0777, 0775, 0755, 01777, 02777 };

	*op = (struct op){ .row = row_named("mkdir"), .actor = zc_random_below(random, 3) ? 1 : 4 };
	op->actor %= actors;
	op->arg[0] = zc_path_directory(number);
	op->arg[1] = modes[zc_random_below(random, 7)];
}

/* Something to begin with in the slots: files for two turns, then a directory. */
static void fill_slot(struct random *random, const struct actors *actors, int number, struct op *op)
{
	make_op(random, actors, row_named(number % 3 == 2 ? "open_dir" : "open"), false, op);
	if (number % 3 == 2) {
		op->arg[1] = zc_path_directory(zc_random_below(random, ZC_DIRECTORIES));
		return;
	}
	op->arg[0] = number % 4;
	op->arg[2] |= O_RDWR | O_CREAT;
	op->arg[2] &= ~(O_WRONLY | O_DIRECTORY | O_EXCL | O_PATH);
	op->arg[3] |= 0600;
}

void zc_sequence_make(const struct config *config, uint64_t seed, struct sequence *ret_sequence)
{
	struct random random = { seed };
	struct actors actors;
	int weight[MAX_ROWS], total;

	actors = choose_actors(&random, config->actors);
	ret_sequence->mixed = zc_random_below(&random, 3) == 0;
	ret_sequence->mapped = zc_random_below(&random, 2);
	total = choose_weights(config->without, ret_sequence, &random, weight);
	ret_sequence->seed = seed;
	ret_sequence->root_mode = root_modes[zc_random_below(&random, 4)];
	ret_sequence->count = config->length;
	for (int i = 0; i < config->length; i++) {
		if (i < ZC_DIRECTORIES)
			make_directory(&random, config->actors, i, &ret_sequence->op[i]);
		else if (i < ZC_DIRECTORIES + FILLED)
			fill_slot(&random, &actors, i, &ret_sequence->op[i]);
		else
			make_op(&random, &actors, choose_row(&random, weight, total),
				ret_sequence->mixed, &ret_sequence->op[i]);
	}
}
