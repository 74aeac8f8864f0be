/* SPDX-License-Identifier: MIT */
/*
 * Request and error counters rise by exactly the operations done, opens and bytes by the plane in
 * use. Must not know: requests that the kernel may or may not send (lookup, getattr, forget).
 */
#include "zct.h"

#include <dirent.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <time.h>

static struct zct_counters before, after;

static void begin(void)
{
	zct_counters_free(&before);
	zct_counters_read(&before);
	zct_enter(MNT);
}

static void end(void)
{
	zct_leave(NULL);
	zct_counters_free(&after);
	zct_counters_read(&after);
}

static long rise(const char *key)
{
	return (long)(zct_counter(&after, key) - zct_counter(&before, key));
}

static void done(void)
{
	zct_counters_free(&before);
	zct_counters_free(&after);
	zct.trees_differ_on_purpose = true; /* only the mount was worked on */
}

#define ROSE(key, by) zct_check_eq(rise(key), (by), key, ZCT_HERE)

static void names(void **state)
{
	(void)state;
	begin();
	MUST(mkdir("d", 0755));
	MUST(mkdir("e", 0755));
	CHECK(mkdir("d", 0755) < 0); /* the kernel knows it: no request */
	MUST(zct_put("d/f", "x", 0644));
	MUST(mknod("p", S_IFIFO | 0600, 0));
	MUST(symlink("x", "l"));
	MUST(link("d/f", "g"));
	MUST(rename("g", "h"));
	MUST(renameat2(AT_FDCWD, "h", AT_FDCWD, "e", RENAME_EXCHANGE));
	CHECK(rmdir("d") < 0);
	MUST(unlink("d/f"));
	MUST(unlink("p"));
	MUST(rmdir("d"));
	end();
	ROSE("request.mkdir", 2);
	ROSE("error.mkdir", 0);
	ROSE("request.create", 1);
	ROSE("request.mknod", 1);
	ROSE("request.symlink", 1);
	ROSE("request.link", 1);
	ROSE("request.rename", 2);
	ROSE("request.rmdir", 2);
	ROSE("error.rmdir", 1);
	ROSE("request.unlink", 2);
	ROSE("error.unlink", 0);
	ROSE("request.open", 0);
	done();
}

static void attributes(void **state)
{
	(void)state;
	struct statfs st;
	int fd;

	zct_enter(MNT);
	MUST(zct_put("a", "x", 0644));
	zct_leave(NULL);
	begin();
	fd = (int)MUST(open("a", O_RDWR | O_CLOEXEC));
	MUST(chmod("a", 0600));
	MUST(setxattr("a", "user.one", "1", 1, 0));
	MUST(getxattr("a", "user.one", NULL, 0));
	CHECK(getxattr("a", "user.two", NULL, 0) < 0);
	MUST(listxattr("a", NULL, 0));
	MUST(removexattr("a", "user.one"));
	MUST(statfs("a", &st));
	MUST(fsync(fd));
	MUST(fdatasync(fd));
	MUST(lseek(fd, 0, SEEK_DATA));
	close(fd);
	end();
	ROSE("request.open", 1);
	ROSE("request.setattr", 1);
	ROSE("request.setxattr", 1);
	ROSE("request.getxattr", 2);
	ROSE("error.getxattr", 1);
	ROSE("request.listxattr", 1);
	ROSE("request.removexattr", 1);
	ROSE("request.statfs", 1);
	ROSE("request.fsync", 2);
	ROSE("request.lseek", 1);
	done();
}

static void sizes_and_overwrites(void **state)
{
	(void)state;
	static char block[4096];
	int fd;

	begin();
	memset(block, 1, sizeof(block)); /* a page not yet there would split a write */
	fd = (int)MUST(open("s", O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
	MUST(fallocate(fd, 0, 0, 100000));
	MUST(ftruncate(fd, 50000));
	MUST(truncate("s", 60000));
	end();
	ROSE("request.create", 1);
	ROSE("request.fallocate", 1);
	ROSE("request.setattr", 2);
	done();
	begin();
	for (int i = 0; i < 100; i++)
		CHECK_EQ(pwrite(fd, block, sizeof(block), 4096 * (i % 10)), sizeof(block));
	end();
	/* security.capability before each write is what makes small writes slow. */
	CHECK(rise("request.getxattr") <= 1);
	ROSE("request.write", strcmp(zct.plane, "passthrough") ? 100 : 0);
	ROSE("request.open", 0);
	close(fd);
	done();
}

enum { LEN = 1 << 20 };

static void move_data(void)
{
	static char bytes[LEN];
	int fd = (int)MUST(open("data", O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644));

	zct_fill(bytes, LEN, 9);
	CHECK_EQ(write(fd, bytes, LEN), LEN);
	close(fd);
	fd = (int)MUST(open("data", O_RDONLY | O_CLOEXEC));
	CHECK_EQ(read(fd, bytes, LEN), LEN);
	close(fd);
}

static void data_by_the_plane_in_use(void **state)
{
	(void)state;
	const bool by_daemon = strcmp(zct.plane, "passthrough") != 0;
	char key[64];

	begin();
	move_data();
	end();
	snprintf(key, sizeof(key), "open.%s", zct.plane);
	CHECK_EQ(rise(key), 2);
	CHECK_EQ(rise("open.passthrough") + rise("open.splice") + rise("open.copy"), 2);
	ROSE("error.open", 0);
	ROSE("error.create", 0);
	CHECK_EQ(rise("request.write") > 0, by_daemon);
	CHECK_EQ(rise("bytes.write.splice") + rise("bytes.write.copy"), by_daemon ? LEN : 0);
	if (by_daemon) {
		snprintf(key, sizeof(key), "bytes.write.%s", zct.plane);
		CHECK_EQ(rise(key), LEN);
	} else {
		ROSE("request.read", 0);
	}
	CHECK_EQ(rise("bytes.read.splice") + rise("bytes.read.copy") > 0, rise("request.read") > 0);
	done();
}

static void wait_for_releases(void)
{
	unsigned long opens;

	for (int i = 0; i < 1000; i++) {
		zct_counters_free(&before);
		zct_counters_read(&before);
		opens =
		    zct_counter(&before, "request.open") + zct_counter(&before, "request.create");
		if (zct_counter(&before, "request.release") == opens)
			return;
		nanosleep(&(struct timespec){ 0, 2000000 }, NULL);
	}
	zct_fail(ZCT_HERE, "opens without a release:\n%s", before.text);
}

/* RELEASE follows close(2) without anybody waiting for it. */
static void every_open_is_released_once(void **state)
{
	(void)state;
	int fd[50];
	long released = 0;

	zct_enter(MNT);
	MUST(zct_put("r", "x", 0644));
	zct_leave(NULL);
	wait_for_releases();
	begin();
	for (int i = 0; i < 50; i++)
		fd[i] = (int)MUST(open("r", i % 2 ? O_RDWR : O_RDONLY));
	for (int i = 0; i < 50; i++)
		close(fd[i]);
	for (int i = 0; i < 1000 && released < 50; i++) {
		end();
		released = rise("request.release");
		nanosleep(&(struct timespec){ 0, 2000000 }, NULL);
	}
	ROSE("request.open", 50);
	ROSE("request.release", 50);
	ROSE("error.release", 0);
	done();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test(attributes),
		cmocka_unit_test(sizes_and_overwrites),
		cmocka_unit_test(data_by_the_plane_in_use),
		cmocka_unit_test(every_open_is_released_once),
	};

	return ZCT_RUN("timeout=1000", tests);
}
