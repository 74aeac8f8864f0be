// SPDX-License-Identifier: MIT
// A sequence of calls from a seed: some rows of the table are left out of each, so that others meet more often.
// Must not know what calls do.
#include "twin.h"

#include <string.h>

/* Of the directory that all calls are made in; its group is 2000. */
static const int root_modes[] = { 0777, 0777, 03775, 01777 };

/* Rows that no sequence can do without. */
static bool always(const struct row *row)
{
	return !strcmp(row->name, "open") || !strcmp(row->name, "mkdir") ||
	       !strcmp(row->name, "write");
}

static bool left_out(const char *list, const char *name)
{
	size_t size = strlen(name);

	for (; *list; list += strcspn(list, ",") + (list[strcspn(list, ",")] == ','))
		if (strcspn(list, ",") == size && !strncmp(list, name, size))
			return true;
	return false;
}

static int choose_weights(const char *without, struct random *random, int *weight)
{
	int total = 0;

	for (int i = 0; i < zc_row_count; i++) {
		bool taken = always(&zc_rows[i]) || zc_random_below(random, 100) < 65;

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

static void make_op(struct random *random, int actors, int row, bool setid, struct op *op)
{
	*op = (struct op){ .row = row, .actor = zc_random_below(random, actors) };
	for (int i = 0; zc_rows[row].kinds[i]; i++) {
		op->arg[i] = zc_arg_make(zc_rows[row].kinds[i], random);
		if (zc_rows[row].kinds[i] == 'm' && !setid)
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

void zc_sequence_make(const struct config *config, uint64_t seed, struct sequence *ret_sequence)
{
	struct random random = { seed };
	int weight[MAX_ROWS], total;

	total = choose_weights(config->without, &random, weight);
	ret_sequence->seed = seed;
	ret_sequence->root_mode = root_modes[zc_random_below(&random, 4)];
	ret_sequence->setid = zc_random_below(&random, 3) == 0;
	ret_sequence->count = config->length;
	for (int i = 0; i < config->length; i++) {
		if (i < ZC_DIRECTORIES)
			make_directory(&random, config->actors, i, &ret_sequence->op[i]);
		else
			make_op(&random, config->actors, choose_row(&random, weight, total),
				ret_sequence->setid, &ret_sequence->op[i]);
	}
}
