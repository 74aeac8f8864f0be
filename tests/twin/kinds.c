// SPDX-License-Identifier: MIT
// The kinds of arguments: one letter each, which values they take and how C writes them.
// Must not know which call takes them, nor what a value does.
#include "twin.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/falloc.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/xattr.h>
#include <unistd.h>

/* odds 0: one of these is taken; else it is added with that many percent. */
struct value {
	int64_t value;
	const char *name;
	int odds;
};

#define V(value)                                                                                   \
	{                                                                                          \
		value, #value, 0                                                                   \
	}
#define BIT(bit, odds)                                                                             \
	{                                                                                          \
		bit, #bit, odds                                                                    \
	}

static const struct value open_flags[] = {
	V(O_RDONLY),	  V(O_WRONLY),	     V(O_RDWR),		  V(O_RDWR),
	BIT(O_CREAT, 60), BIT(O_EXCL, 8),    BIT(O_TRUNC, 10),	  BIT(O_APPEND, 12),
	BIT(O_DIRECT, 5), BIT(O_SYNC, 1),    BIT(O_DIRECTORY, 5), BIT(O_NOFOLLOW, 10),
	BIT(O_PATH, 5),	  BIT(O_NOATIME, 5), BIT(O_CLOEXEC, 10),
};
static const struct value tmpfile_flags[] = { V(O_WRONLY),	 V(O_RDWR),	  V(O_RDWR),
					      V(O_RDONLY),	 BIT(O_EXCL, 20), BIT(O_APPEND, 20),
					      BIT(O_NOATIME, 10) };
static const struct value modes[] = {
	V(0644),  V(0666),  V(0600),  V(0755),	V(0777),    V(0777),   V(0700),
	V(0),	  V(0111),  V(0444),  V(0222),	V(0660),    V(01777),  V(02755),
	V(02770), V(04755), V(06777), V(02644), V(0100644), V(077777),
};
static const struct value sizes[] = { V(0),    V(1),	 V(7),	   V(100),   V(511),
				      V(512),  V(4095),	 V(4096),  V(4096),  V(4097),
				      V(8192), V(12288), V(65536), V(70001), V(131072) };
static const struct value offsets[] = { V(0),
					V(0),
					V(1),
					V(5),
					V(100),
					V(512),
					V(4095),
					V(4096),
					V(4097),
					V(8192),
					V(65536),
					V(131072),
					V(1048577),
					V(-1),
					V(LONG_MAX),
					V(1L << 31),
					V((1L << 32) - 4096),
					V(1L << 40),
					V(1L << 44) };
static const struct value lengths[] = { V(0),	     V(0),	  V(1),	       V(100),
					V(4095),     V(4096),	  V(5000),     V(8192),
					V(65536),    V(200000),	  V(1048576),  V(-1),
					V(LONG_MAX), V(1L << 32), V(1L << 43), V(LONG_MIN) };
static const struct value uids[] = { V(0), V(1001), V(1002), V(65534), V(-1), V(-1) };
static const struct value gids[] = {
	V(0), V(1001), V(1002), V(2000), V(2000), V(2001), V(-1), V(-1)
};
static const struct value at_flags[] = { V(0), BIT(AT_SYMLINK_NOFOLLOW, 40) };
static const struct value access_flags[] = { V(0), BIT(AT_SYMLINK_NOFOLLOW, 30),
					     BIT(AT_EACCESS, 50) };
static const struct value link_flags[] = { V(0), BIT(AT_SYMLINK_FOLLOW, 40) };
static const struct value access_modes[] = { V(F_OK), BIT(R_OK, 40), BIT(W_OK, 40), BIT(X_OK, 40),
					     BIT(8, 1) };
static const struct value seconds[] = { V(0),		V(1),
					V(-1),		V(1000000000),
					V(INT_MAX),	V(INT_MAX + 1L),
					V(INT_MIN),	V(INT_MIN - 1L),
					V(4294967295),	V(4294967296),
					V(15032385535), V(15032385536),
					V(LONG_MAX),	V(LONG_MIN) };
static const struct value nanoseconds[] = { V(0),	  V(1),		 V(123456789),
					    V(999999999), V(1000000000), V(-1),
					    V(UTIME_NOW), V(UTIME_OMIT), V(UTIME_OMIT) };
static const struct value whences[] = { V(SEEK_SET), V(SEEK_CUR), V(SEEK_END), V(9) };
static const struct value holes[] = { V(SEEK_DATA), V(SEEK_HOLE) };
static const struct value rename_flags[] = { V(0),
					     V(0),
					     V(RENAME_NOREPLACE),
					     V(RENAME_EXCHANGE),
					     V(RENAME_WHITEOUT),
					     V(RENAME_NOREPLACE | RENAME_EXCHANGE),
					     V(64) };
