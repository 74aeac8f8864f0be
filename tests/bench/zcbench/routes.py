# SPDX-License-Identifier: MIT
# Routes to the same tree: the plain path, a bind mount, a daemon's mount; start, ask and stop.
# It must not know what is run on them, nor how long it took.
import contextlib
import os
import re
import signal
import subprocess
import time

from . import process

GAUGES = {"inodes.known", "fds.cached", "backing.ids"}  # they say what is, not what was done
READY_SECONDS = 20
COUNTER_SECONDS = 5
# On the splice plane libfuse copies what is shorter than two pages. The kernel asks for so little
# where a page of the mount is still cached in the middle of the file, which nobody can rule out.
COPIED_ONE_IN = 100


def moved_by(way):
    return [f"bytes.{direction}.{way}" for direction in ("read", "write")]


def mounts_under(path):
    """Mount points at or below path, deepest first."""
    with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as f:
        points = [
            re.sub(r"\\([0-7]{3})", lambda m: chr(int(m[1], 8)), line.split()[4]) for line in f
        ]
    return sorted(
        (p for p in points if p == path or p.startswith(path + "/")), key=len, reverse=True
    )


def unmount(path):
    """umount, and umount -l when that fails. True when nothing is mounted there afterwards."""
    program = ["umount"] if os.geteuid() == 0 else ["fusermount3", "-u"]
    for extra in [], ["-l"] if os.geteuid() == 0 else ["-z"]:
        if not mounts_under(path):
            break
        with contextlib.suppress(process.Failed):
            process.run(program + extra + [path], 10)
    return not mounts_under(path)


class Plain:
    """The backing directory itself."""

    own_cache = False  # does the route keep file pages apart from the backing file's?
    pid = None
    plane = None
    skipped = None  # why this route is not measured

    def __init__(self, name, label, backing):
        self.name, self.label, self.tree = name, label, backing

    def start(self):
        pass

    def stop(self):
        pass

    def counters(self):
        return None

    def counted(self, _before, _check):
        """What was counted since counters() said before, None for a route that does not count.
        check: must it fit the route's plane?"""
        return None

    def cpu(self):
        return process.cpu_seconds(self.pid) if self.pid else None


class Bind(Plain):
    """A bind mount in place of a daemon: shows what the benchmark itself adds."""

    def __init__(self, name, label, backing, tree):
        super().__init__(name, label, tree)
        self.backing = backing

    def start(self):
        os.mkdir(self.tree)
        process.run(["mount", "--bind", self.backing, self.tree])

    def stop(self):
        if mounts_under(self.tree) and not unmount(self.tree):
            raise process.Failed(f"{self.tree}: still mounted")


class Daemon(Plain):
    """A FUSE daemon in the foreground, as our child."""

    own_cache = True

    def __init__(self, name, label, argv, tree):
        super().__init__(name, label, tree)
        self.argv, self.log, self.child = argv, tree + ".log", None

    def said(self):
        with open(self.log, encoding="utf-8", errors="replace") as f:
            return f.read().strip()

    def start(self):
        os.mkdir(self.tree)
        with open(self.log, "wb") as log:
            # setpriv: should we be killed outright, the daemon is told to unmount and go.
            self.child = process.spawn(
                ["setpriv", "--pdeathsig", "TERM", "--"] + self.argv,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.pid = self.child.pid
        deadline = time.monotonic() + READY_SECONDS
        while not mounts_under(self.tree):
            if self.child.poll() is not None:
                raise process.Failed(
                    f"{self.name}: did not mount: exit {self.child.returncode}: {self.said()}"
                )
            if time.monotonic() > deadline:
                raise process.Failed(
                    f"{self.name}: no mount within {READY_SECONDS} s: {self.said()}"
                )
            time.sleep(0.02)
        process.run(["stat", self.tree], READY_SECONDS)

    def stop(self):
        ended = self.child is None or process.end(
            self.child, signal.SIGTERM, signal.SIGTERM, signal.SIGKILL
        )
        if mounts_under(self.tree) and not unmount(self.tree) or not ended:
            raise process.Failed(f"{self.name}: daemon or mount left behind: {self.tree}")


class Zcfs(Daemon):
    """zcfs on one plane; knows its counters and which plane really serves."""

    def __init__(self, binary, plane, backing, tree, name=None, options=""):
        self.stats = tree + ".stats"
        options = ",".join(o for o in (f"plane={plane},stats={self.stats}", options) if o)
        name = name or plane
        super().__init__(name, name, [binary, "-f", "-o", options, backing, tree], tree)
        self.plane = plane

    def start(self):
        super().start()
        served = None
        deadline = time.monotonic() + COUNTER_SECONDS
        while not served and time.monotonic() < deadline:
            served = re.search(r": plane (\w+)(.*?)(?:;|$)", self.said(), re.M)
            time.sleep(0.02)
        if not served:
            raise process.Failed(f"{self.name}: zcfs did not say which plane serves: {self.said()}")
        if served[1] != self.plane:
            self.skipped = f"plane {served[1]} serves instead{served[2]}"

    def _stamp(self):
        try:
            st = os.stat(self.stats)
            return st.st_ino, st.st_mtime_ns
        except FileNotFoundError:
            return None

    def counters(self):
        """A dump taken now: {key: number}, without the gauges."""
        before = self._stamp()
        os.kill(self.pid, signal.SIGUSR1)
        deadline = time.monotonic() + COUNTER_SECONDS
        while self._stamp() in (None, before):
            if time.monotonic() > deadline:
                raise process.Failed(
                    f"{self.name}: no counters within {COUNTER_SECONDS} s of SIGUSR1"
                )
            time.sleep(0.002)
        with open(self.stats, encoding="ascii") as f:
            pairs = (line.split() for line in f if line.strip() and not line.startswith("#"))
            return {key: int(value) for key, value in pairs if key not in GAUGES}

    def counted(self, before, check):
        moved = {k: n - before.get(k, 0) for k, n in self.counters().items()}
        moved = {k: n for k, n in moved.items() if n}
        stranger = check and self.check_plane(moved)
        if stranger:
            raise process.Failed(f"{self.name}: {stranger}")
        return moved

    def check_plane(self, counted):
        """What a run that opens has counted must fit the plane: None, or what does not fit."""
        if self.plane not in ("passthrough", "splice", "copy"):
            return None  # no rule for it yet
        strangers = {
            k: n
            for k, n in counted.items()
            if k.startswith("open.") and n and k != f"open.{self.plane}"
        }
        if strangers or not counted.get(f"open.{self.plane}"):
            return f'opens counted: {strangers or "none"}'
        if self.plane == "passthrough":
            served = {
                k: n for k, n in counted.items() if k in ("request.read", "request.write") and n
            }
        elif self.plane == "copy":
            served = {k: n for k, n in counted.items() if k in moved_by("splice") and n}
        else:
            served = {
                copy: counted[copy]
                for copy, splice in zip(moved_by("copy"), moved_by("splice"))
                if counted.get(copy, 0) * COPIED_ONE_IN > counted.get(splice, 0)
            }
        return f"not by this plane: {served}" if served else None
