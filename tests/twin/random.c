// SPDX-License-Identifier: MIT
// Random numbers that are the same for the same seed on every machine.
// Must not know what they choose.
#include "twin.h"

uint64_t zc_random_next(struct random *random)
{
	uint64_t word = random->state += 0x9e3779b97f4a7c15u;

	word = (word ^ word >> 30) * 0xbf58476d1ce4e5b9u;
	word = (word ^ word >> 27) * 0x94d049bb133111ebu;
	return word ^ word >> 31;
}

int zc_random_below(struct random *random, int limit)
{
	return (int)(zc_random_next(random) % (uint64_t)limit);
}
