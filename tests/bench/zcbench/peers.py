# SPDX-License-Identifier: MIT
# Other mirrors to compare with: bindfs from the distribution, two examples out of libfuse.
# It must not measure; a peer that cannot be had is a reason in one line, never an error.
import glob
import hashlib
import os
import re
import resource
import shutil
import tarfile

from . import machine, process, routes

VERSION = "fuse-3.18.3"
TARBALL = os.path.join(machine.REPOSITORY, "subprojects", "packagecache", VERSION + ".tar.gz")
BUILD_SECONDS = 900


def _wrap_hash():
    """The hash that the repository's wrap file gives for the tarball."""
    for path in glob.glob(os.path.join(machine.REPOSITORY, "subprojects", "*.wrap")):
        with open(path, encoding="utf-8") as f:
            text = f.read()
        if f"source_filename = {VERSION}.tar.gz" in text:
            found = re.search(r"^source_hash\s*=\s*(\w+)", text, re.M)
            return found and found[1]
    return None


def _unpack(target):
    if not os.path.isfile(TARBALL):
        raise process.Failed(f"{TARBALL} is missing: build zcfs with the libfuse subproject first")
    with open(TARBALL, "rb") as f:
        if hashlib.sha256(f.read()).hexdigest() != _wrap_hash():
            raise process.Failed(f"{TARBALL}: not what the wrap file in subprojects/ names")
    os.makedirs(target, exist_ok=True)
    with tarfile.open(TARBALL) as archive:
        archive.extractall(target)


def build_libfuse(place):
    """Builds the examples under place, once; returns the folder that holds them."""
    source, build = os.path.join(place, VERSION), os.path.join(place, "build")
    wanted = ["example/passthrough_ll", "example/passthrough_hp"]
    if not all(os.path.isfile(os.path.join(build, w)) for w in wanted):
        shutil.rmtree(place, ignore_errors=True)
        _unpack(place)
        process.timed(
            [
                "meson",
                "setup",
                build,
                source,
                "--buildtype=release",
                "-Ddefault_library=static",
                "-Dexamples=true",
                "-Dutils=false",
                "-Dtests=false",
            ],
            BUILD_SECONDS,
            quiet=True,
        )
        process.timed(["ninja", "-C", build] + wanted, BUILD_SECONDS, quiet=True)
    return os.path.join(build, "example")


def find(build, work, backing):
    """([routes], [reasons for those that are missing]). build: where the examples are kept."""
    found, missing = [], []

    # some hold a descriptor for each file they know, and do not ask for more themselves
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    limit = ["prlimit", f"--nofile={hard}:{hard}", "--"]

    def add(name, *argv):
        tree = os.path.join(work, "mnt-" + name)
        argv = limit + [a.replace("{mnt}", tree) for a in argv]
        found.append(routes.Daemon(name, name, argv, tree))

    if shutil.which("bindfs"):
        add("bindfs", "bindfs", "-f", backing, "{mnt}")
    else:
        missing.append("bindfs: not installed (apt-get install bindfs)")
    try:
        example = build_libfuse(build)
        add(
            "passthrough_ll",
            os.path.join(example, "passthrough_ll"),
            "-f",
            "-o",
            f"source={backing}",
            "{mnt}",
        )
        add(
            "passthrough_hp",
            os.path.join(example, "passthrough_hp"),
            "--foreground",
            backing,
            "{mnt}",
        )
    except process.Failed as e:
        missing.append(f"libfuse examples: {e}")
    return found, missing
