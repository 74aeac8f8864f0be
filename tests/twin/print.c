// SPDX-License-Identifier: MIT
// A sequence as a C program of its own: the calls as they stand in the table, each argument in
// its place. Must not know what differed, but for the comment that says so.
#include "twin.h"

#include <ctype.h>
#include <string.h>

/* a3 or p3 that is a word of its own: the third argument. */
static bool is_argument(const char *text, const char *at)
{
	return (*at == 'a' || *at == 'p') && at[1] >= '0' && at[1] < '0' + ARGS &&
	       !isalnum((unsigned char)at[2]) && at[2] != '_' &&
	       (at == text || (!isalnum((unsigned char)at[-1]) && at[-1] != '_'));
}

void zc_print_op(FILE *out, const struct op *op)
{
	const struct row *row = &zc_rows[op->row];

	for (const char *at = row->text; *at; at++) {
		if (!is_argument(row->text, at)) {
			putc(*at, out);
			continue;
		}
		at++;
		zc_arg_print(out, row->kinds[*at - '0'], op->arg[*at - '0']);
	}
}

static void print_indented(FILE *out, const char *text)
{
	while (*text) {
		size_t size = strcspn(text, "\n");

		fputs(" * ", out);
		fwrite(text, 1, size, out);
		fputc('\n', out);
		text += size + (text[size] == '\n');
	}
}

static void print_comment(FILE *out, const struct config *config, const struct sequence *sequence,
			  const struct finding *finding)
{
	fprintf(
	    out,
	    "/*\n * A difference between a plain directory and its mirror, found by zc-twin.\n");
	fprintf(out, " * gcc -o show THIS.c && mkdir DIR/show && ./show DIR/show\n");
	fprintf(out, " * Again: zc-twin --seed %llu --ops %d --length %d --actors %d ...\n *\n",
		(unsigned long long)sequence->seed, config->length, config->length, config->actors);
	print_indented(out, finding->text);
	fprintf(out, " */\n");
}

void zc_print_program(FILE *out, const struct config *config, const struct sequence *sequence,
		      const struct finding *finding)
{
	print_comment(out, config, sequence, finding);
	fprintf(out, "%s\nstatic void all_calls(void)\n{\n", zc_program_head);
	for (int i = 0; i < sequence->count; i++) {
		fprintf(out, "\tas(%d) show(", sequence->op[i].actor);
		zc_print_op(out, &sequence->op[i]);
		fprintf(out, "); // %s\n", zc_actor_name(sequence->op[i].actor));
	}
	fprintf(out, "}\n\nstatic mode_t root_mode(void)\n{\n\treturn %#o;\n}\n",
		sequence->root_mode);
}
