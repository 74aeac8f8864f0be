#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Writes to a file whose blocks cannot be stored, and what each way to ask says about it: a line an answer.
# Must not know whether the file lies on a mount of zcfs, nor what the right answers are.
"""usage: lost_writes.py DIR FILESYSTEM (which is synced)"""
import errno
import mmap
import os
import sys

TOP, BELOW = sys.argv[1:]


def say(name, call):
    try:
        call()
        answer = "ok"
    except OSError as e:
        answer = errno.errorcode[e.errno]
    print("%s: %s" % (name, answer), flush=True)


def sync(name, *fds):
    for number, fd in enumerate(fds):
        say("%s: fsync of fd %d" % (name, number), lambda: os.fsync(fd))
        say("%s: fsync of fd %d again" % (name, number), lambda: os.fsync(fd))


def open_file(name, flags=os.O_RDWR):
    return os.open(os.path.join(TOP, name), flags)


def background():
    """What the kernel does by itself after a while."""
    fd = os.open(BELOW, os.O_RDONLY)
    try:
        os.fsync(fd)
        os.system("sync -f '%s' 2>/dev/null" % BELOW)
    finally:
        os.close(fd)


def each_open_file_is_told_once():
    a, b, r = open_file("1"), open_file("1"), open_file("1", os.O_RDONLY)
    d = os.dup(a)
    os.pwrite(a, b"a" * 4096, 0)
    sync("written and synced", a, b, r, d)
    late = open_file("1")
    sync("opened after all were told", late)
    os.pwrite(b, b"b" * 65536, 4096)
    say("fdatasync", lambda: os.fdatasync(a))
    sync("second error", r, b, a, late)


def error_in_the_background():
    a, b = open_file("2"), open_file("2")
    os.pwrite(a, b"a" * 4096, 0)
    background()
    sync("written back by the kernel", a, b)


def error_after_the_last_close():
    a = open_file("3")
    os.pwrite(a, b"a" * 4096, 0)
    say("close", lambda: os.close(a))
    background()
    sync("opened after an error that nobody was told", open_file("3"), open_file("3", os.O_RDONLY))


def error_of_a_mapping():
    a, b = open_file("4"), open_file("4")
    m = mmap.mmap(a, 65536)
    m[0:4096] = b"m" * 4096
    say("msync", m.flush)
    say("msync again", m.flush)
    sync("after msync", a, b)
    m[4096:8192] = b"m" * 4096
    sync("stored and synced by another fd", b, a)
    say("msync at last", m.flush)


def error_of_synchronous_writes():
    a, s = open_file("5"), open_file("5", os.O_RDWR | os.O_SYNC)
    say("O_SYNC", lambda: os.pwrite(s, b"s" * 4096, 0))
    sync("after O_SYNC", s, a)
    page = mmap.mmap(-1, 4096)
    say("O_DIRECT", lambda: os.pwritev(open_file("5", os.O_RDWR | os.O_DIRECT), [page], 8192))
    sync("after O_DIRECT", a)


def error_while_another_opens_and_closes():
    a = open_file("6")
    os.pwrite(a, b"a" * 4096, 0)
    b = open_file("6")
    say("fsync of the other", lambda: os.fsync(b))
    os.close(b)
    sync("after another was told", a)


for scenario in (each_open_file_is_told_once, error_in_the_background, error_after_the_last_close, error_of_a_mapping,
                 error_of_synchronous_writes, error_while_another_opens_and_closes):
    scenario()
