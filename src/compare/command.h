/* SPDX-License-Identifier: MIT */
/*
 * The command line of zcfs-compare. Pure but for the printing.
 * Must not know how anything of it is carried out.
 */
#ifndef ZC_COMPARE_COMMAND_H
#define ZC_COMPARE_COMMAND_H

#include "failure.h"
#include "method.h"
#include "result.h"

#include <stdio.h>

#define ZC_SIZE_GIVEN	 (256ull << 20)
#define ZC_SIZE_QUICK	 (16ull << 20)
#define ZC_REPEATS_GIVEN 9
#define ZC_REPEATS_QUICK 3
#define ZC_REPEATS_LEAST 3

enum zc_mode {
	ZC_MODE_MOUNT, /* BACKING MOUNTPOINT */
	ZC_MODE_SELF,
	ZC_MODE_ARTICLE,
	ZC_MODE_ONCE,
	ZC_MODE_LIST,
	ZC_MODE_HELP,
	ZC_MODE_VERSION,
	ZC_MODES
};

/* Strings belong to argv. Everything has its default where it was not given. */
struct zc_command {
	enum zc_mode mode;
	const char *backing;	/* MOUNT, SELF */
	const char *mountpoint; /* MOUNT */
	const char *in;		/* ARTICLE, ONCE */
	const char *out;	/* ONCE */
	const struct zc_method *once;

	const char *file[ZC_MAX_FILES]; /* as typed; none: one of size is made */
	int files;
	uint64_t size; /* bytes */
	int repeats;
	unsigned long long methods; /* bit of each index of zc_methods */
	unsigned routes;	    /* bit of each enum zc_route */
	unsigned planes;	    /* bit of each zc_catalogue_plane, catalogue.h */
	bool planes_given; /* false: all that there are; true: a missing one is a failure */
	bool quick, cold, verbose;

	bool json;
	const char *json_file; /* NULL: standard output */
	const char *html_file; /* NULL: none */
	const char *zcfs;      /* NULL: beside this program, then on PATH */
};

/* 0, or -EINVAL with a failure to print (ZC_EXIT_USAGE). Options and arguments in any order; "--"
 * ends the options. */
int zc_command_parse(struct zc_command *ret_command, int argc, char **argv,
		     struct zc_failure *ret_failure);

/* --help, --version. */
void zc_command_print_help(FILE *out);
void zc_command_print_version(FILE *out);

#endif
