// SPDX-License-Identifier: MIT
// A result as a real run gives it, but always the same: tables of what was once measured, and a little noise.
// Must not know how anything is shown.
#include "made_up.h"

#include <stdio.h>
#include <stdlib.h>

#define FILES	   (1u << ZC_FILE_TO_FILE)
#define FROM_FILES (FILES | 1u << ZC_FILE_TO_TCP | 1u << ZC_FILE_TO_UNIX)
#define ALL	   (FROM_FILES | 1u << ZC_SOCKET_TO_FILE)
#define REPEATS	   5

/* ms: by the plain path. in_memory, mapped: times the file. slower: on splice and copy. */
static const struct {
	const char *name, *what, *else_where;
	unsigned routes;
	double ms, slower[2], in_memory, mapped;
	long calls;
	bool program;
} methods[] = {
	{ "read+write, whole file",
	  "the article's first program: one buffer, one read, one write",
	  "",
	  ALL,
	  18.3,
	  { 1.6, 1.9 },
	  2,
	  0,
	  9,
	  false },
	{ "read+write, 4 KiB",
	  "read(2) and write(2) in turn through a page",
	  "",
	  ALL,
	  22.3,
	  { 3.8, 4.5 },
	  2,
	  0,
	  8198,
	  false },
	{ "read+write, 64 KiB",
	  "read(2) and write(2) in turn through 64 KiB",
	  "",
	  ALL,
	  7.1,
	  { 3.6, 4.6 },
	  2,
	  0,
	  518,
	  false },
	{ "read+write, 1 MiB",
	  "read(2) and write(2) in turn through 1 MiB",
	  "",
	  ALL,
	  6.8,
	  { 3.7, 4.5 },
	  2,
	  0,
	  38,
	  false },
	{ "sendfile",
	  "the article's second program: sendfile(2)",
	  "sendfile(2) reads from files only",
	  FROM_FILES,
	  6.6,
	  { 3.1, 3.7 },
	  0,
	  0,
	  6,
	  false },
	{ "splice",
	  "splice(2) into a pipe and out of it: pages move, not bytes",
	  "",
	  ALL,
	  4.3,
	  { 3.2, 3.8 },
	  0,
	  0,
	  522,
	  false },
	{ "copy_file_range",
	  "copy_file_range(2): the file system copies by itself",
	  "copy_file_range(2) needs two files",
	  FILES,
	  5.4,
	  { 1.1, 1.1 },
	  0,
	  0,
	  6,
	  false },
	{ "mmap+write",
	  "the file is mapped and written from the mapping",
	  "a socket cannot be mapped",
	  FROM_FILES,
	  13.8,
	  { 1.3, 1.7 },
	  1,
	  1,
	  22,
	  false },
	{ "O_DIRECT",
	  "read(2) and write(2) past the page cache",
	  "",
	  ALL,
	  21.6,
	  { 0.6, 0.7 },
	  2,
	  0,
	  40,
	  false },
	{ "io_uring",
	  "reads and writes, eight at a time, through io_uring",
	  "several at a time have no order on a socket",
	  FILES,
	  9.8,
	  { 3.6, 4.2 },
	  2,
	  0,
	  30,
	  false },
	{ "cp",
	  "cp of coreutils",
	  "cp copies files only",
	  FILES,
	  7.8,
	  { 1.1, 1.1 },
	  0,
	  0,
	  169,
	  true },
	{ "cat",
	  "cat of coreutils, into a file or a socket",
	  "",
	  ALL,
	  6.6,
	  { 1.4, 1.6 },
	  0.5,
	  0,
	  170,
	  true },
	{ "dd", "dd bs=1M of coreutils", "", ALL, 10.2, { 2.0, 3.6 }, 2, 0, 160, true },
	{ "rsync",
	  "rsync of one file, whole",
	  "rsync speaks its own protocol over sockets",
	  FILES,
	  67.1,
	  { 1.4, 1.5 },
	  6,
	  0,
	  1720,
	  true },
	{ "tar",
	  "tar into a pipe, and out of it by a second tar",
	  "what tar sends is an archive, not the file",
	  FILES,
	  32.2,
	  { 3.0, 3.6 },
	  4,
	  0,
	  3500,
	  true },
	{ "curl <file:&>",
	  "curl of a file:// address",
	  "curl asks servers, it takes no connection",
	  FROM_FILES,
	  19.5,
	  { 2.5, 3.3 },
	  2,
	  0,
	  2300,
	  true },
};
#define METHODS (int)(sizeof(methods) / sizeof(methods[0]))

static const char *const ways[] = { "plain", "plain again", "passthrough", "splice", "copy" };
static const double route_factor[ZC_ROUTES] = { 1, 1.3, 1.2, 1.9 };

/* -1 to 1, always in the same order. */
static double shake(unsigned *seed)
{
	*seed = *seed * 1103515245u + 12345u;
	return (double)(*seed >> 16 & 0x7fff) / 16384 - 1;
}

static double slower_by(int method, int way)
{
	return way < 2 ? 1 : way == 2 ? 1.01 : methods[method].slower[way - 3];
}

static struct zc_sample sample(double wall, int way, unsigned *seed)
{
	double daemon = way == 3 ? 0.28 * wall : way == 4 ? 0.45 * wall : way == 2 ? 0.0002 : 0;

