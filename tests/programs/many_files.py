#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Makes a tree of very many small files, each with its own content, in a plain directory.
# It must not know the mount.
"""many_files.py DIRECTORY FILES FILES-PER-DIRECTORY"""

import os
import sys


def fill(top, number, count, first):
    path = "%s/d%02d/e%04d" % (top, number % 30, number)
    os.makedirs(path)
    at = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    for i in range(first, first + count):
        fd = os.open("file%06d" % i, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644, dir_fd=at)
        os.write(fd, b"%d\n" % i * (1 + i % 40))
        os.close(fd)
    os.close(at)


def main():
    top, files, each = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    for number, first in enumerate(range(0, files, each)):
        fill(top, number, min(each, files - first), first)


main()
