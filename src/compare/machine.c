// SPDX-License-Identifier: MIT
// Kernel, processor, memory, file system, date.
// Must not know what was measured.
#include "machine.h"

#include "text.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

/* What follows key in the first line that begins with it, without quotes and the end of the line. */
static void find_line(const char *file, const char *key, char *ret_value, size_t size)
{
	FILE *in = fopen(file, "re");
	char line[1024];

	ret_value[0] = '\0';
	while (in && !ret_value[0] && fgets(line, sizeof(line), in)) {
		const char *at = line + strlen(key);

		if (strncmp(line, key, strlen(key)) != 0)
			continue;
		at += strspn(at, " \t:=\"");
		snprintf(ret_value, size, "%.*s", (int)strcspn(at, "\"\n"), at);
	}
	if (in)
		fclose(in);
}

/* By the device number, as mountinfo has it. */
static void find_file_system(const char *dir, char *ret_name, size_t size)
{
	FILE *in = fopen("/proc/self/mountinfo", "re");
	char line[4096];
	struct stat st;

	ret_name[0] = '\0';
	if (stat(dir, &st))
		st.st_dev = 0;
	while (in && fgets(line, sizeof(line), in)) {
		const char *type = strstr(line, " - ");
		unsigned major, minor;
		char device[32];

		zc_text_word(line, 2, device, sizeof(device));
		zc_text_device(device, &major, &minor);
		if (type && makedev(major, minor) == st.st_dev)
			snprintf(ret_name, size, "%.*s", (int)strcspn(type + 3, " "), type + 3);
	}
	if (in)
		fclose(in);
}

void zc_machine_describe(const char *dir, struct zc_machine *ret_machine)
{
	struct zc_machine machine = { .processors = (int)sysconf(_SC_NPROCESSORS_ONLN) };
	struct utsname name;
	struct sysinfo info;
	time_t now = time(NULL);
	struct tm local;

	if (!uname(&name))
		snprintf(machine.kernel, sizeof(machine.kernel), "%s %s %s", name.sysname,
			 name.release, name.machine);
	if (!sysinfo(&info))
		machine.memory = (uint64_t)info.totalram * info.mem_unit;
	find_line("/proc/cpuinfo", "model name", machine.processor, sizeof(machine.processor));
	find_line("/etc/os-release", "PRETTY_NAME", machine.distribution,
		  sizeof(machine.distribution));
	find_file_system(dir, machine.file_system, sizeof(machine.file_system));
	if (localtime_r(&now, &local))
		strftime(machine.date, sizeof(machine.date), "%Y-%m-%d %H:%M:%S %z", &local);
	*ret_machine = machine;
}