	return (struct zc_sample){ .wall = wall,
				   .copier_user = 0.04 * wall,
				   .copier_system = 0.75 * wall * (1 + 0.05 * shake(seed)),
				   .copier_clock = 0.8 * wall,
				   .daemon_system = daemon,
				   .daemon_cpu = daemon,
				   .copier_voluntary = way < 3 ? 1 : 40,
				   .copier_involuntary = 2,
				   .daemon_voluntary = way < 2	  ? 0
						       : way == 2 ? 9
								  : 44,
				   .copier_faults = 90,
				   .resident = 1 };
}

static void request(struct zc_counts *counts, const char *name, uint64_t count)
{
	snprintf(counts->request[counts->requests].name, sizeof(counts->request[0].name), "%s",
		 name);
	counts->request[counts->requests++].count = count;
}

/* A file on the mount is read, or written, or both. */
static void count_daemon(struct zc_counts *counts, int route, int way)
{
	uint64_t through = MADE_UP_SIZE * (route == ZC_FILE_TO_FILE ? 2ull : 1ull);

	counts->daemon_known = true;
	request(counts, "lookup", 5);
	request(counts, "open", 1);
	request(counts, "release", 1);
	if (way > 2 && route != ZC_SOCKET_TO_FILE)
		request(counts, "read", 17);
	if (way > 2 && (route == ZC_FILE_TO_FILE || route == ZC_SOCKET_TO_FILE))
		request(counts, "write", 17);
	counts->daemon_spliced = way == 3 ? through : 0;
	counts->daemon_copied = way == 4 ? 2 * through : 0;
}

static void fill_cell(struct zc_cell *cell, int method, int route, int way, unsigned *seed)
{
	double wall = methods[method].ms / 1000 * route_factor[route] * slower_by(method, way);

	cell->made = methods[method].routes & (1u << route);
	if (!cell->made) {
		snprintf(cell->why_not, sizeof(cell->why_not), "%s", methods[method].else_where);
		return;
	}
	cell->samples = REPEATS;
	for (int i = 0; i < REPEATS; i++)
		cell->sample[i] = sample(wall * (1 + 0.03 * shake(seed)), way, seed);
	cell->counts.known = true;
	cell->counts.system_calls = methods[method].calls;
	cell->counts.copier_bytes = (uint64_t)(methods[method].in_memory * MADE_UP_SIZE);
	cell->counts.mapped_bytes = (uint64_t)(methods[method].mapped * MADE_UP_SIZE);
	if (way >= 2)
		count_daemon(&cell->counts, route, way);
}

static void fill_ways(struct zc_result *result)
{
	result->ways = 5;
	for (int i = 0; i < result->ways; i++) {
		struct zc_way_result *way = &result->way[i];

		snprintf(way->name, sizeof(way->name), "%s", ways[i]);
		snprintf(way->plane, sizeof(way->plane), "%s", i < 2 ? "" : ways[i]);
		snprintf(way->dir, sizeof(way->dir), i < 2 ? "/srv/data" : "/tmp/m/%s", ways[i]);
		way->daemon = i >= 2;
	}
}

static void fill_machine(struct zc_machine *machine)
{
	*machine = (struct zc_machine){ .kernel = "Linux 6.18.44 x86_64",
					.processor = "AMD EPYC",
					.file_system = "ext4",
					.distribution = "Debian GNU/Linux 12 (bookworm)",
					.date = "2026-11-23 11:16:12 +0000",
					.processors = 2,
					.memory = 25276502016ull };
}

struct zc_result *made_up(void)
{
	struct zc_result *result = calloc(1, sizeof(*result));
	unsigned seed = 1;

	if (!result)
		abort();
	result->method = calloc(METHODS, sizeof(*result->method));
	if (!result->method)
		abort();
	result->methods = METHODS;
	result->size = MADE_UP_SIZE;
	result->repeats = REPEATS;
	result->copies = result->compared = 1180;
	result->seconds = 71.5;
	snprintf(result->version, sizeof(result->version), "0.1.0");
	snprintf(result->source, sizeof(result->source), "/srv/data/<b>R&D \"plan\"\xff\n.iso");
	snprintf(result->command, sizeof(result->command),
		 "zcfs-compare --quick --html report.html --file '%.800s' --self /srv/data",
		 result->source);
	snprintf(result->sha256, sizeof(result->sha256),
		 "fffbd2b9d0196749b49a8acb5bfda88626cc338a7832cc0a09a0a4e411d38801");
	fill_machine(&result->machine);
	fill_ways(result);
	for (int i = 0; i < METHODS; i++) {
		struct zc_method_result *method = &result->method[i];

		snprintf(method->name, sizeof(method->name), "%s", methods[i].name);
		snprintf(method->what, sizeof(method->what), "%s", methods[i].what);
		method->program = methods[i].program;
		for (int route = 0; route < ZC_ROUTES; route++)
			for (int way = 0; way < result->ways; way++)
				fill_cell(&method->cell[route][way], i, route, way, &seed);
	}
	return result;
}

void made_up_walls(struct zc_cell *cell, int count, const double *walls)
{
	cell->made = true;
	cell->samples = count;
	for (int i = 0; i < count; i++)
		cell->sample[i].wall = walls[i];
}
