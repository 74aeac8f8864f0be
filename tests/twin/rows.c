// SPDX-License-Identifier: MIT
// The table of calls, each compiled from calls.def; and the text that printed programs begin with.
// Must not know which calls are chosen, nor what is done with the answers.
#include "twin.h"

#include "call.h"
#include "call_file.h"
#include "call_data.h"
#include "call_attr.h"
#include "call_name.h"
#include "call_xattr.h"
#include "call_lock.h"
#include "call_map.h"
#include "call_tree.h"

_Static_assert(NOTE_SIZE == NOTE, "a reply holds every note");

#define X(name, weight, kinds, call)                                                               \
	static long run_##name(const int64_t *arg, const char *const *text)                        \
	{                                                                                          \
		MAYBE_UNUSED long a0 = arg[0], a1 = arg[1], a2 = arg[2], a3 = arg[3];              \
		MAYBE_UNUSED long a4 = arg[4], a5 = arg[5];                                        \
		MAYBE_UNUSED const char *p0 = text[0], *p1 = text[1], *p2 = text[2];               \
		MAYBE_UNUSED const char *p3 = text[3];                                             \
                                                                                                   \
		return call;                                                                       \
	}
#include "calls.def"
#undef X

#define X(name, weight, kinds, call) { #name, weight, kinds, #call, run_##name },
const struct row zc_rows[] = {
#include "calls.def"
};
#undef X
const int zc_row_count = (int)(sizeof(zc_rows) / sizeof(zc_rows[0]));

/* The headers themselves, for printed programs. */
__asm__(".pushsection .rodata\n"
	".globl zc_program_head\n"
	"zc_program_head:\n"
	".incbin \"" ZC_TWIN_SOURCE "/call.h\"\n"
	".incbin \"" ZC_TWIN_SOURCE "/call_file.h\"\n"
	".incbin \"" ZC_TWIN_SOURCE "/call_data.h\"\n"
	".incbin \"" ZC_TWIN_SOURCE "/call_attr.h\"\n"
	".incbin \"" ZC_TWIN_SOURCE "/call_name.h\"\n"
	".incbin \"" ZC_TWIN_SOURCE "/call_xattr.h\"\n"
	".incbin \"" ZC_TWIN_SOURCE "/call_lock.h\"\n"
	".incbin \"" ZC_TWIN_SOURCE "/call_map.h\"\n"
	".incbin \"" ZC_TWIN_SOURCE "/call_tree.h\"\n"
	".incbin \"" ZC_TWIN_SOURCE "/call_program.h\"\n"
	".byte 0\n"
	".popsection\n");

int zc_everybody(void)
{
	return EVERYBODY;
}

const char *zc_actor_name(int actor)
{
	return everybody[actor].name;
}

int zc_begin_as(int actor)
{
	began = time(NULL);
	return begin_as(actor);
}

static void make_call(const struct row *row, const struct op *op)
{
	static char buf[ARGS][STRING_SIZE];
	const char *text[ARGS] = { NULL };
	int number;

	for (int i = 0; row->kinds[i]; i++)
		if (zc_arg_is_string(row->kinds[i]))
			text[i] = zc_arg_string(row->kinds[i], op->arg[i], buf[i]);
	number = sigsetjmp(fault, 1);
	errno = 0;
	if (number)
		say_fault(number);
	else
		said.value = row->run(op->arg, text);
	said.err = said.value == -1 ? errno : 0;
}

void zc_run_op(const struct op *op, unsigned ground, struct reply *ret_reply)
{
	const struct row *row = &zc_rows[op->row];

	said = (struct said){ .value = -2 };
	if (zc_known_to_skip(ground, row, op, slot)) {
		*ret_reply = (struct reply){ .skipped = true };
		return;
	}
	make_call(row, op);
	*ret_reply = (struct reply){ .value = said.value, .err = said.err };
	memcpy(ret_reply->note, said.note, sizeof(said.note));
}

void zc_describe_tree(FILE *out, bool contents)
{
	tree_describe(out, contents);
}
