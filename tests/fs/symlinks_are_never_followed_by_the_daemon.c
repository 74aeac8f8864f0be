/* SPDX-License-Identifier: MIT */
/*
 * Whoever puts a symbolic link in the place of a name that the mount still knows gains nothing:
 * the file outside that it points to is neither read nor changed. And operations on links stay on
 * the link. Must not know: what each operation on the vanished name gives; only that nothing
 * leaks.
 */
#include "zct.h"

#include <sys/xattr.h>

static char outside[600];

static void make_outside(void)
{
	char path[700];

	snprintf(outside, sizeof(outside), "%s/outside", zct.top);
	MUST(mkdir(outside, 0755));
	snprintf(path, sizeof(path), "%s/secret", outside);
	MUST(zct_put(path, "SECRET", 0640));
}

static void check_outside(void)
{
	char path[700], text[16] = "";
	struct stat st;
	int fd;

	snprintf(path, sizeof(path), "%s/secret", outside);
	MUST(lstat(path, &st));
	CHECK_EQ(st.st_mode, S_IFREG | 0640);
	CHECK_EQ(st.st_uid, 0);
	CHECK_EQ(st.st_nlink, 1);
	CHECK_EQ(st.st_size, 6);
	CHECK(st.st_mtim.tv_sec > 100000);
	CHECK_EQ(listxattr(path, NULL, 0), 0);
	fd = (int)MUST(open(path, O_RDONLY | O_CLOEXEC));
	CHECK_EQ(read(fd, text, sizeof(text)), 6);
	CHECK(!strcmp(text, "SECRET"));
	close(fd);
	snprintf(path, sizeof(path), "%s/planted", outside);
	CHECK(lstat(path, &st) < 0 && errno == ENOENT);
}

static void read_no_secret(const char *path)
{
	char text[16] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	CHECK(read(fd, text, sizeof(text)) <= 0 || strncmp(text, "SECRET", 6) != 0);
	close(fd);
}

/* Everything that could hit the wrong file; results are free. In the child's chroot the target of the
 * link does not exist: only somebody else, outside, could follow it. */
static void attack(void *arg)
{
	static const struct timespec old[2] = { { 1000, 0 }, { 1000, 0 } };
	const char *path = arg;
	char text[16] = "";
	int fd;

	MUST(chroot(zct.dir[MNT]));
	MUST(chdir("/"));
	read_no_secret(path);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd >= 0)
		CHECK_EQ(write(fd, "OVERWRITTEN", 11), 11);
	fallocate(fd, 0, 0, 10000);
	fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
	fd = truncate(path, 1) | chmod(path, 0777) | chown(path, ALICE, ALICE);
	fd |= utimensat(AT_FDCWD, path, old, 0) | setxattr(path, "user.x", "y", 1, 0);
	CHECK(getxattr(path, "user.secret", text, sizeof(text)) < 0);
	fd = open("d/planted", O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	if (mkdir("d/planted", 0755) == 0)
		rmdir("d/planted");
	if (unlink(path) == 0)
		symlink("x", "d/planted");
}

static void attack_all(const char *path)
{
	zct_join(zct_spawn(attack, (void *)(uintptr_t)path));
	check_outside();
	zct.trees_differ_on_purpose = true;
}

static void a_link_in_the_place_of_a_file(void **state)
{
	(void)state;
	char target[700];
	struct stat st;

	make_outside();
	zct_enter(MNT);
	MUST(zct_put("f", "mine", 0644));
	MUST(stat("f", &st));
	zct_leave(NULL);
	snprintf(target, sizeof(target), "%s/secret", outside);
	MUST(unlinkat(zct.fd[BACK], "f", 0));
	MUST(symlinkat(target, zct.fd[BACK], "f"));
	attack_all("f");
}

static void a_link_in_the_place_of_a_directory(void **state)
{
	(void)state;
	struct stat st;

	zct_enter(MNT);
	MUST(mkdir("d", 0755));
	MUST(zct_put("d/secret", "mine", 0644));
	MUST(stat("d/secret", &st));
	zct_leave(NULL);
	MUST(renameat(zct.fd[BACK], "d", zct.fd[BACK], "moved"));
	MUST(symlinkat(outside, zct.fd[BACK], "d"));
	attack_all("d/secret");
}

static void operations_on_a_link_leave_its_target_alone(void **state)
{
	(void)state;
	static const struct timespec old[2] = { { 1000, 0 }, { 1000, 0 } };
	char target[700];

	snprintf(target, sizeof(target), "%s/secret", outside);
	zct_enter(MNT);
	MUST(symlink(target, "l"));
	MUST(lchown("l", ALICE, ALICE));
	MUST(utimensat(AT_FDCWD, "l", old, AT_SYMLINK_NOFOLLOW));
	MUST(lsetxattr("l", "trusted.x", "y", 1, 0));
	MUST(link("l", "l2"));
	MUST(rename("l2", "l3"));
	MUST(unlink("l3"));
	zct_leave(NULL);
	check_outside();
	zct.trees_differ_on_purpose = true;
}

static void dot_dot_of_the_root_is_the_kernels(void **state)
{
	(void)state;
	struct stat up, top;

	MUST(fstatat(zct.fd[MNT], "..", &up, 0));
	MUST(stat(zct.top, &top));
	CHECK_EQ(up.st_ino, top.st_ino);
	CHECK_EQ(up.st_dev, top.st_dev);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_link_in_the_place_of_a_file),
		cmocka_unit_test(a_link_in_the_place_of_a_directory),
		cmocka_unit_test(operations_on_a_link_leave_its_target_alone),
		cmocka_unit_test(dot_dot_of_the_root_is_the_kernels),
	};

	return ZCT_RUN("timeout=1000", tests);
}
