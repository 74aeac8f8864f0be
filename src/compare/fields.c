// SPDX-License-Identifier: MIT
// The table of measures.
// Must not know who reads it.
#include "fields.h"

#define SECONDS(name)                                                                              \
	{                                                                                          \
#name, offsetof(struct zc_sample, name), false                                     \
	}
#define COUNT(name)                                                                                \
	{                                                                                          \
#name, offsetof(struct zc_sample, name), true                                      \
	}

const struct zc_field zc_fields[] = {
	SECONDS(wall),		 SECONDS(copier_user),	    SECONDS(copier_system),
	SECONDS(copier_clock),	 SECONDS(daemon_user),	    SECONDS(daemon_system),
	SECONDS(daemon_cpu),	 COUNT(copier_voluntary),   COUNT(copier_involuntary),
	COUNT(daemon_voluntary), COUNT(daemon_involuntary), COUNT(copier_faults),
	COUNT(daemon_faults),	 SECONDS(resident),
};
const int zc_field_count = (int)(sizeof(zc_fields) / sizeof(zc_fields[0]));
