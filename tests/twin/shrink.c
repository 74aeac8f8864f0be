// SPDX-License-Identifier: MIT
// Makes a sequence that shows a difference shorter, then simpler, as long as the same call still
// differs. Must not know what calls do: it tries and looks.
#include "twin.h"

#include <stdlib.h>
#include <string.h>

#define RUNS 600

struct search {
	const struct config *config;
	struct sequence *best;
	struct finding *finding;
	struct sequence tried;
	int row;
	int runs;
};

/* The row that differs, or -1: the trees at the end. */
static int differing_row(const struct sequence *sequence, const struct finding *finding)
{
	return finding->at < sequence->count ? sequence->op[finding->at].row : -1;
}

/* Keeps what was tried if it shows the difference too; calls behind that are of no use. */
static bool still_differs(struct search *search)
{
	struct finding finding;

	if (search->runs++ > RUNS || zc_run(search->config, &search->tried, &finding) ||
	    differing_row(&search->tried, &finding) != search->row)
		return false;
	if (finding.at < search->tried.count)
		search->tried.count = finding.at + 1;
	*search->best = search->tried;
	*search->finding = finding;
	return true;
}

static void leave_out(struct search *search, int first, int count)
{
	struct sequence *tried = &search->tried;

	*tried = *search->best;
	memmove(&tried->op[first], &tried->op[first + count],
		(size_t)(tried->count - first - count) * sizeof(tried->op[0]));
	tried->count -= count;
}

/* From the end, as calls there are needed least; in ever smaller pieces. */
static bool shorten(struct search *search)
{
	bool shorter = false;

	for (int piece = search->best->count / 2; piece > 0; piece /= 2) {
		for (int first = search->best->count - piece; first >= 0; first -= piece) {
			if (first + piece > search->best->count)
				continue;
			leave_out(search, first, piece);
			shorter |= still_differs(search);
		}
	}
	return shorter;
}

static bool simplify_actor(struct search *search, int at)
{
	if (!search->best->op[at].actor)
		return false;
	search->tried = *search->best;
	search->tried.op[at].actor = 0;
	return still_differs(search);
}

static bool simplify_argument(struct search *search, int at, int number)
{
	char letter = zc_rows[search->best->op[at].row].kinds[number];
	int64_t simple = zc_arg_simplest(letter);

	if (search->best->op[at].arg[number] == simple)
		return false;
	search->tried = *search->best;
	search->tried.op[at].arg[number] = simple;
	return still_differs(search);
}

static bool simplify(struct search *search)
{
	bool simpler = false;

	for (int at = search->best->count - 1; at >= 0; at--) {
		if (at >= search->best->count)
			continue;
		simpler |= simplify_actor(search, at);
		for (int i = 0;
		     at < search->best->count && zc_rows[search->best->op[at].row].kinds[i]; i++)
			simpler |= simplify_argument(search, at, i);
	}
	return simpler;
}

void zc_shrink(const struct config *config, struct sequence *sequence, struct finding *finding)
{
	struct search *search = calloc(1, sizeof(*search));

	if (!search)
		abort();
	*search = (struct search){ .config = config, .best = sequence, .finding = finding };
	search->row = differing_row(sequence, finding);
	if (finding->at < sequence->count)
		sequence->count = finding->at + 1;
	if (!finding->hang) {
		shorten(search);
		while (simplify(search) && shorten(search))
			;
	}
	free(search);
}
