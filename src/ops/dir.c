// SPDX-License-Identifier: MIT
// OPENDIR to FSYNCDIR. Directory handles carry nothing: a listing goes on from nodeid and position.
// Must not know planes.
#include "zcfs/ops.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "zcfs/sys.h"

/* Whether the backing directory can be opened by the caller: listings come later, as the daemon. */
static int try_open(struct zc_request *r, uint64_t nodeid)
{
	struct zc_inodes *inodes = &r->fs->inodes;
	struct zc_identity identity;
	struct zc_fd path;
	int err = zc_inode_path_fd(inodes, nodeid, &path);
	int fd;

	if (err)
		return err;
	err = zc_identity_enter(&r->fs->identity, r->req, ZC_AS_CALLER, &identity);
	if (!err) {
		fd = zc_sys_reopen(path.fd, O_RDONLY | O_DIRECTORY);
		zc_identity_leave(&identity);
		err = fd < 0 ? fd : 0;
		if (fd >= 0)
			close(fd);
	}
	zc_inode_put_fd(inodes, &path);
	return err;
}

/* ENOSYS once, and the kernel neither sends OPENDIR nor RELEASEDIR again, and caches listings; it
 * drops a cached listing when the directory's mtime has changed (fs/fuse/readdir.c). Where
 * positions in a listing mean something to one fd only, that fd has to be kept while the directory
 * is open. */
void zc_op_opendir(fuse_req_t req, fuse_ino_t nodeid, struct fuse_file_info *fi)
{
	struct zc_request r = zc_request_begin(req, ZC_OP_opendir);
	int err;

	if (r.fs->caps.no_opendir) {
		fuse_reply_err(req, ENOSYS);
		return;
	}
	fi->cache_readdir = 1;
	fi->keep_cache = 1;
	err = try_open(&r, nodeid);
	if (!err)
		err = zc_open_count(r.fs, nodeid);
	zc_reply_open(&r, err, nodeid, fi);
}

void zc_op_releasedir(fuse_req_t req, fuse_ino_t nodeid, struct fuse_file_info *fi)
{
	struct zc_request r = zc_request_begin(req, ZC_OP_releasedir);

	zc_open_undo(r.fs, nodeid, fi->fh);
	zc_reply_err(&r, 0);
}

void zc_op_fsyncdir(fuse_req_t req, fuse_ino_t nodeid, int datasync, struct fuse_file_info *fi)
{
	struct zc_request r = zc_request_begin(req, ZC_OP_fsyncdir);
	int fd = zc_inode_open(&r.fs->inodes, nodeid, O_RDONLY | O_DIRECTORY);
	int err = fd < 0 ? fd : 0;

	(void)fi;
	if (!err) {
		err = (datasync ? fdatasync(fd) : fsync(fd)) < 0 ? -errno : 0;
		close(fd);
	}
	zc_reply_err(&r, err);
}

/* One READDIR or READDIRPLUS while its reply is being filled. */
struct listing {
	struct zc_request *r;
	uint64_t dir;
	int fd;
	uint32_t dev; /* of the directory */
	bool plus;
	bool files;	  /* with plus: attributes of all, not only of directories */
	int64_t position; /* behind the last entry that fitted */
	char *reply;
	size_t size, used;
};

/* getdents fills at most this many bytes at a time. A FUSE entry is never shorter than the kernel's
 * (24 against 19 bytes and the name), one with attributes is 128 bytes longer: reading little more
 * than what will fit spares seeking back. */
#define CHUNK_MAX  32768
#define PLUS_RATIO 6

static bool is_dot(const char *name)
{
	return name[0] == '.' && (!name[1] || (name[1] == '.' && !name[2]));
}

static size_t add_plain(struct listing *l, const struct dirent64 *d)
{
	struct stat st = {
		.st_ino = zc_inode_number(&l->r->fs->inodes, l->dev, d->d_ino),
		.st_mode = (mode_t)d->d_type << 12,
	};

	return fuse_add_direntry(l->r->req, l->reply + l->used, l->size - l->used, d->d_name, &st,
				 d->d_off);
}

/* Who walks a tree enters its directories: their attributes are always wanted. */
static bool wants_attributes(const struct listing *l, const struct dirent64 *d)
{
	return !is_dot(d->d_name) && (l->files || d->d_type == DT_DIR || d->d_type == DT_UNKNOWN);
}

/* With attributes and one lookup more, which is given back if the entry does not fit. An entry that
 * cannot be looked up (gone meanwhile, not readable) goes without: nodeid 0 means that here. */
