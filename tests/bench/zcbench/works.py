# SPDX-License-Identifier: MIT
# What is run on every route, and one run of it: prepare alike for all, count, time.
# It must not know which route is which: the same steps for the plain path as for any mount.
import contextlib
import os
import time

from . import machine, process

FILE, OVER, OUT = "file", "over", "out"
OVER_SIZE = 16 * machine.MIB
RUN_SECONDS = 300


class Work:
    """argv may name {file}, {out}, {over}, {helper} and {count}."""

    def __init__(
        self, name, label, argv, *, count=0, verdict=False, helper_clock=False, check_plane=True
    ):
        self.name, self.label, self.argv, self.count = name, label, argv.split(), count
        self.verdict = verdict  # is there a verdict on it, or is it for information?
        self.helper_clock = helper_clock  # the helper times itself and prints nanoseconds
        self.check_plane = check_plane  # must every run show the route's plane in its counters?
        self.makes_out = "{out}" in argv

    def command(self, places):
        return [a.format(**places, count=self.count) for a in self.argv]


def table(quick):
    ops = 500 if quick else 20000
    return [
        Work("cat", "cat FILE > /dev/null", "cat {file}", verdict=True),
        Work("cp", "cp FILE OUT", "cp {file} {out}", verdict=True),
        Work(
            "cp-rw",
            "cp by read and write (--reflink=never)",
            "cp --reflink=never {file} {out}",
            verdict=True,
        ),
        Work(
            "sendfile", "sendfile FILE to /dev/null", "{helper} sendfile {file}", helper_clock=True
        ),
        Work(
            "direct",
            "dd iflag=direct bs=1M",
            "dd if={file} of=/dev/null iflag=direct bs=1M status=none",
        ),
        Work(
            "overwrite",
            f"{ops} overwrites of 4 KiB in an open file",
            "{helper} overwrite {over} {count}",
            count=ops,
            helper_clock=True,
        ),
        Work(
            "openclose",
            f"{ops} times open, close",
            "{helper} openclose {file} {count}",
            count=ops,
            helper_clock=True,
            check_plane=False,
        ),
    ]


class Stage:
    """The files, and the steps around a run."""

    def __init__(self, backing, helper, size):
        self.backing, self.helper, self.size = backing, helper, size
        self.file = os.path.join(backing, FILE)
        self.other_work = machine.OtherWork()

    def build(self):
        """One file to read and one to overwrite for all: two files alike may lie differently in the
        page cache, and 4 KiB overwrites of one then take twice as long as of the other."""
        os.mkdir(self.backing)
        with open(self.file, "wb") as f:
            for _ in range(self.size // machine.MIB):
                f.write(os.urandom(machine.MIB))
        with open(os.path.join(self.backing, OVER), "wb") as f:
            f.write(bytes(OVER_SIZE))
        self.sync()

    def sync(self):
        process.run(["sync", "-f", self.backing], RUN_SECONDS)

    def places(self, route):
        return {
            "helper": self.helper,
            "file": os.path.join(route.tree, FILE),
            "out": os.path.join(route.tree, f"{OUT}.{route.name}"),
            "over": os.path.join(route.tree, OVER),
        }

    def warm(self):
        """The backing file is wholly in the page cache, or we do not measure."""
        for _ in range(3):
            found, pages = map(int, process.run([self.helper, "resident", self.file]).split())
            if found == pages:
                return
            process.timed(["cat", self.file], RUN_SECONDS, quiet=True)
        raise process.Failed(
            f"{self.file}: cannot be kept in the page cache ({found} of {pages} pages)"
        )

    def before(self, work, route):
        """The same for all: no pages of the route's own, nothing dirty, the backing file cached,
        and as much free memory at hand as the file is long."""
        if route.own_cache:
            process.run([self.helper, "drop", self.places(route)["file"]], RUN_SECONDS)
        self.sync()
        self.warm()
        if not work.count:
            process.run([self.helper, "touch", str(self.size // machine.MIB)], RUN_SECONDS)

    def after(self, work, route):
        """The copy goes by the route it came: what it left dirty is dropped unwritten."""
        if work.makes_out:
            process.run(["rm", "-f", self.places(route)["out"]], RUN_SECONDS)

    def verify(self, work, route):
        if work.makes_out:
            process.run(
                ["cmp", self.file, os.path.join(self.backing, f"{OUT}.{route.name}")], RUN_SECONDS
            )

    def one(self, work, route, verify=False):
        """One timed run: {seconds, client_cpu, daemon_cpu, counted}."""
        self.before(work, route)
        try:
            result = self._timed(work, route)
            if verify:
                self.verify(work, route)
            return result
        finally:
            with contextlib.suppress(process.Failed):
                self.after(work, route)

    def _timed(self, work, route):
        argv = work.command(self.places(route))
        counters, cpu = route.counters(), route.cpu()
        busy, start = machine.OtherWork.busy(), time.monotonic()
        seconds, client, out = process.timed(argv, RUN_SECONDS, quiet=not work.helper_clock)
        wall, busy = time.monotonic() - start, machine.OtherWork.busy() - busy
        daemon = route.cpu() - cpu if cpu is not None else None
        self.other_work.add(wall, busy, client + (daemon or 0))
        counted = route.counted(counters, work.check_plane)
        return {
            "seconds": int(out) / 1e9 if work.helper_clock else seconds,
            "client_cpu": client,
            "daemon_cpu": daemon,
            "counted": counted,
        }
