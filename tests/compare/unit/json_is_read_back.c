// SPDX-License-Identifier: MIT
// What is written as JSON is read back the same, and nothing else is: each key that is missing,
// of another type or out of bounds is EINVAL. Must not know the order of keys.
#include "made_up.h"
#include "unit.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fields.h"
#include "report.h"

static char *written(const struct zc_result *result)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	assert_int_equal(zc_report_json(result, out), 0);
	fclose(out);
	return text;
}

/* NULL: refused with *ret_err. */
static struct zc_result *read_text(const char *text, size_t size, int *ret_err)
{
	FILE *in = fmemopen((void *)(uintptr_t)text, size, "r");
	struct zc_result *result;

	assert_non_null(in);
	result = zc_result_from_json(in, ret_err);
	fclose(in);
	return result;
}

static void end(struct zc_result *result)
{
	zc_result_fini(result);
	free(result);
}

/* ---- the same -------------------------------------------------------------------------------- */

static void same_sample(const struct zc_sample *one, const struct zc_sample *other)
{
	for (int i = 0; i < zc_field_count; i++) {
		const char *a = (const char *)one + zc_fields[i].offset;
		const char *b = (const char *)other + zc_fields[i].offset;

		if (zc_fields[i].count)
			assert_int_equal(*(const long *)a, *(const long *)b);
		else if (fabs(*(const double *)a - *(const double *)b) > 1e-9)
			fail_msg("%s: %.12g, %.12g", zc_fields[i].name, *(const double *)a,
				 *(const double *)b);
	}
}

static void same_cell(const struct zc_cell *one, const struct zc_cell *other)
{
	assert_int_equal(one->made, other->made);
	assert_string_equal(one->why_not, other->why_not);
	assert_int_equal(one->samples, other->samples);
	for (int i = 0; i < one->samples; i++)
		same_sample(&one->sample[i], &other->sample[i]);
	assert_memory_equal(&one->counts, &other->counts, sizeof(one->counts));
}

static void same_method(const struct zc_method_result *one, const struct zc_method_result *other)
{
	assert_string_equal(one->name, other->name);
	assert_string_equal(one->what, other->what);
	assert_int_equal(one->program, other->program);
	for (int route = 0; route < ZC_ROUTES; route++)
		for (int way = 0; way < ZC_MAX_WAYS; way++)
			same_cell(&one->cell[route][way], &other->cell[route][way]);
}

static void same_but_samples(const struct zc_result *one, const struct zc_result *other)
{
	struct zc_result a = *one, b = *other;

	a.method = b.method = NULL;
	assert_true(fabs(a.seconds - b.seconds) < 1e-6);
	a.seconds = b.seconds = 0;
	assert_memory_equal(&a, &b, sizeof(a));
}

static void everything_is_the_same(void **state)
{
	struct zc_result *result = made_up(), *back;
	char *text, *again;
	int err = 0;

	(void)state;
	result->cold = result->interrupted = true;
	result->method[2].cell[1][3].counts.known = false;
	snprintf(result->method[2].cell[1][3].counts.why_not, 160, "no \"tracing\" \\ here");
	text = written(result);
	back = read_text(text, strlen(text), &err);
	if (!back)
		fail_msg("%d for what we wrote", err);
	/* the one byte that is no UTF-8 */
	assert_non_null(strchr(result->source, '\xff'));
	*strchr(result->source, '\xff') = '?';
	*strchr(result->command, '\xff') = '?';
	same_but_samples(result, back);
	for (int i = 0; i < result->methods; i++)
		same_method(&result->method[i], &back->method[i]);
	again = written(back);
	free(text);
	end(back);
	back = read_text(again, strlen(again), &err);
	text = written(back);
	assert_string_equal(text, again);
	free(text);
	free(again);
	end(back);
	end(result);
}

