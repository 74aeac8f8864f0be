/* SPDX-License-Identifier: MIT */
/*
 * Owner, group and mode of everything that is made, for several users, groups and umasks. Must not
 * know: how the daemon takes on an identity.
 */
#include "zct.h"

static const struct zct_who people[] = {
	{ 0, 0, 022, 0, { 0 } },
	{ ALICE, ALICE, 022, 0, { 0 } },
	{ BOB, TEAM, 077, 2, { ALICE, BOB } },
	{ ALICE, TEAM, 0, 1, { TEAM } },
	{ 65534, 65534, 027, 0, { 0 } },
	{ 0, TEAM, 002, 0, { 0 } },
	{ 4000000000u, 4000000001u, 022, 0, { 0 } },
	{ ALICE, 0, 022, 0, { 0 } },
};

static void make_all(int i)
{
	static const char kinds[] = "fodpnslht";
	char name[32], other[32];

#define NAME(c) (snprintf(name, sizeof(name), "w/%c%d", c, i), name)
	WORKS(zct_put(NAME('f'), "text", 0640));
	WORKS(zct_try_open(NAME('o'), O_RDWR | O_CREAT, 0666));
	WORKS(mkdir(NAME('d'), 0777));
	WORKS(mkfifo(NAME('p'), 0666));
	WORKS(mknod(NAME('n'), S_IFREG | 0666, 0));
	WORKS(mknod(NAME('s'), S_IFSOCK | 0777, 0));
	WORKS(symlink("x", NAME('l')));
	snprintf(other, sizeof(other), "w/f%d", i);
	WORKS(link(other, NAME('h')));
	WORKS(zct_try_open("w", O_TMPFILE | O_RDWR, 0666));
	snprintf(other, sizeof(other), "w/o%d", i);
	WORKS(rename(other, NAME('t')));
	for (const char *c = kinds; *c; c++)
		SAME(zct_stat(NAME(*c)));
#undef NAME
}

static void whoever_it_is(void **state)
{
	(void)state;
	WORKS(mkdir("w", 0777));
	WORKS(chmod("w", 0777));
	for (int i = 0; i < (int)(sizeof(people) / sizeof(people[0])); i++)
		AS (&people[i])
			make_all(i);
	for (int i = 0; i < (int)(sizeof(people) / sizeof(people[0])); i++)
		AS (&people[i])
			SAME(unlink("w/f0"));
}

static void make_many(void *arg)
{
	const struct zct_who *who = arg;
	struct stat st;
	char name[32];

	MUST(setresgid(who->gid, who->gid, who->gid));
	MUST(setresuid(who->uid, who->uid, who->uid));
	umask(who->umask);
	for (int i = 0; i < 300; i++) {
		snprintf(name, sizeof(name), "m/%u-%d", who->uid, i);
		MUST(mkdirat(zct.fd[MNT], name, 0777));
		MUST(fstatat(zct.fd[BACK], name, &st, 0));
		CHECK_EQ(st.st_uid, who->uid);
		CHECK_EQ(st.st_gid, who->gid);
		CHECK_EQ(st.st_mode & 0777, 0777 & ~who->umask);
		MUST(unlinkat(zct.fd[MNT], name, AT_REMOVEDIR));
	}
}

static void also_when_several_work_at_once(void **state)
{
	(void)state;
	static struct zct_who at_once[] = {
		{ ALICE, TEAM, 077, 0, { 0 } },
		{ BOB, BOB, 0, 0, { 0 } },
		{ 0, 0, 022, 0, { 0 } },
		{ 7, 8, 027, 0, { 0 } },
	};
	pid_t pid[4];

	WORKS(mkdir("m", 0777));
	WORKS(chmod("m", 0777));
	for (int i = 0; i < 4; i++)
		pid[i] = zct_spawn(make_many, &at_once[i]);
	for (int i = 0; i < 4; i++)
		zct_join(pid[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whoever_it_is),
		cmocka_unit_test(also_when_several_work_at_once),
	};

	return ZCT_RUN("", tests);
}
