# SPDX-License-Identifier: MIT
# What the figures were taken on: kernel, file system, binary and its build, space, other work.
# It must not start a daemon or time anything.
import glob
import json
import os
import platform
import shutil

from . import process

REPOSITORY = os.path.dirname(
    os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
)
MIB = 1 << 20


def find_zcfs():
    """$ZCFS, else the release build, else the other one; None when there is none."""
    if os.environ.get("ZCFS"):
        return os.path.abspath(os.environ["ZCFS"])
    for build in "build-release", "build":
        path = os.path.join(REPOSITORY, build, "src", "zcfs")
        if os.access(path, os.X_OK):
            return path
    return None


def build_dir(binary):
    """The Meson build directory that a binary lies in, or None."""
    path = os.path.dirname(os.path.realpath(binary))
    while path != "/":
        if os.path.isfile(os.path.join(path, "meson-info", "intro-buildoptions.json")):
            return path
        path = os.path.dirname(path)
    return None


def build_type(binary):
    """(text, optimised?) from Meson's own record; (unknown, False) for a binary without one."""
    build = build_dir(binary)
    if not build:
        return "unknown build", False
    with open(os.path.join(build, "meson-info", "intro-buildoptions.json"), encoding="utf-8") as f:
        options = {o["name"]: o["value"] for o in json.load(f)}
    level, sanitize = str(options.get("optimization")), str(options.get("b_sanitize", "none"))
    text = f'{options.get("buildtype")}, optimization {level}'
    if sanitize not in ("none", ""):
        return f"{text}, sanitizers {sanitize}", False
    return text, level in ("1", "2", "3", "s")


def find_helper(binary, work):
    """The C helper: named, built by Meson, or compiled here and now."""
    build = build_dir(binary) if binary else None
    built = os.path.join(build, "tests", "bench", "zc_bench_helper") if build else ""
    for path in os.environ.get("ZC_BENCH_HELPER", ""), built:
        if path and os.access(path, os.X_OK):
            return os.path.abspath(path)
    sources = glob.glob(os.path.join(REPOSITORY, "tests", "bench", "*.c"))
    path = os.path.join(work, "zc_bench_helper")
    process.run([os.environ.get("CC", "cc"), "-O2", "-o", path] + sources)
    return path


def _meminfo(key):
    with open("/proc/meminfo", encoding="ascii") as f:
        for line in f:
            if line.startswith(key + ":"):
                return int(line.split()[1]) * 1024
    return 0


def need_room(directory, need, advice="name another DIR"):
    free = shutil.disk_usage(directory).free
    if free < need:
        raise process.Failed(
            f"{directory}: {free // MIB} MiB free, {need // MIB} needed: {advice}"
        )


def check_room(directory, size):
    """The file, its copy, a copy that a daemon still holds; and all of it in memory, twice."""
    need_room(directory, 3 * size + 256 * MIB, "name another DIR or a smaller --size")
    memory = _meminfo("MemAvailable")
    if memory < 4 * size:
        raise process.Failed(
            f"{memory // MIB} MiB of memory available, {4 * size // MIB} needed to keep "
            "everything cached: choose a smaller --size"
        )


def describe(directory, binary):
    build, optimised = build_type(binary) if binary else (None, None)
    version = process.run([binary, "--version"]).strip().splitlines() if binary else []
    return {
        "kernel": platform.release(),
        "machine": platform.machine(),
        "cpus": os.cpu_count(),
        "file_system": process.run(["findmnt", "-n", "-o", "FSTYPE", "-T", directory]).strip(),
        "binary": binary,
        "version": version[0] if version else None,
        "build": build,
        "optimised": optimised,
        "load_before": os.getloadavg()[0],
    }


class OtherWork:
    """How much of the processors was used by others while our clock ran."""

    def __init__(self):
        self.wall = self.other = 0.0

    @staticmethod
    def busy():
        """Seconds that any processor spent busy or was kept from us by the host."""
        with open("/proc/stat", encoding="ascii") as f:
            user, nice, system, _, _, irq, soft, steal = map(int, f.readline().split()[1:9])
        return (user + nice + system + irq + soft + steal) / os.sysconf("SC_CLK_TCK")

    def add(self, wall, busy, ours):
        self.wall += wall
        self.other += max(0.0, busy - ours)

    def share(self):
        """In processors: 0.5 means half of one."""
        return self.other / self.wall if self.wall else 0.0
