// SPDX-License-Identifier: MIT
// Makes the calls of a sequence on both sides and finds the first difference.
// Must not know why a difference may be right: that is known.c's.
#include "twin.h"

#include <errno.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/vfs.h>

static void reply_text(const struct reply *reply, char *ret_text, size_t size)
{
	if (reply->skipped)
		snprintf(ret_text, size, "not made");
	else if (reply->err)
		snprintf(ret_text, size, "%ld %s%.300s", reply->value, strerrorname_np(reply->err),
			 reply->note);
	else
		snprintf(ret_text, size, "%ld%.300s", reply->value, reply->note);
}

static bool same(unsigned ground, const struct reply *one, const struct reply *other)
{
	return one->value == other->value && one->err == other->err &&
	       one->skipped == other->skipped && zc_known_same_text(ground, one->note, other->note);
}

static void tell_replies(const struct reply *reply, struct finding *finding)
{
	char plain[400], mirror[400];

	reply_text(&reply[PLAIN], plain, sizeof(plain));
	reply_text(&reply[MIRROR], mirror, sizeof(mirror));
	finding->found = true;
	snprintf(finding->text, sizeof(finding->text), "plain:  %s\nmirror: %s\n", plain, mirror);
}

static void copy_line(const char *text, char *ret_line)
{
	snprintf(ret_line, FIND_TEXT, "%.*s", (int)strcspn(text, "\n"), text);
}

static const char *next_line(const char *text)
{
	text += strcspn(text, "\n");
	return *text ? text + 1 : text;
}

/* The first line that differs, of both. */
static void tell_lines(unsigned ground, const char *one, const char *other, const char *what,
		       struct finding *finding)
{
	char here[FIND_TEXT], there[FIND_TEXT];

	for (; *one && *other; one = next_line(one), other = next_line(other)) {
		copy_line(one, here);
		copy_line(other, there);
		if (!zc_known_same_text(ground, here, there))
			break;
	}
	finding->found = true;
	snprintf(finding->text, sizeof(finding->text), "in the trees\nplain:  %.*s\n%s: %.*s\n",
		 (int)strcspn(one, "\n"), one, what, (int)strcspn(other, "\n"), other);
}

static void compare_trees(unsigned ground, struct crew *crew, struct finding *finding)
{
	const char *tree[SIDES];

	if (!zc_crew_trees(crew, tree)) {
		*finding = (struct finding){ .found = true, .hang = true, .at = finding->at };
		snprintf(finding->text, sizeof(finding->text),
			 "looking at the trees does not end\n");
	} else if (!zc_known_same_text(ground, tree[PLAIN], tree[MIRROR])) {
		tell_lines(ground, tree[PLAIN], tree[MIRROR], "mirror", finding);
	} else if (!zc_known_same_text(ground, tree[PLAIN], tree[BELOW])) {
		tell_lines(ground, tree[PLAIN], tree[BELOW], "below ", finding);
	}
}

static void tell_call(const struct config *config, const struct op *op, const struct reply *reply)
{
	char text[400];

	if (!config->verbose)
		return;
	reply_text(&reply[PLAIN], text, sizeof(text));
	printf("%d: ", op->actor);
	zc_print_op(stdout, op);
	printf(" -> %.150s\n", text);
}

static void make_calls(const struct config *config, struct crew *crew,
		       const struct sequence *sequence, struct finding *finding)
{
	struct reply reply[2];

	for (int i = 0; i < sequence->count && !finding->found; i++) {
		const struct op *op = &sequence->op[i];

		finding->at = i;
		finding->hang = !zc_crew_do(crew, op, reply);
		if (finding->hang)
			tell_replies(reply, finding);
		else if (!same(config->ground, &reply[PLAIN], &reply[MIRROR]) &&
			 !zc_known_to_differ(config->ground, &zc_rows[op->row], op, &reply[PLAIN],
					     &reply[MIRROR]))
			tell_replies(reply, finding);
		tell_call(config, op, reply);
	}
}

/* On tmpfs, or on overlayfs, whose upper layer is tmpfs here. */
static bool lies_in_memory(const char *dir)
{
	struct statfs st;

	return !statfs(dir, &st) &&
	       (st.f_type == TMPFS_MAGIC || st.f_type == OVERLAYFS_SUPER_MAGIC);
}

bool zc_run(const struct config *config, const struct sequence *sequence,
	    struct finding *ret_finding)
{
	static int number;
	struct config run_config = *config;
	struct crew *crew;
	struct finding finding = { 0 };

	run_config.ground = ZC_ON(config->plane);
	if (config->plane != PLANE_NONE && sequence->mixed)
		run_config.ground |= ZC_MIXED;
	if (run_config.ground & ZC_BUFFERED && lies_in_memory(config->dir[PLAIN]))
		run_config.ground |= ZC_MEMORY;
	if (sequence->mapped && run_config.ground & ZC_BUFFERED)
		run_config.ground |= ZC_MAPPED;
	crew = zc_crew_start(&run_config, ++number, sequence->root_mode);
	if (!crew) {
		ret_finding->found = true;
		snprintf(ret_finding->text, sizeof(ret_finding->text), "a run cannot be started\n");
		return false;
	}
	make_calls(&run_config, crew, sequence, &finding);
	if (!finding.found) {
		finding.at = sequence->count;
		compare_trees(run_config.ground, crew, &finding);
	}
	zc_crew_end(crew);
	*ret_finding = finding;
	return !finding.found;
}
