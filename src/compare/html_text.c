// SPDX-License-Identifier: MIT
// Text that comes from outside, made harmless for a page.
// Must not know what it says.
#include "html.h"

#include "utf8.h"

#include <stdarg.h>

#define REPLACEMENT "\xef\xbf\xbd"

static const struct {
	char character;
	const char *entity;
} entities[] = {
	{ '<', "&lt;" }, { '>', "&gt;" }, { '&', "&amp;" }, { '"', "&quot;" }, { '\'', "&#39;" },
};

static const char *entity_of(char character)
{
	for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++)
		if (entities[i].character == character)
			return entities[i].entity;
	return NULL;
}

void zc_html_text(FILE *out, const char *bytes)
{
	while (*bytes) {
		int length = zc_utf8_length(bytes);
		const char *entity = entity_of(*bytes);

		if (!length || zc_utf8_is_control(bytes))
			fputs(REPLACEMENT, out);
		else if (bytes[0] == ' ' && bytes[1] == '%')
			fputs("&nbsp;", out); /* no line ends between a number and its sign */
		else if (entity)
			fputs(entity, out);
		else
			fwrite(bytes, 1, (size_t)length, out);
		bytes += length ? length : 1;
	}
}

void zc_html_print(FILE *out, const char *format, ...)
{
	char text[4096];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	zc_html_text(out, text);
}
