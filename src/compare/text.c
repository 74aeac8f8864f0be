// SPDX-License-Identifier: MIT
// Words and numbers in a line of text.
// Must not know whose lines they are.
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLANKS " \t\n"

bool zc_text_word(const char *line, int n, char *buf, size_t size)
{
	buf[0] = '\0';
	for (line += strspn(line, BLANKS); n > 0 && *line; n--) {
		line += strcspn(line, BLANKS);
		line += strspn(line, BLANKS);
	}
	if (!*line)
		return false;
	snprintf(buf, size, "%.*s", (int)strcspn(line, BLANKS), line);
	return true;
}

unsigned long long zc_text_number(const char *text)
{
	return strtoull(text, NULL, 10);
}

const char *zc_text_behind(const char *text, const char *key)
{
	const char *found = strstr(text, key);

	return found ? found + strlen(key) : NULL;
}

void zc_text_device(const char *word, unsigned *ret_major, unsigned *ret_minor)
{
	const char *colon = strchr(word, ':');

	*ret_major = (unsigned)zc_text_number(word);
	*ret_minor = colon ? (unsigned)zc_text_number(colon + 1) : 0;
}
