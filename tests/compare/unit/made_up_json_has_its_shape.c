// SPDX-License-Identifier: MIT
// The keys and types of the JSON are those in json-shape, in the same order each time: also
// where nothing can be mounted. Must not know any value.
#include "made_up.h"
#include "unit.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"

#define MOST  200
#define WIDTH 120

static char found[MOST][WIDTH];
static int count;

static const char *kind_of(const json_t *value)
{
	static const char *const kinds[] = {
		[JSON_OBJECT] = "object",   [JSON_ARRAY] = "list",   [JSON_STRING] = "text",
		[JSON_INTEGER] = "integer", [JSON_REAL] = "real",    [JSON_TRUE] = "boolean",
		[JSON_FALSE] = "boolean",   [JSON_NULL] = "nothing",
	};

	return kinds[json_typeof(value)];
}

static void note(const char *path, const char *kind)
{
	char line[WIDTH];

	snprintf(line, sizeof(line), "%s %s", path, kind);
	for (int i = 0; i < count; i++)
		if (!strcmp(found[i], line))
			return;
	assert_true(count < MOST);
	memcpy(found[count++], line, sizeof(line));
}

static bool ends_with(const char *text, const char *end)
{
	size_t size = strlen(text), tail = strlen(end);

	return size >= tail && !strcmp(text + size - tail, end);
}

/* Requests are named by what came, routes and figures are all alike. */
static bool is_any_key(const char *path)
{
	return ends_with(path, ".requests") || ends_with(path, ".routes") ||
	       ends_with(path, ".figures");
}

static void walk(const char *path, json_t *value)
{
	char below[WIDTH - 10];
	const char *key;
	json_t *item;
	size_t i;

	note(path, kind_of(value));
	json_object_foreach(value, key, item)
	{
		snprintf(below, sizeof(below), "%.60s.%.40s", path, is_any_key(path) ? "*" : key);
		walk(below, item);
	}
	snprintf(below, sizeof(below), "%.100s[]", path);
	json_array_foreach(value, i, item) walk(below, item);
}

static int by_text(const void *one, const void *other)
{
	return strcmp(one, other);
}

static json_t *made_up_json(void)
{
	struct zc_result *result = made_up();
	json_t *object;
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	assert_int_equal(zc_report_json(result, out), 0);
	fclose(out);
	object = json_loadb(text, size, 0, NULL);
	assert_non_null(object);
	free(text);
	zc_result_fini(result);
	free(result);
	return object;
}

static void shape_is_as_told(void **state)
{
	json_t *object = made_up_json();
	FILE *in = fopen(SHAPE, "re");
	char line[WIDTH];
	int lines = 0;

	(void)state;
	assert_non_null(in);
	walk("", object);
	qsort(found, (size_t)count, WIDTH, by_text);
	for (; fgets(line, sizeof(line), in); lines++) {
		line[strcspn(line, "\n")] = '\0';
		if (lines >= count || strcmp(line, found[lines]) != 0)
			fail_msg("%s instead of %s", lines < count ? found[lines] : "nothing",
				 line);
	}
	assert_int_equal(lines, count);
	fclose(in);
	json_decref(object);
}

static void order_is_always_the_same(void **state)
{
	static const char *const order[] = {
		"schema",      "version", "command", "machine", "cold",	   "quick",
		"interrupted", "size",	  "source",  "sha256",	"copies",  "compared",
		"seconds",     "repeats", "noise",   "ways",	"methods",
	};
	json_t *object = made_up_json(), *value;
	const char *key;
	size_t at = 0;

	(void)state;
	assert_int_equal(json_object_size(object), sizeof(order) / sizeof(order[0]));
	json_object_foreach(object, key, value) assert_string_equal(key, order[at++]);
	json_decref(object);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shape_is_as_told),
		cmocka_unit_test(order_is_always_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
