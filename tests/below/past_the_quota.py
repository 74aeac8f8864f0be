#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Takes room in a directory until it is refused, by each call that takes some: a line an answer.
# Must not know: whose quota it is, nor what the right answers are.
"""usage: past_the_quota.py DIR FILESYSTEM (which is synced)"""
import errno
import os
import sys
import time

TOP, BELOW = sys.argv[1:]
PIECE = bytes(1 << 16)


def say(name, call):
    try:
        call()
        answer = "ok"
    except OSError as e:
        answer = errno.errorcode[e.errno]
    print("%s: %s" % (name, answer), flush=True)


def fill(name, flags=0):
    fd = os.open(name, os.O_WRONLY | os.O_CREAT | flags, 0o644)
    try:
        for i in range(1024):
            os.write(fd, PIECE)
    finally:
        os.close(fd)


def allocate():
    fd = os.open("allocated", os.O_WRONLY | os.O_CREAT, 0o644)
    try:
        os.posix_fallocate(fd, 0, 1 << 25)
    finally:
        os.close(fd)


def until_there_is_room():
    """What was removed counts until the file system has really let go of it."""
    for i in range(100):
        os.system("sync -f '%s'" % BELOW)
        try:
            with open("again", "wb", buffering=0) as f:
                f.write(PIECE)
            return
        except OSError:
            time.sleep(0.1)
    raise OSError(errno.ETIMEDOUT, "no room")


os.chdir(TOP)
say("write", lambda: fill("written"))
say("write again", lambda: fill("written", os.O_APPEND))
say("write another", lambda: fill("another"))
say("allocate", allocate)
for file in ("written", "another", "allocated"):
    if os.path.exists(file):
        say("unlink", lambda: os.unlink(file))
say("go on", until_there_is_room)
