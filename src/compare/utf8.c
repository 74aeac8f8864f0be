// SPDX-License-Identifier: MIT
// UTF-8 as Unicode defines it: no overlong forms, no surrogates, nothing above U+10FFFF.
// Must not know where the bytes come from.
#include "utf8.h"

/* How many bytes follow this first byte; -1: it is none. */
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

static bool is_second(unsigned char first, unsigned char second)
{
	unsigned char low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
	unsigned char high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;

	return second >= low && second <= high;
}

int zc_utf8_length(const char *text)
{
	const unsigned char *bytes = (const unsigned char *)text;
	int more = following(bytes[0]);

	if (more < 0 || (more && !is_second(bytes[0], bytes[1])))
		return 0;
	for (int i = 2; i <= more; i++)
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
	return more + 1;
}

bool zc_utf8_is_control(const char *text)
{
	const unsigned char *bytes = (const unsigned char *)text;

	return bytes[0] < ' ' || bytes[0] == 0x7f || (bytes[0] == 0xc2 && bytes[1] < 0xa0);
}