static void bounds_are_within(void **state)
{
	struct zc_result *result = made_up(), *back;
	struct zc_cell *cell = &result->method[0].cell[0][0];
	int err = 0;
	char *text;

	(void)state;
	result->methods = 1;
	result->ways = ZC_MAX_WAYS;
	memset(result->source, 's', PATH_MAX - 1);
	memset(result->command, 'c', sizeof(result->command) - 1);
	cell->samples = ZC_MAX_REPEATS;
	cell->counts.requests = ZC_MAX_REQUESTS;
	for (int i = 0; i < ZC_MAX_REQUESTS; i++)
		snprintf(cell->counts.request[i].name, 24, "a-long-request-name-%d", i & 63);
	cell->counts.copier_bytes = INT64_MAX;
	text = written(result);
	back = read_text(text, strlen(text), &err);
	assert_non_null(back);
	same_but_samples(result, back);
	same_method(&result->method[0], &back->method[0]);
	free(text);
	end(back);
	end(result);
}

/* ---- nothing else ---------------------------------------------------------------------------- */

/* Small, as it is read hundreds of times. */
static json_t *small(void)
{
	struct zc_result *result = made_up();
	char *text;
	json_t *object;

	result->methods = 1;
	result->ways = 3;
	text = written(result);
	object = json_loads(text, 0, NULL);
	assert_non_null(object);
	free(text);
	end(result);
	return object;
}

static int err_of(json_t *object)
{
	char *text = json_dumps(object, 0);
	struct zc_result *result;
	int err = 0;

	assert_non_null(text);
	result = read_text(text, strlen(text), &err);
	free(text);
	if (result)
		end(result);
	return err;
}

static const char *const not_needed[] = { "noise", "figures", "ratio", "verdict" };

static bool is_needed(const char *key)
{
	for (size_t i = 0; i < sizeof(not_needed) / sizeof(not_needed[0]); i++)
		if (!strcmp(key, not_needed[i]))
			return false;
	return true;
}

static void must_refuse(json_t *whole, const char *key, const char *why)
{
	if (err_of(whole) != -EINVAL)
		fail_msg("%s: %s: not refused", key, why);
}

/* Each key of part, which lies in whole: taken out, of another type, negative, endless. */
static void spoil_each(json_t *whole, json_t *part)
{
	json_t *keys = json_copy(part), *kept;
	static char endless[2 * PATH_MAX];
	const char *key;

	memset(endless, 'x', sizeof(endless) - 1);
	json_object_foreach(keys, key, kept)
	{
		if (!is_needed(key))
			continue;
		json_object_del(part, key);
		must_refuse(whole, key, "missing");
		json_object_set_new(part, key, json_null());
		must_refuse(whole, key, "null");
		json_object_set_new(part, key, json_integer(-1));
		must_refuse(whole, key, "negative");
		json_object_set_new(part, key, json_string(endless));
		must_refuse(whole, key, "endless");
		json_object_set(part, key, kept);
	}
	json_decref(keys);
	assert_int_equal(err_of(whole), 0);
}

static json_t *item(json_t *object, const char *key, size_t index)
{
	json_t *part = json_array_get(json_object_get(object, key), index);

	assert_non_null(part);
	return part;
}

static void each_key_is_needed(void **state)
{
	json_t *whole = small(), *method = item(whole, "methods", 0);
	json_t *routes = json_object_get(method, "routes");
	json_t *cell = item(routes, "file-to-file", 2);

	(void)state;
	spoil_each(whole, whole);
	spoil_each(whole, json_object_get(whole, "machine"));
	spoil_each(whole, item(whole, "ways", 2));
	spoil_each(whole, method);
	spoil_each(whole, routes);
	spoil_each(whole, cell);
	spoil_each(whole, item(cell, "samples", 1));
	spoil_each(whole, json_object_get(cell, "counts"));
	json_decref(whole);
}