static const struct value xattr_flags[] = { V(0), V(0), V(XATTR_CREATE), V(XATTR_REPLACE), V(8) };
static const struct value xattr_sizes[] = { V(0),   V(1),    V(10),   V(10),	V(100),
					    V(100), V(1000), V(3000), V(65536), V(65537) };
static const struct value fallocate_modes[] = { V(0),
						V(FALLOC_FL_KEEP_SIZE),
						V(FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE),
						V(FALLOC_FL_PUNCH_HOLE),
						V(FALLOC_FL_ZERO_RANGE),
						V(FALLOC_FL_ZERO_RANGE | FALLOC_FL_KEEP_SIZE),
						V(FALLOC_FL_COLLAPSE_RANGE),
						V(FALLOC_FL_INSERT_RANGE),
						V(FALLOC_FL_UNSHARE_RANGE),
						V(1 << 20) };
static const struct value fallocate_sizes[] = { V(0),	 V(1),	   V(-1),     V(4095),	 V(4096),
						V(8192), V(65536), V(300000), V(1048576) };
static const struct value types[] = { V(S_IFREG),  V(0),       V(S_IFIFO), V(S_IFIFO),
				      V(S_IFSOCK), V(S_IFCHR), V(S_IFDIR), V(S_IFLNK) };
static const struct value status_flags[] = { V(0), BIT(O_APPEND, 40), BIT(O_NONBLOCK, 50),
					     BIT(O_NOATIME, 10), BIT(O_DIRECT, 5) };
static const struct value io_flags[] = { V(0),		V(0),	      V(RWF_APPEND), V(RWF_DSYNC),
					 V(RWF_NOWAIT), V(RWF_HIPRI), V(1 << 20) };
static const struct value inode_flags[] = { V(0),
					    V(0),
					    BIT(FS_APPEND_FL, 15),
					    BIT(FS_IMMUTABLE_FL, 15),
					    BIT(FS_NOATIME_FL, 15),
					    BIT(FS_NODUMP_FL, 20),
					    BIT(FS_SYNC_FL, 2),
					    BIT(FS_DIRSYNC_FL, 2) };
static const struct value flocks[] = { V(LOCK_SH), V(LOCK_EX), V(LOCK_UN), V(LOCK_UN), V(9) };
static const struct value lock_commands[] = { V(F_SETLK), V(F_GETLK), V(F_OFD_SETLK),
					      V(F_OFD_GETLK) };
static const struct value lock_types[] = { V(F_RDLCK), V(F_WRLCK), V(F_UNLCK), V(7) };
static const struct value acl_kinds[] = { V(0), V(1), V(2), V(3), V(4), V(5) };
static const struct value umasks[] = { V(0), V(0), V(022), V(002), V(077), V(0777) };
static const struct value protections[] = { V(PROT_READ), V(PROT_READ | PROT_WRITE),
					    V(PROT_READ | PROT_WRITE), V(PROT_NONE),
					    V(PROT_WRITE) };
static const struct value mappings[] = { V(0), V(1) };
static const struct value pages[] = { V(0),    V(0),	 V(0), V(0),	   V(4096),
				      V(8192), V(65536), V(1), V(1L << 40) };
static const struct value map_flags[] = { V(MAP_SHARED), V(MAP_SHARED), V(MAP_PRIVATE) };
static const struct value dir_slots[] = { V(5), V(6), V(7) };
static const struct value dir_flags[] = { V(O_RDONLY), V(O_RDONLY), V(O_PATH), V(O_NOATIME),
					  V(O_NOFOLLOW) };
static const struct value slots[] = { V(0), V(1), V(2), V(3) };

enum text { NUMBER, PATH, NEW_PATH, DIRECTORY, TARGET, XATTR };

struct kind {
	char letter;
	enum text text;
	const struct value *values;
	int count;
};

#define KIND(letter, values)                                                                       \
	{                                                                                          \
		letter, NUMBER, values, (int)(sizeof(values) / sizeof(values[0]))                  \
	}

