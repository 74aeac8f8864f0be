// SPDX-License-Identifier: MIT
// JSON that report_json.c wrote, back into a result. Keys that it does not know are passed over (a
// later version may write more); what follows from the samples is not read but found again.
// Must not know how a result came about, nor believe anything about its input.
#include "report.h"

#include "fields.h"

#include <errno.h>
#include <jansson.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define MOST_METHODS 64 /* as many as a command line can choose from */

enum kind { TEXT, FLAG, COUNT, REAL };

/* A key, and where in a struct its value goes. COUNT: any integer of 4 or 8 bytes. */
struct entry {
	const char *key;
	enum kind kind;
	size_t offset, size;
};

#define ENTRY(type, name, kind)                                                                    \
	{                                                                                          \
#name, kind, offsetof(struct type, name), sizeof(((struct type *)0)->name)         \
	}

static const struct entry result_entries[] = {
	ENTRY(zc_result, version, TEXT), ENTRY(zc_result, command, TEXT),
	ENTRY(zc_result, cold, FLAG),	 ENTRY(zc_result, quick, FLAG),
	ENTRY(zc_result, size, COUNT),	 ENTRY(zc_result, interrupted, FLAG),
	ENTRY(zc_result, source, TEXT),	 ENTRY(zc_result, sha256, TEXT),
	ENTRY(zc_result, copies, COUNT), ENTRY(zc_result, compared, COUNT),
	ENTRY(zc_result, seconds, REAL), ENTRY(zc_result, repeats, COUNT),
};

static const struct entry machine_entries[] = {
	ENTRY(zc_machine, kernel, TEXT),       ENTRY(zc_machine, processor, TEXT),
	ENTRY(zc_machine, processors, COUNT),  ENTRY(zc_machine, memory, COUNT),
	ENTRY(zc_machine, file_system, TEXT),  ENTRY(zc_machine, date, TEXT),
	ENTRY(zc_machine, distribution, TEXT),
};

static const struct entry way_entries[] = {
	ENTRY(zc_way_result, name, TEXT), ENTRY(zc_way_result, plane, TEXT),
	ENTRY(zc_way_result, dir, TEXT),  ENTRY(zc_way_result, daemon, FLAG),
	ENTRY(zc_way_result, note, TEXT),
};

static const struct entry method_entries[] = {
	ENTRY(zc_method_result, name, TEXT),
	ENTRY(zc_method_result, what, TEXT),
	ENTRY(zc_method_result, program, FLAG),
};

static const struct entry cell_entries[] = {
	ENTRY(zc_cell, made, FLAG),
	ENTRY(zc_cell, why_not, TEXT),
};

static const struct entry counts_entries[] = {
	ENTRY(zc_counts, known, FLAG),		 ENTRY(zc_counts, daemon_known, FLAG),
	ENTRY(zc_counts, system_calls, COUNT),	 ENTRY(zc_counts, copier_bytes, COUNT),
	ENTRY(zc_counts, mapped_bytes, COUNT),	 ENTRY(zc_counts, daemon_copied, COUNT),
	ENTRY(zc_counts, daemon_spliced, COUNT), ENTRY(zc_counts, why_not, TEXT),
};

/* ---- values ---------------------------------------------------------------------------------- */

static bool read_text(const json_t *value, char *text, size_t size)
{
	if (!json_is_string(value) || json_string_length(value) >= size)
		return false;
	memcpy(text, json_string_value(value), json_string_length(value) + 1);
	return true;
}

static bool read_flag(const json_t *value, bool *flag)
{
	*flag = json_is_true(value);
	return json_is_boolean(value);
}

static bool read_count(const json_t *value, void *count, size_t size)
{
	json_int_t number = json_integer_value(value);
	int32_t small = (int32_t)number;

	if (!json_is_integer(value) || number < 0 || (size == sizeof(small) && number > INT32_MAX))
		return false;
	memcpy(count, size == sizeof(small) ? (void *)&small : (void *)&number, size);
	return true;
}

/* Other writers may leave out the point of a number that is whole. */
static bool read_real(const json_t *value, double *real)
{
	*real = json_number_value(value);
	return json_is_number(value) && *real >= 0;
}

static bool read_entry(const json_t *object, const struct entry *entry, void *base)
{
	const json_t *value = json_object_get(object, entry->key);
	void *at = (char *)base + entry->offset;

	switch (entry->kind) {
	case TEXT:
		return read_text(value, at, entry->size);
	case FLAG:
		return read_flag(value, at);
	case COUNT:
		return read_count(value, at, entry->size);
	case REAL:
		return read_real(value, at);
	}
	return false;
}

static bool read_entries(const json_t *object, const struct entry *entries, size_t count,
			 void *base)
{
	for (size_t i = 0; i < count; i++)
		if (!read_entry(object, &entries[i], base))
			return false;
	return json_is_object(object);
}

