// SPDX-License-Identifier: MIT
// Sentences in lines for a terminal.
// Must not know what they say.
#include "table.h"

#include "utf8.h"

#include <stdarg.h>
#include <string.h>

#define LONGEST (PATH_MAX + 1024)

/* One character, and how many bytes it was. */
static int print_character(FILE *out, const char *at)
{
	int length = zc_utf8_length(at);

	if (!length || zc_utf8_is_control(at))
		fputc('?', out);
	else
		fwrite(at, 1, (size_t)length, out);
	return length ? length : 1;
}

/* Characters up to the next blank or the end. */
static int word_width(const char *at)
{
	int width = 0;

	while (*at && *at != ' ') {
		int length = zc_utf8_length(at);

		at += length ? length : 1;
		width++;
	}
	return width;
}

static int begin_line(const struct zc_table *table, int indent)
{
	fprintf(table->out, "\n%*s", indent, "");
	return indent;
}

/* Returns the column behind it. A word longer than a line goes on in the next one. */
static int print_word(const struct zc_table *table, int indent, int column, const char **at)
{
	while (**at && **at != ' ') {
		if (column == table->columns)
			column = begin_line(table, indent);
		*at += print_character(table->out, *at);
		column++;
	}
	return column;
}

void zc_table_text(const struct zc_table *table, int indent, const char *format, ...)
{
	char text[LONGEST];
	const char *at = text;
	int column = 0;
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	while (*at) {
		column = print_word(table, indent, column, &at);
		if (*at != ' ')
			break;
		at++;
		if (column + 1 + word_width(at) > table->columns && column > indent)
			column = begin_line(table, indent);
		else
			column += fputc(' ', table->out) == ' ';
	}
	fputc('\n', table->out);
}

/* Printing takes bytes for columns, so it is told how many bytes those columns are. */
void zc_table_cell(const struct zc_table *table, int width, const char *text)
{
	int room = width < 0 ? -width : width, used = 0;
	const char *end = text;

	for (; *end && used < room; used++) {
		int length = zc_utf8_length(end);

		end += length ? length : 1;
	}
	fprintf(table->out, "%*s", width < 0 ? room - used : 0, "");
	while (text < end)
		text += print_character(table->out, text);
	fprintf(table->out, "%*s", width < 0 ? 0 : room - used, "");
}
