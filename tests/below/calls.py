#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# One call of every kind in a directory, and what each answers: a line "NAME: RESULT", the same for the same answer.
# Must not know what has happened to the file system, nor whether the directory lies on a mount of zcfs.
"""usage: calls.py prepare DIR | run DIR [reading] (opens what it holds, to read and write or only to read, says "ready",
goes on after a line of input)"""
import ctypes
import errno
import mmap
import os
import sys

SIZE = 1 << 18
LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.fallocate.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_int64, ctypes.c_int64]


def prepare(top):
    os.mkdir(top)
    os.chdir(top)
    for name in ("held", "cold", "victim", "moved", "replaced", "mapped"):
        with open(name, "wb") as f:
            f.write(bytes(range(256)) * (SIZE // 256))
        os.chmod(name, 0o666)
    os.setxattr("held", b"user.old", b"value")
    os.symlink("held", "symlink")
    os.mkdir("empty")
    os.mkdir("dir")
    for i in range(200):
        os.close(os.open("dir/%03d" % i, os.O_CREAT | os.O_WRONLY))


def fallocate(fd, mode, offset, length):
    if LIBC.fallocate(fd, mode, offset, length) < 0:
        raise OSError(ctypes.get_errno(), "fallocate")


def show(result):
    if isinstance(result, os.stat_result):
        return "mode=%o size=%d" % (result.st_mode, -1 if os.path.stat.S_ISDIR(result.st_mode) else result.st_size)
    if isinstance(result, bytes) and len(result) > 64:
        return "%d bytes, sum %d" % (len(result), sum(result))
    return repr(result)


def in_child(body):
    """What kills a process (SIGBUS) is an answer too."""
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        try:
            body()
        except OSError as e:
            os._exit(e.errno)
        except TypeError:
            os._exit(errno.EACCES)
        os._exit(0)
    status = os.waitpid(pid, 0)[1]
    if os.WIFSIGNALED(status):
        return "signal %d" % os.WTERMSIG(status)
    if status:
        raise OSError(os.WEXITSTATUS(status), "child")
    return "done"


def opened(path, flags, body=lambda fd: None, mode=0o644):
    fd = os.open(path, flags, mode)
    try:
        return body(fd)
    finally:
        os.close(fd)


def listing(fd):
    return len(os.listdir(fd))


def direct_read(fd):
    room = mmap.mmap(-1, 4096)
    return os.preadv(fd, [room], 0)


def store(m):
    m[0:1] = b"S"
    m.flush()


def calls(held, folder, mapped):
    rw, ro, wo = os.O_RDWR, os.O_RDONLY, os.O_WRONLY
    return [
        # what was open before
        ("held: fstat", lambda: os.fstat(held)),
        ("held: read what is cached", lambda: os.pread(held, 4096, 0)),
        ("held: overwrite", lambda: os.pwrite(held, b"x" * 4096, 0)),
        ("held: write a large piece", lambda: os.pwrite(held, b"y" * (SIZE // 2), 0)),
        ("held: extend", lambda: os.pwrite(held, b"z" * 4096, SIZE * 4)),
        ("held: fsync", lambda: os.fsync(held)),
        ("held: fsync again", lambda: os.fsync(held)),
        ("held: fdatasync", lambda: os.fdatasync(held)),
        ("held: ftruncate shorter", lambda: os.ftruncate(held, SIZE // 2)),
        ("held: ftruncate longer", lambda: os.ftruncate(held, SIZE * 2)),
        ("held: fallocate", lambda: fallocate(held, 0, SIZE * 2, 65536)),
        ("held: punch a hole", lambda: fallocate(held, 3, 0, 4096)),
        ("held: fchmod", lambda: os.fchmod(held, 0o600)),
        ("held: fchown", lambda: os.fchown(held, 1, 1)),
        ("held: futimens", lambda: os.utime(held, (1, 1))),
        ("held: set an xattr", lambda: os.setxattr(held, b"user.new", b"v")),
        ("held: get an xattr", lambda: os.getxattr(held, b"user.old")),
        ("held: list xattrs", lambda: os.listxattr(held)),
        ("held: remove an xattr", lambda: os.removexattr(held, b"user.old")),
        ("held: seek a hole", lambda: os.lseek(held, 0, os.SEEK_HOLE)),
        ("held: copy_file_range", lambda: opened("cold", ro, lambda fd: os.copy_file_range(fd, held, 4096, 0, 0))),
        ("mapped: load", lambda: in_child(lambda: mapped[4096:4097])),
        ("mapped: store and msync", lambda: in_child(lambda: store(mapped))),
        ("folder: list", lambda: listing(folder)),
        ("folder: fsync", lambda: os.fsync(folder)),
        ("folder: create in", lambda: os.close(os.open("new", os.O_CREAT | wo, dir_fd=folder))),
        # by name
        ("cold: open and read", lambda: opened("cold", ro, lambda fd: os.read(fd, SIZE))),
        ("cold: open and read with O_DIRECT", lambda: opened("cold", ro | os.O_DIRECT, direct_read)),
        ("cold: open for writing", lambda: opened("cold", rw)),
        ("cold: open and write", lambda: opened("cold", wo, lambda fd: os.write(fd, b"w" * 4096))),
        ("cold: open, append", lambda: opened("cold", wo | os.O_APPEND, lambda fd: os.write(fd, b"w" * 100))),
        ("cold: open, write with O_SYNC", lambda: opened("cold", wo | os.O_SYNC, lambda fd: os.write(fd, b"w" * 100))),
        ("cold: open with O_TRUNC", lambda: opened("cold", wo | os.O_TRUNC)),
        ("cold: truncate", lambda: os.truncate("cold", 100)),
        ("create", lambda: opened("created", wo | os.O_CREAT)),
        ("create what exists", lambda: opened("victim", wo | os.O_CREAT)),
        ("create exclusively", lambda: opened("victim", wo | os.O_CREAT | os.O_EXCL)),
        ("make a file without a name", lambda: opened(".", rw | os.O_TMPFILE)),
        ("mkdir", lambda: os.mkdir("newdir")),
        ("mkdir of what exists", lambda: os.mkdir("empty")),
        ("mknod", lambda: os.mkfifo("fifo")),
        ("symlink", lambda: os.symlink("x", "newlink")),
        ("link", lambda: os.link("victim", "hard")),
        ("readlink", lambda: os.readlink("symlink")),
        ("stat", lambda: os.stat("victim")),
        ("stat of what is not there", lambda: os.stat("absent")),
        ("list", lambda: opened("dir", ro, listing)),
        ("chmod", lambda: os.chmod("victim", 0o600)),
        ("chown", lambda: os.chown("victim", 1, 1)),
        ("utimens", lambda: os.utime("victim", (1, 1))),
        ("setxattr", lambda: os.setxattr("victim", b"user.a", b"b")),
        ("access", lambda: os.access("victim", os.W_OK)),
        ("rename", lambda: os.rename("moved", "renamed")),
        ("rename over a file", lambda: os.rename("victim", "replaced")),
        ("unlink", lambda: os.unlink("mapped")),
        ("rmdir", lambda: os.rmdir("empty")),
        ("rmdir of what is not empty", lambda: os.rmdir("dir")),
        ("statfs", lambda: os.statvfs(".").f_bsize),
    ]


def answer(call):
    try:
        return show(call())
    except OSError as e:
        return errno.errorcode[e.errno]
    except TypeError:
        return "not writable"


def run(top, only_reading=False):
    flags, protection = (os.O_RDONLY, mmap.PROT_READ) if only_reading else (os.O_RDWR, mmap.PROT_READ | mmap.PROT_WRITE)
    os.chdir(top)
    held = os.open("held", flags)
    os.pread(held, 4096, 0)
    mapped = mmap.mmap(os.open("mapped", flags), SIZE, prot=protection)
    folder = os.open("dir", os.O_RDONLY)
    print("ready", flush=True)
    sys.stdin.readline()
    for name, call in calls(held, folder, mapped):
        print("%s: %s" % (name, answer(call)), flush=True)


{"prepare": prepare, "run": run}[sys.argv[1]](*sys.argv[2:])