#define READ(object, entries, base)                                                                \
	read_entries(object, entries, sizeof(entries) / sizeof((entries)[0]), base)

/* ---- structures ------------------------------------------------------------------------------ */

static bool read_requests(json_t *object, struct zc_counts *counts)
{
	const char *name;
	json_t *value;

	if (!json_is_object(object) || json_object_size(object) > ZC_MAX_REQUESTS)
		return false;
	json_object_foreach(object, name, value)
	{
		char *to = counts->request[counts->requests].name;
		uint64_t *count = &counts->request[counts->requests++].count;

		if (strlen(name) >= sizeof(counts->request[0].name) ||
		    !read_count(value, count, sizeof(*count)))
			return false;
		memcpy(to, name, strlen(name) + 1);
	}
	return true;
}

static bool read_counts(const json_t *object, struct zc_counts *counts)
{
	return READ(object, counts_entries, counts) &&
	       read_requests(json_object_get(object, "requests"), counts);
}

static bool read_sample(const json_t *object, struct zc_sample *sample)
{
	for (int i = 0; i < zc_field_count; i++) {
		const json_t *value = json_object_get(object, zc_fields[i].name);
		void *at = (char *)sample + zc_fields[i].offset;

		if (zc_fields[i].count ? !read_count(value, at, sizeof(long))
				       : !read_real(value, at))
			return false;
	}
	return true;
}

static bool read_cell(const json_t *object, struct zc_cell *cell)
{
	const json_t *samples = json_object_get(object, "samples");
	size_t count = json_array_size(samples);

	if (!READ(object, cell_entries, cell) || !json_is_array(samples) ||
	    count > ZC_MAX_REPEATS || (count && !cell->made) ||
	    !read_counts(json_object_get(object, "counts"), &cell->counts))
		return false;
	cell->samples = (int)count;
	for (size_t i = 0; i < count; i++)
		if (!read_sample(json_array_get(samples, i), &cell->sample[i]))
			return false;
	return true;
}

static bool read_method(const json_t *object, int ways, struct zc_method_result *method)
{
	const json_t *routes = json_object_get(object, "routes");

	if (!READ(object, method_entries, method))
		return false;
	for (int route = 0; route < ZC_ROUTES; route++) {
		const json_t *cells = json_object_get(routes, zc_route_names[route]);

		if (json_array_size(cells) != (size_t)ways)
			return false;
		for (int way = 0; way < ways; way++)
			if (!read_cell(json_array_get(cells, (size_t)way),
				       &method->cell[route][way]))
				return false;
	}
	return true;
}

static bool read_ways(const json_t *array, struct zc_result *result)
{
	size_t count = json_array_size(array);

	if (!count || count > ZC_MAX_WAYS)
		return false;
	result->ways = (int)count;
	for (size_t i = 0; i < count; i++)
		if (!READ(json_array_get(array, i), way_entries, &result->way[i]))
			return false;
	return true;
}

static int read_methods(const json_t *array, struct zc_result *result)
{
	size_t count = json_array_size(array);

	if (!json_is_array(array) || count > MOST_METHODS)
		return -EINVAL;
	result->method = calloc(count + 1, sizeof(*result->method));
	if (!result->method)
		return -ENOMEM;
	result->methods = (int)count;
	for (size_t i = 0; i < count; i++)
		if (!read_method(json_array_get(array, i), result->ways, &result->method[i]))
			return -EINVAL;
	return 0;
}

static int read_result(const json_t *object, struct zc_result *result)
{
	const char *schema = json_string_value(json_object_get(object, "schema"));

	if (!schema || strcmp(schema, ZC_REPORT_SCHEMA) != 0 ||
	    !READ(object, result_entries, result) || result->repeats > ZC_MAX_REPEATS ||
	    !READ(json_object_get(object, "machine"), machine_entries, &result->machine) ||
	    !read_ways(json_object_get(object, "ways"), result))
		return -EINVAL;
	return read_methods(json_object_get(object, "methods"), result);
}

static json_t *load(FILE *in, int *ret_err)
{
	json_error_t error;
	json_t *object = json_loadf(in, JSON_REJECT_DUPLICATES, &error);

	if (!object)
		*ret_err = ferror(in)						 ? -EIO
			   : json_error_code(&error) == json_error_out_of_memory ? -ENOMEM
										 : -EINVAL;
	return object;
}

struct zc_result *zc_result_from_json(FILE *in, int *ret_err)
{
	struct zc_result *result = NULL;
	json_t *object = load(in, ret_err);
	int err;

	if (!object)
		return NULL;
	result = calloc(1, sizeof(*result));
	err = result ? read_result(object, result) : -ENOMEM;
	json_decref(object);
	if (err) {
		if (result)
			zc_result_fini(result);
		free(result);
		*ret_err = err;
		return NULL;
	}
	return result;
}
