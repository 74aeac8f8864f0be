// SPDX-License-Identifier: MIT
// Text that comes from outside, made harmless for a page.
// Must not know what it says.
#include "html.h"

#include <stdarg.h>

#define REPLACEMENT "\xef\xbf\xbd"

static const struct {
	char character;
	const char *entity;
} entities[] = {
	{ '<', "&lt;" }, { '>', "&gt;" }, { '&', "&amp;" }, { '"', "&quot;" }, { '\'', "&#39;" },
};

/* How many bytes follow this first byte; -1: it is none. Overlong and too large ones are none. */
static int following(unsigned char first)
{
	if (first < 0x80)
		return 0;
	if (first >= 0xc2 && first <= 0xdf)
		return 1;
	if (first >= 0xe0 && first <= 0xef)
		return 2;
	return first >= 0xf0 && first <= 0xf4 ? 3 : -1;
}

/* Whether the second byte may follow the first: no surrogates, nothing that is shorter otherwise. */
static bool is_second(unsigned char first, unsigned char second)
{
	unsigned char low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
	unsigned char high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;

	return second >= low && second <= high;
}

/* Length of the character that begins here; 0: it is none. */
static int character_at(const unsigned char *bytes)
{
	int more = following(bytes[0]);

	if (more < 0 || (more && !is_second(bytes[0], bytes[1])))
		return 0;
	for (int i = 2; i <= more; i++)
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
	return more + 1;
}

static bool is_control(const unsigned char *bytes)
{
	return bytes[0] < ' ' || bytes[0] == 0x7f || (bytes[0] == 0xc2 && bytes[1] < 0xa0);
}

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
		int length = character_at((const unsigned char *)bytes);
		const char *entity = entity_of(*bytes);

		if (!length || is_control((const unsigned char *)bytes))
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