static void unknown_keys_are_passed_over(void **state)
{
	json_t *whole = small();

	(void)state;
	json_object_set_new(whole, "later", json_array());
	json_object_set_new(item(whole, "methods", 0), "later", json_true());
	assert_int_equal(err_of(whole), 0);
	json_decref(whole);
}

static void repeat_item(json_t *array, size_t count)
{
	json_t *first = json_array_get(array, 0);

	while (json_array_size(array) < count)
		json_array_append(array, first);
}

static void too_many_are_refused(void **state)
{
	static const char *const arrays[] = { "methods", "ways" };
	json_t *whole, *requests, *cell;
	char name[24];

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		whole = small();
		repeat_item(json_object_get(whole, arrays[i]), 100);
		must_refuse(whole, arrays[i], "100");
		json_decref(whole);
	}
	whole = small();
	cell = item(json_object_get(item(whole, "methods", 0), "routes"), "file-to-file", 0);
	requests = json_object_get(json_object_get(cell, "counts"), "requests");
	for (int i = 0; i <= ZC_MAX_REQUESTS; i++) {
		snprintf(name, sizeof(name), "request %d", i);
		json_object_set_new(requests, name, json_integer(1));
	}
	must_refuse(whole, "requests", "65");
	json_object_clear(requests);
	repeat_item(json_object_get(cell, "samples"), ZC_MAX_REPEATS + 1);
	must_refuse(whole, "samples", "100");
	json_array_clear(json_object_get(cell, "samples"));
	assert_int_equal(err_of(whole), 0);
	json_decref(whole);
}

static void what_cannot_be_is_refused(void **state)
{
	json_t *whole = small();
	json_t *cell =
	    item(json_object_get(item(whole, "methods", 0), "routes"), "file-to-file", 0);

	(void)state;
	json_object_set_new(cell, "made", json_false());
	must_refuse(whole, "made", "false, with samples");
	json_object_set_new(cell, "made", json_true());
	json_object_set_new(whole, "repeats", json_integer(INT32_MAX + 1ll));
	must_refuse(whole, "repeats", "no int");
	json_object_set_new(whole, "repeats", json_integer(ZC_MAX_REPEATS + 1));
	must_refuse(whole, "repeats", "too many");
	json_object_set_new(whole, "repeats", json_integer(3));
	json_object_set_new(whole, "schema", json_string("zcfs-compare 2"));
	must_refuse(whole, "schema", "another");
	json_decref(whole);
}

static void text_that_is_no_json_is_refused(void **state)
{
	struct zc_result *result = made_up();
	char *text = written(result);
	size_t size = strlen(text), step = size / 50;
	static const char *const others[] = {
		" ", "[]", "{}", "null", "{\"a\":1,\"a\":2}", "\xff"
	};
	int err;

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		err = 0;
		assert_null(read_text(others[i], strlen(others[i]), &err));
		assert_int_equal(err, -EINVAL);
	}
	for (size_t cut = 1; cut < size - 2; cut += step) {
		err = 0;
		assert_null(read_text(text, cut, &err));
		assert_int_equal(err, -EINVAL);
	}
	free(text);
	end(result);
}

static void failures_of_files_are_told(void **state)
{
	struct zc_result *result = made_up();
	FILE *full = fopen("/dev/full", "we"), *dir = fopen("/", "re");
	int err = 0;

	(void)state;
	assert_non_null(full);
	assert_non_null(dir);
	assert_int_equal(zc_report_json(result, full), -ENOSPC);
	assert_null(zc_result_from_json(dir, &err));
	assert_int_equal(err, -EIO);
	fclose(full);
	fclose(dir);
	end(result);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_is_the_same),
		cmocka_unit_test(bounds_are_within),
		cmocka_unit_test(each_key_is_needed),
		cmocka_unit_test(unknown_keys_are_passed_over),
		cmocka_unit_test(too_many_are_refused),
		cmocka_unit_test(what_cannot_be_is_refused),
		cmocka_unit_test(text_that_is_no_json_is_refused),
		cmocka_unit_test(failures_of_files_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