static const struct kind kinds[] = {
	{ 'p', PATH, NULL, 0 },
	{ 'j', NEW_PATH, NULL, 0 },
	{ 'h', DIRECTORY, NULL, 0 },
	{ 'D', TARGET, NULL, 0 },
	{ 'x', XATTR, NULL, 0 },
	KIND('s', slots),
	KIND('e', dir_slots),
	KIND('q', dir_flags),
	KIND('o', open_flags),
	KIND('O', tmpfile_flags),
	KIND('m', modes),
	KIND('n', sizes),
	KIND('f', offsets),
	KIND('l', lengths),
	KIND('u', uids),
	KIND('g', gids),
	KIND('a', at_flags),
	KIND('E', access_flags),
	KIND('L', link_flags),
	KIND('r', access_modes),
	KIND('t', seconds),
	KIND('T', nanoseconds),
	KIND('w', whences),
	KIND('H', holes),
	KIND('R', rename_flags),
	KIND('X', xattr_flags),
	KIND('N', xattr_sizes),
	KIND('c', fallocate_modes),
	KIND('z', fallocate_sizes),
	KIND('y', types),
	KIND('S', status_flags),
	KIND('i', io_flags),
	KIND('I', inode_flags),
	KIND('k', flocks),
	KIND('K', lock_commands),
	KIND('Y', lock_types),
	KIND('A', acl_kinds),
	KIND('M', umasks),
	KIND('P', protections),
	KIND('B', mappings),
	KIND('v', map_flags),
	KIND('F', pages),
};

static const struct kind *kind_of(char letter)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].letter == letter)
			return &kinds[i];
	return NULL;
}

static int choices(const struct kind *kind)
{
	int count = 0;

	while (count < kind->count && !kind->values[count].odds)
		count++;
	return count;
}

static int64_t number_make(const struct kind *kind, struct random *random)
{
	int count = choices(kind);
	int64_t value = kind->values[zc_random_below(random, count)].value;

	for (int i = count; i < kind->count; i++)
		if (zc_random_below(random, 100) < kind->values[i].odds)
			value |= kind->values[i].value;
	return value;
}

int64_t zc_arg_make(char letter, struct random *random)
{
	const struct kind *kind = kind_of(letter);

	/* 'b' is any byte */
	if (!kind)
		return 1 + zc_random_below(random, 200);
	if (kind->text == PATH)
		return zc_path_make(random);
	if (kind->text == NEW_PATH)
		return zc_path_make_new(random);
	if (kind->text == DIRECTORY && zc_random_below(random, 5))
		return zc_path_directory(zc_random_below(random, ZC_DIRECTORIES));
	if (kind->text == DIRECTORY)
		return zc_path_make(random);
	if (kind->text == TARGET)
		return zc_target_make(random);
	return kind->text == XATTR ? zc_xattr_make(random) : number_make(kind, random);
}

bool zc_arg_is_string(char letter)
{
	const struct kind *kind = kind_of(letter);

	return kind && kind->text != NUMBER;
}

const char *zc_arg_string(char letter, int64_t value, char *buf)
{
	return kind_of(letter)->text == XATTR ? zc_xattr_text(value, buf)
					      : zc_path_text(value, buf);
}

int64_t zc_arg_simplest(char letter)
{
	const struct kind *kind = kind_of(letter);

	return kind && kind->values ? kind->values[0].value : 0;
}

static void print_string(FILE *out, const char *text)
{
	putc('"', out);
	for (const char *at = text; *at; at++) {
		if (*at >= ' ' && *at < 127 && *at != '"' && *at != '\\')
			putc(*at, out);
		else
			fprintf(out, "\\%03o", (unsigned char)*at);
	}
	putc('"', out);
}

static void print_bits(FILE *out, const struct kind *kind, int64_t value, int64_t base)
{
	for (int i = choices(kind); i < kind->count; i++) {
		if ((value & kind->values[i].value & ~base) != kind->values[i].value)
			continue;
		fprintf(out, " | %s", kind->values[i].name);
		base |= kind->values[i].value;
	}
	if (value & ~base)
		fprintf(out, " | %#llx", (unsigned long long)(value & ~base));
}

static void print_number(FILE *out, const struct kind *kind, int64_t value)
{
	int count = choices(kind);

	for (int i = 0; i < count; i++)
		if (kind->values[i].value == value) {
			fputs(kind->values[i].name, out);
			return;
		}
	/* the base with most bits in it: 3 is the mask of O_ACCMODE, other bases have none */
	for (int i = count - 1; i >= 0 && count < kind->count; i--)
		if ((value & 3) == (kind->values[i].value & 3)) {
			fputs(kind->values[i].name, out);
			print_bits(out, kind, value, kind->values[i].value);
			return;
		}
	fprintf(out, "%lld", (long long)value);
}

void zc_arg_print(FILE *out, char letter, int64_t value)
{
	const struct kind *kind = kind_of(letter);
	char buf[STRING_SIZE];

	if (!kind)
		fprintf(out, "%lld", (long long)value);
	else if (kind->text != NUMBER)
		print_string(out, zc_arg_string(letter, value, buf));
	else
		print_number(out, kind, value);
}
