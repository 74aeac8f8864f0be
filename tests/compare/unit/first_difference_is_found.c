// SPDX-License-Identifier: MIT
// Verification: the first byte that differs, both sizes and both digests, whatever the reads bring.
// Must not know how the files came about.
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "verify.h"

#define MIB (1 << 20)

/* Of a read by offset: at most that many bytes, EINTR each second time, an error from an offset on. */
static struct {
	size_t most;
	bool interrupts;
	off_t fails_from;
} reads;

ssize_t __real_pread64(int fd, void *buffer, size_t size, off_t offset);
ssize_t __wrap_pread64(int fd, void *buffer, size_t size, off_t offset);
ssize_t __wrap_pread64(int fd, void *buffer, size_t size, off_t offset)
{
	static unsigned calls;

	if (reads.interrupts && ++calls % 2) {
		errno = EINTR;
		return -1;
	}
	if (reads.fails_from && offset >= reads.fails_from) {
		errno = EIO;
		return -1;
	}
	return __real_pread64(fd, buffer, reads.most && size > reads.most ? reads.most : size,
			      offset);
}

static int file_of(const struct unit_tree *tree, const char *name, off_t size)
{
	int fd = (int)MUST(openat(tree->fd, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644));

	MUST(ftruncate(fd, size));
	return fd;
}

static void put(int fd, off_t at, char byte)
{
	assert_int_equal(pwrite(fd, &byte, 1, at), 1);
}

static struct zc_difference verified(int one, int other)
{
	struct zc_difference found;

	assert_int_equal(zc_verify(one, other, &found), 0);
	assert_int_equal(strlen(found.sha256[0]), 64);
	assert_int_equal(strlen(found.sha256[1]), 64);
	return found;
}

static void each_place(void **state)
{
	static const off_t places[] = { 0, 1, MIB - 1, MIB, MIB + 1, 2 * MIB - 1, 3 * MIB + 6 };
	int one = file_of(*state, "one", 3 * MIB + 7), other = file_of(*state, "two", 3 * MIB + 7);

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		struct zc_difference found;

		put(other, places[i], 'x');
		put(other, 3 * MIB + 6, 'y');
		found = verified(one, other);
		assert_int_equal(found.first, places[i]);
		assert_string_not_equal(found.sha256[0], found.sha256[1]);
		put(other, places[i], 0);
	}
	put(other, 3 * MIB + 6, 0);
	assert_int_equal(verified(one, other).first, -1);
	close(one);
	close(other);
}

static void each_length(void **state)
{
	static const off_t sizes[][2] = { { 0, 1 },	    { 5, 3 },	      { MIB, MIB - 1 },
					  { MIB, MIB + 1 }, { MIB, 3 * MIB }, { 2 * MIB, 0 } };
	int one = file_of(*state, "one", 0), other = file_of(*state, "two", 0);

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		off_t shorter = sizes[i][0] < sizes[i][1] ? sizes[i][0] : sizes[i][1];
		struct zc_difference found;
		char alone[ZC_SHA256_TEXT];

		MUST(ftruncate(one, sizes[i][0]));
		MUST(ftruncate(other, sizes[i][1]));
		found = verified(one, other);
		assert_int_equal(found.first, shorter);
		assert_int_equal(found.size[0], sizes[i][0]);
		assert_int_equal(found.size[1], sizes[i][1]);
		assert_int_equal(zc_sha256(other, alone), 0);
		assert_string_equal(found.sha256[1], alone);
	}
	close(one);
	close(other);
}

static void known_digests(void **state)
{
	char text[ZC_SHA256_TEXT];
	int fd = file_of(*state, "one", 0);

	assert_int_equal(zc_sha256(fd, text), 0);
	assert_string_equal(text,
			    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	assert_int_equal(write(fd, "abc", 3), 3);
	assert_int_equal(zc_sha256(fd, text), 0);
	assert_string_equal(text,
			    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_int_equal(lseek(fd, 0, SEEK_CUR), 3);
	close(fd);
}

static void short_and_interrupted_reads(void **state)
{
	int one = file_of(*state, "one", MIB + 10), other = file_of(*state, "two", MIB + 10);
	char whole[ZC_SHA256_TEXT];
	struct zc_difference found;

	put(other, MIB + 3, 'x');
	assert_int_equal(zc_sha256(other, whole), 0);
	reads.most = 4097;
	reads.interrupts = true;
	found = verified(one, other);
	reads.most = 0;
	reads.interrupts = false;
	assert_int_equal(found.first, MIB + 3);
	assert_string_equal(found.sha256[1], whole);
	close(one);
	close(other);
}

static void failing_reads(void **state)
{
	int one = file_of(*state, "one", 2 * MIB), other = file_of(*state, "two", 2 * MIB);
	struct zc_difference found = { .first = 77 };
	char text[ZC_SHA256_TEXT] = "text";

	reads.fails_from = MIB;
	assert_int_equal(zc_verify(one, other, &found), -EIO);
	assert_int_equal(zc_sha256(one, text), -EIO);
	reads.fails_from = 0;
	assert_int_equal(found.first, 77);
	assert_string_equal(text, "text");
	close(other);
	assert_int_equal(zc_verify(one, other, &found), -EBADF);
	close(one);
}

/* Holes on one side, zeros on the other; the difference lies where 31 bits do not reach. */
static void far_behind(void **state)
{
	int one = file_of(*state, "one", 0x80000005), other = file_of(*state, "two", 0x80000005);
	struct zc_difference found;

	put(one, 5, 0);
	put(other, 0x80000003, 'x');
	found = verified(one, other);
	assert_int_equal(found.first, 0x80000003);
	assert_int_equal(found.size[1], 0x80000005);
	close(one);
	close(other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(each_place, unit_tree_make, unit_tree_remove),
		cmocka_unit_test_setup_teardown(each_length, unit_tree_make, unit_tree_remove),
		cmocka_unit_test_setup_teardown(known_digests, unit_tree_make, unit_tree_remove),
		cmocka_unit_test_setup_teardown(short_and_interrupted_reads, unit_tree_make,
						unit_tree_remove),
		cmocka_unit_test_setup_teardown(failing_reads, unit_tree_make, unit_tree_remove),
		cmocka_unit_test_setup_teardown(far_behind, unit_tree_make, unit_tree_remove),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
