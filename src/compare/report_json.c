// SPDX-License-Identifier: MIT
// A result as JSON: all samples, and the figures that follow from them.
// Must not know how the result came about.
#include "report.h"

#include "fields.h"
#include "figures.h"
#include "utf8.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>

/* Takes the new value; without memory all of it fails at the end. */
static void set(json_t *object, const char *key, json_t *value)
{
	json_object_set_new(object, key, value);
}

/* JSON is UTF-8, file names need not be. Not longer than before: it has to fit when it is read. */
static json_t *text(const char *bytes)
{
	char clean[PATH_MAX];
	size_t used = 0;

	while (*bytes) {
		int length = zc_utf8_length(bytes);
		size_t size = length ? (size_t)length : 1;

		if (used + size > sizeof(clean))
			break;
		memcpy(clean + used, length ? bytes : "?", size);
		used += size;
		bytes += size;
	}
	return json_stringn(clean, used);
}

static json_t *number(uint64_t value)
{
	return json_integer((json_int_t)value);
}

static json_t *figure_json(struct zc_figure figure)
{
	json_t *object = json_object();

	set(object, "median", json_real(figure.median));
	set(object, "low", json_real(figure.low));
	set(object, "high", json_real(figure.high));
	return object;
}

static json_t *sample_json(const struct zc_sample *sample)
{
	json_t *object = json_object();

	for (int i = 0; i < zc_field_count; i++) {
		const void *at = (const char *)sample + zc_fields[i].offset;

		set(object, zc_fields[i].name,
		    zc_fields[i].count ? json_integer(*(const long *)at)
				       : json_real(*(const double *)at));
	}
	return object;
}

static json_t *requests_json(const struct zc_counts *counts)
{
	json_t *object = json_object();

	for (int i = 0; i < counts->requests; i++)
		set(object, counts->request[i].name, number(counts->request[i].count));
	return object;
}

static json_t *counts_json(const struct zc_counts *counts)
{
	json_t *object = json_object();

	set(object, "known", json_boolean(counts->known));
	set(object, "why_not", text(counts->why_not));
	set(object, "system_calls", json_integer(counts->system_calls));
	set(object, "copier_bytes", number(counts->copier_bytes));
	set(object, "mapped_bytes", number(counts->mapped_bytes));
	set(object, "daemon_known", json_boolean(counts->daemon_known));
	set(object, "daemon_copied", number(counts->daemon_copied));
	set(object, "daemon_spliced", number(counts->daemon_spliced));
	set(object, "requests", requests_json(counts));
	return object;
}

static const char *const verdicts[] = {
	[ZC_SAME] = "same",
	[ZC_FASTER] = "faster",
	[ZC_SLOWER] = "slower",
	[ZC_CANNOT_TELL] = "cannot tell",
};

static json_t *medians_json(const struct zc_cell *cell)
{
	json_t *object = json_object();

	for (int i = 0; i < zc_field_count; i++)
		set(object, zc_fields[i].name,
		    figure_json(zc_fields[i].count ? zc_figure_of_count(cell, zc_fields[i].offset)
						   : zc_figure_of(cell, zc_fields[i].offset)));
	return object;
}

/* ways: all cells of this method on this route; the first is plain, the second the control. */
static json_t *cell_json(const struct zc_cell *ways, int way)
{
	const struct zc_cell *cell = &ways[way];
	json_t *object = json_object(), *samples = json_array();
	struct zc_figure ratio = zc_ratio(cell, &ways[0]), control = zc_ratio(&ways[1], &ways[0]);

	set(object, "made", json_boolean(cell->made));
	set(object, "why_not", text(cell->why_not));
	for (int i = 0; i < cell->samples; i++)
		json_array_append_new(samples, sample_json(&cell->sample[i]));
	set(object, "samples", samples);
	set(object, "counts", counts_json(&cell->counts));
	if (!cell->samples)
		return object;
	set(object, "figures", medians_json(cell));
	set(object, "ratio", figure_json(ratio));
	set(object, "verdict", text(verdicts[zc_tell(ratio, control)]));
	return object;
}

static json_t *method_json(const struct zc_result *result, const struct zc_method_result *method)
{
	json_t *object = json_object(), *routes = json_object();

	set(object, "name", text(method->name));
	set(object, "what", text(method->what));
	set(object, "program", json_boolean(method->program));
	for (int route = 0; route < ZC_ROUTES; route++) {
		json_t *ways = json_array();

		for (int way = 0; way < result->ways; way++)
			json_array_append_new(ways, cell_json(method->cell[route], way));
		set(routes, zc_route_names[route], ways);
	}
	set(object, "routes", routes);
	return object;
}

static json_t *machine_json(const struct zc_machine *machine)
{
	json_t *object = json_object();

	set(object, "kernel", text(machine->kernel));
	set(object, "processor", text(machine->processor));
	set(object, "processors", json_integer(machine->processors));
	set(object, "memory", number(machine->memory));
	set(object, "file_system", text(machine->file_system));
	set(object, "distribution", text(machine->distribution));
	set(object, "date", text(machine->date));
	return object;
}

static json_t *way_json(const struct zc_way_result *way)
{
	json_t *object = json_object();

	set(object, "name", text(way->name));
	set(object, "plane", text(way->plane));
	set(object, "dir", text(way->dir));
	set(object, "daemon", json_boolean(way->daemon));
	set(object, "note", text(way->note));
	return object;
}

static json_t *result_json(const struct zc_result *result)
{
	json_t *object = json_object(), *ways = json_array(), *methods = json_array();

	set(object, "schema", text(ZC_REPORT_SCHEMA));
	set(object, "version", text(result->version));
	set(object, "command", text(result->command));
	set(object, "machine", machine_json(&result->machine));
	set(object, "cold", json_boolean(result->cold));
	set(object, "quick", json_boolean(result->quick));
	set(object, "interrupted", json_boolean(result->interrupted));
	set(object, "size", number(result->size));
	set(object, "source", text(result->source));
	set(object, "sha256", text(result->sha256));
	set(object, "copies", json_integer(result->copies));
	set(object, "compared", json_integer(result->compared));
	set(object, "seconds", json_real(result->seconds));
	set(object, "repeats", json_integer(result->repeats));
	set(object, "noise", json_real(zc_noise(result)));
	for (int i = 0; i < result->ways; i++)
		json_array_append_new(ways, way_json(&result->way[i]));
	set(object, "ways", ways);
	for (int i = 0; i < result->methods; i++)
		json_array_append_new(methods, method_json(result, &result->method[i]));
	set(object, "methods", methods);
	return object;
}

int zc_report_json(const struct zc_result *result, FILE *out)
{
	json_t *object = result_json(result);
	int err = 0;

	if (!object)
		return -ENOMEM;
	errno = 0;
	if (json_dumpf(object, out, JSON_INDENT(2) | JSON_REAL_PRECISION(9)) ||
	    fputc('\n', out) < 0 || fflush(out))
		err = errno ? -errno : -EIO;
	json_decref(object);
	return err;
}
