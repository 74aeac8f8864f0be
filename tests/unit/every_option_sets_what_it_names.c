// SPDX-License-Identifier: MIT
// Each option of zcfs changes its own field; libfuse gets its own options and none of zcfs's.
// Must not know how options are parsed.
#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command_line.h"

static struct zc_options o;

static void parse(const char *words)
{
	command_line_accepted(&o, words);
}

static void flags(void **state)
{
	(void)state;
	parse("-f b m");
	assert_true(o.foreground && !o.debug);
	parse("-d b m");
	assert_true(o.debug && o.foreground); /* implied */
	parse("b -o nohandles m");
	assert_true(o.no_handles && !o.nonempty);
	parse("b m -o nonempty");
	assert_true(o.nonempty && !o.no_handles);
	parse("-o auto_unmount b m");
	assert_true(o.auto_unmount);
	assert_string_equal(command_line_rest(&o), "");
}

static void help_and_version_need_no_paths(void **state)
{
	static const char *const words[] = { "-h", "--help", "-V", "--version" };

	(void)state;
	for (int i = 0; i < 4; i++) {
		parse(words[i]);
		assert_int_equal(o.help, i < 2);
		assert_int_equal(o.version, i >= 2);
	}
}

static void planes(void **state)
{
	(void)state;
	parse("-o plane=passthrough b m");
	assert_int_equal(o.plane, ZC_WISH_PASSTHROUGH);
	parse("-oplane=splice b m");
	assert_int_equal(o.plane, ZC_WISH_SPLICE);
	parse("-o plane=copy b m");
	assert_int_equal(o.plane, ZC_WISH_COPY);
	parse("-o plane=cached b m");
	assert_int_equal(o.plane, ZC_WISH_CACHED);
	parse("-o plane=copy,plane=auto b m");
	assert_int_equal(o.plane, ZC_WISH_AUTO); /* the last one counts */
}

static void times(void **state)
{
	(void)state;
	parse("-o entry_timeout=2.5 b m");
	assert_true(o.timeouts.entry == 2.5 && o.timeouts.attr == 1 && o.timeouts.negative == 1);
	parse("-o attr_timeout=0 b m");
	assert_true(o.timeouts.entry == 1 && o.timeouts.attr == 0 && o.timeouts.negative == 1);
	parse("-o negative_timeout=1e9 b m");
	assert_true(o.timeouts.entry == 1 && o.timeouts.attr == 1 && o.timeouts.negative == 1e9);
	parse("-o coherence=timeout=4 b m");
	assert_true(o.timeouts.entry == 4 && o.timeouts.negative == 4);
	assert_int_equal(o.coherence, ZC_COHERENCE_TIMEOUT);
	parse("-o coherence=events b m");
	assert_true(o.timeouts.entry == 1);
	assert_int_equal(o.coherence, ZC_COHERENCE_EVENTS);
	parse("-o coherence=events,coherence=timeout b m");
	assert_int_equal(o.coherence, ZC_COHERENCE_TIMEOUT);
	parse("b m");
	assert_int_equal(o.coherence, ZC_COHERENCE_AUTO);
	parse("-o attr_timeout=3 b m"); /* says how long to believe, and means it */
	assert_int_equal(o.coherence, ZC_COHERENCE_TIMEOUT);
	parse("-o coherence=events,entry_timeout=3 b m");
	assert_int_equal(o.coherence, ZC_COHERENCE_EVENTS);
	parse("-o timeout=7 b m");
	assert_true(o.timeouts.entry == 7 && o.timeouts.attr == 7 && o.timeouts.negative == 7);
	parse("-o timeout=7,attr_timeout=3 b m");
	assert_true(o.timeouts.entry == 7 && o.timeouts.attr == 3 && o.timeouts.negative == 7);
}

static void transport(void **state)
{
	(void)state;
	parse("b m");
	assert_int_equal(o.transport, ZC_TRANSPORT_AUTO);
	parse("-o transport=dev b m");
	assert_int_equal(o.transport, ZC_TRANSPORT_DEV);
	parse("-o transport=uring b m");
	assert_int_equal(o.transport, ZC_TRANSPORT_URING);
	parse("-o transport=dev,transport=auto b m");
	assert_int_equal(o.transport, ZC_TRANSPORT_AUTO);
}

static void threads(void **state)
{
	(void)state;
	parse("-o threads=1 b m");
	assert_int_equal(o.threads, 1);
	parse("-o threads=64 b m");
	assert_int_equal(o.threads, 64);
}

/* A daemon's current directory is /, so the name is made absolute at once. */
static void stats_file_is_absolute(void **state)
{
	char *here = getcwd(NULL, 0);

	(void)state;
	parse("-o stats=/tmp/x b m");
	assert_string_equal(o.stats_file, "/tmp/x");
	parse("-o stats=/tmp/x,stats=dir/y b m");
	assert_non_null(here);
	assert_int_equal(strncmp(o.stats_file, here, strlen(here)), 0);
	assert_string_equal(o.stats_file + strlen(here), "/dir/y");
	free(here);
}

static void libfuse_gets_its_own(void **state)
{
	(void)state;
	parse("-o ro,noexec b m -o allow_other,fsname=x,nohandles");
	assert_true(o.readonly && o.fsname_given && o.no_handles);
	assert_string_equal(command_line_rest(&o), "-o ro,noexec,allow_other,fsname=x");
	parse("-o rw,suid,dev,max_read=4096 b m");
	assert_false(o.readonly || o.fsname_given);
	assert_string_equal(command_line_rest(&o), "-o rw,suid,dev,max_read=4096");
}

/* Behind "--" everything is a path. */
static void paths_may_look_like_options(void **state)
{
	(void)state;
	parse("-f -- -d -o");
	assert_string_equal(o.backing, "-d");
	assert_string_equal(o.mountpoint, "-o");
	assert_false(o.debug);
	assert_string_equal(command_line_rest(&o), "");
}

#define TEST(name) COMMAND_LINE_TEST(name, o)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(flags),
		TEST(help_and_version_need_no_paths),
		TEST(planes),
		TEST(times),
		TEST(transport),
		TEST(threads),
		TEST(stats_file_is_absolute),
		TEST(libfuse_gets_its_own),
		TEST(paths_may_look_like_options),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