static size_t add_plus(struct listing *l, const struct dirent64 *d)
{
	struct zc_fs *fs = l->r->fs;
	struct fuse_entry_param entry;
	size_t room = l->size - l->used;
	size_t need = fuse_add_direntry_plus(l->r->req, NULL, 0, d->d_name, NULL, 0);

	if (need > room)
		return need;
	if (!wants_attributes(l, d) || zc_lookup_at(l->r, l->fd, l->dir, d->d_name, &entry) != 0) {
		entry = (struct fuse_entry_param){
			.attr.st_ino = zc_inode_number(&fs->inodes, l->dev, d->d_ino),
			.attr.st_mode = (mode_t)d->d_type << 12,
		};
	}
	return fuse_add_direntry_plus(l->r->req, l->reply + l->used, room, d->d_name, &entry,
				      d->d_off);
}

/* True when all `got` bytes of entries went into the reply. */
static bool pack(struct listing *l, const char *chunk, size_t got)
{
	const struct dirent64 *d;
	size_t need;

	for (size_t at = 0; at < got; at += d->d_reclen) {
		d = (const struct dirent64 *)(const void *)(chunk + at);
		need = l->plus ? add_plus(l, d) : add_plain(l, d);
		if (need > l->size - l->used)
			return false;
		l->used += need;
		l->position = d->d_off;
	}
	return true;
}

/* Fills the reply. An error only counts while the reply is empty: else it would take the lookups of
 * the entries before it with it. *ret_at_position: the fd stands where the listing goes on. */
static int fill(struct listing *l, bool *ret_at_position)
{
	_Alignas(struct dirent64) char chunk[CHUNK_MAX];
	size_t want = l->plus ? l->size / PLUS_RATIO : l->size;
	ssize_t got;

	if (want > CHUNK_MAX)
		want = CHUNK_MAX;
	if (want < sizeof(struct dirent64))
		want = sizeof(struct dirent64);
	*ret_at_position = true;
	do {
		got = zc_sys_getdents(l->fd, chunk, want);
		if (got > 0)
			*ret_at_position = pack(l, chunk, (size_t)got);
	} while (got > 0 && *ret_at_position && l->used < l->size / 2);
	return got < 0 && l->used == 0 ? (int)got : 0;
}

static int list(struct listing *l)
{
	struct zc_inodes *inodes = &l->r->fs->inodes;
	bool at_position;
	struct statx stx;
	int err;

	l->fd = zc_inode_take_dir(inodes, l->dir, l->position);
	if (l->fd < 0)
		return l->fd;
	err = zc_sys_statx_cached(l->fd, &stx);
	if (!err) {
		l->dev = zc_dev_of(&stx);
		err = fill(l, &at_position);
	}
	if (err)
		close(l->fd);
	else
		zc_inode_give_dir(inodes, l->dir, l->fd, at_position ? l->position : -1);
	return err;
}

/* Calls `with` for each inode that the listing has made known. */
static void for_each_told(const struct listing *l,
			  void (*with)(const struct zc_request *r, uint64_t nodeid))
{
	const struct fuse_direntplus *entry;

	for (size_t at = 0; at < l->used; at += FUSE_DIRENTPLUS_SIZE(entry)) {
		entry = (const struct fuse_direntplus *)(const void *)(l->reply + at);
		if (entry->entry_out.nodeid)
			with(l->r, entry->entry_out.nodeid);
	}
}

/* The kernel did not take the listing: this lookup was never made. */
static void take_back(const struct zc_request *r, uint64_t nodeid)
{
	zc_inode_forget(&r->fs->inodes, nodeid, 1);
}

static void recheck(const struct zc_request *r, uint64_t nodeid)
{
	zc_watch_recheck(&r->fs->watch, r->changes, nodeid);
}

static void reply_listing(struct zc_request *r, const struct listing *l)
{
	bool taken = fuse_reply_buf(r->req, l->reply, l->used) == 0;

	if (!taken && l->plus)
		zc_count(ZC_EVENT_reply_undone, 1);
	if (l->plus && (!taken || zc_watch_now(&r->fs->watch) != r->changes))
		for_each_told(l, taken ? recheck : take_back);
}

static void serve(struct zc_request *r, uint64_t dir, size_t size, off_t off, bool plus)
{
	struct listing l = {
		.r = r,
		.dir = dir,
		.position = off,
		.plus = plus,
		.files = plus && zc_walker_looks(fuse_req_ctx(r->req)->pid),
		.size = size,
		.reply = malloc(size),
	};
	int err = l.reply ? list(&l) : -ENOMEM;

	if (err)
		zc_reply_err(r, err);
	else
		reply_listing(r, &l);
	free(l.reply);
}

void zc_op_readdir(fuse_req_t req, fuse_ino_t nodeid, size_t size, off_t off,
		   struct fuse_file_info *fi)
{
	struct zc_request r = zc_request_begin(req, ZC_OP_readdir);

	(void)fi;
	serve(&r, nodeid, size, off, false);
}

void zc_op_readdirplus(fuse_req_t req, fuse_ino_t nodeid, size_t size, off_t off,
		       struct fuse_file_info *fi)
{
	struct zc_request r = zc_request_begin(req, ZC_OP_readdirplus);

	(void)fi;
	serve(&r, nodeid, size, off, true);
}
