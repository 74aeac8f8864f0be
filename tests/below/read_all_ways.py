#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Reads the files good, half and gone in every way: a line an answer, how many bytes of which kind, and the error.
# Must not know: which of them can be read.
"""usage: read_all_ways.py DIR"""
import errno
import mmap
import os
import sys


def in_pieces(read):
    """Until the end or the error; a piece that the error cuts short counts for what it brought."""
    total, kinds = 0, set()
    try:
        while True:
            piece = read(total)
            if not piece:
                return total, kinds, "end"
            total += len(piece)
            kinds |= set(bytes(piece))
    except OSError as e:
        return total, kinds, errno.errorcode[e.errno]


def by_read(name, size):
    fd = os.open(name, os.O_RDONLY)
    try:
        return in_pieces(lambda at: os.read(fd, size))
    finally:
        os.close(fd)


def by_direct(name):
    fd = os.open(name, os.O_RDONLY | os.O_DIRECT)
    room = mmap.mmap(-1, 4096)

    def read(at):
        return room[: os.preadv(fd, [room], at)] if at % 4096 == 0 else b""

    try:
        return in_pieces(read)
    finally:
        os.close(fd)


def by_sendfile(name):
    fd = os.open(name, os.O_RDONLY)
    out = os.memfd_create("out")
    try:
        return in_pieces(lambda at: os.pread(out, os.sendfile(out, fd, at, 4096), at))
    finally:
        os.close(fd)
        os.close(out)


def by_map(name):
    fd = os.open(name, os.O_RDONLY)
    size = os.fstat(fd).st_size
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        found = set(mmap.mmap(fd, size, prot=mmap.PROT_READ)[:])
        os._exit(len(found))
    os.close(fd)
    return size, os.waitpid(pid, 0)[1]


def at_the_end(name):
    fd = os.open(name, os.O_RDONLY)
    size = os.fstat(fd).st_size
    try:
        return size, os.pread(fd, 10, size - 10), os.fstat(fd).st_size
    except OSError as e:
        return size, errno.errorcode[e.errno], os.fstat(fd).st_size
    finally:
        os.close(fd)


def roughly(answer):
    """How much many pages at once bring before an error depends on how far the kernel reads ahead."""
    return answer if answer[2] == "end" else answer[2:]


os.chdir(sys.argv[1])
for file in ("good", "half", "gone"):
    print(file, "4 KiB", *by_read(file, 4096))
    print(file, "the end", *at_the_end(file))
    print(file, "O_DIRECT", *by_direct(file))
    print(file, "sendfile", *roughly(by_sendfile(file)))
    print(file, "mapped", *by_map(file))
    print(file, "1 MiB", *roughly(by_read(file, 1 << 20)))
    print(file, "size", os.stat(file).st_size)
