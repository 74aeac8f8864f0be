# SPDX-License-Identifier: MIT
# Where the workloads run: the shared files, a folder for each route, and the steps of one run.
# It must not know which route is which: the same steps for the plain path as for any mount.
import os
import time

from . import machine, process, tree, workloads

RUN_SECONDS = 60
ALIVE_SECONDS = 10
SETTLED, SETTLE_SECONDS = 0.02, 2  # a daemon that used no processor for so long is at rest


def _filled(argv, places):
    return [a.format(**places) for a in argv]


def _drop_caches(what):
    """2: names and inodes, 3: data as well."""
    with open("/proc/sys/vm/drop_caches", "w", encoding="ascii") as f:
        f.write(f"{what}\n")


class Ground:
    def __init__(self, work, helper, sizes):
        self.backing = os.path.join(work, "backing")
        self.archive = os.path.join(work, "tree.tar")
        self.helper, self.sizes = helper, sizes
        self.other_work = machine.OtherWork()

    def build(self, routes):
        """Makes the files, natively; returns the chains to run on them."""
        os.mkdir(self.backing)
        for name, size in ("data", self.sizes.mib * machine.MIB), ("over", workloads.OVER_SIZE):
            with open(os.path.join(self.backing, name), "wb") as f:
                for _ in range(size // machine.MIB):
                    f.write(os.urandom(machine.MIB))
        needles = tree.make(self.backing, self.sizes.files, self.sizes.folders)
        tree.make_names(self.backing)
        tree.make_project(self.backing, self.sizes.units)
        for route in routes:
            os.mkdir(os.path.join(self.backing, "own-" + route.name))
        top = os.path.join(self.backing, tree.TREE)
        process.run(["tar", "-cf", self.archive, "-C", top, "."], RUN_SECONDS)
        self.sync()
        _drop_caches(3)  # with it goes what ext4 knows of files that were deleted lately
        parts = [os.path.join(top, p) for p in sorted(os.listdir(top))]
        counts = [sum(len(files) for _, _, files in os.walk(p)) for p in parts]
        return workloads.table(self.sizes, needles, counts)

    def sync(self):
        process.run(["sync", "-f", self.backing], RUN_SECONDS)

    def places(self, route):
        shared = {"data": "data", "over": "over", "tree": tree.TREE}
        shared.update(names=tree.NAMES, project=tree.PROJECT, own="own-" + route.name)
        found = {key: os.path.join(route.tree, name) for key, name in shared.items()}
        return {**found, "helper": self.helper, "archive": self.archive}

    def do(self, commands, route, turn=None):
        for argv in commands:
            argv = _filled(argv, {**self.places(route), "turn": turn})
            process.timed(argv, RUN_SECONDS, quiet=True)

    def runs(self, chain, route, turn):
        """One run of the chain by this route: {seconds, client_cpu, daemon_cpu, counted} for each
        of its workloads, as they end. turn: the round, or None."""
        for work in chain.works:
            yield self._one(work, route, turn)

    def give_up(self, route):
        """After a failure: a route that no longer answers is left out from now on."""
        try:
            process.run(["stat", "-f", route.tree], ALIVE_SECONDS)
        except process.Failed as e:
            route.skipped = f"no longer answers: {e}"

    def _one(self, work, route, turn):
        argv = _filled(work.argv, {**self.places(route), "count": work.count, "turn": turn})
        self.do(work.before, route, turn)
        if work.warm:
            process.timed(argv, RUN_SECONDS, quiet=True)
        if work.writes or work.cold:
            self.sync()
        if work.cold:
            _drop_caches(3)
        result = self._timed(work, argv, route)
        self.do(work.after, route, turn)
        if work.forget:
            _drop_caches(2)
        return result

    def _settle(self, route):
        """Waits until the daemon has nothing left to do of what came before; its CPU seconds."""
        cpu, deadline = route.cpu(), time.monotonic() + SETTLE_SECONDS
        while cpu is not None and time.monotonic() < deadline:
            time.sleep(SETTLED)
            before, cpu = cpu, route.cpu()
            if cpu == before:
                break
        return cpu

    def _timed(self, work, argv, route):
        counters = route.counters()
        cpu = self._settle(route)
        quiet = not work.clock and work.found is None
        busy, start = machine.OtherWork.busy(), time.monotonic()
        seconds, client, out = process.timed(argv, RUN_SECONDS, quiet=quiet)
        wall, busy = time.monotonic() - start, machine.OtherWork.busy() - busy
        self._check_output(work, out, route)
        daemon = route.cpu() - cpu if cpu is not None else None
        self.other_work.add(wall, busy, client + (daemon or 0))
        return {
            "seconds": int(out) / 1e9 if work.clock else seconds,
            "client_cpu": client,
            "daemon_cpu": daemon,
            "counted": route.counted(counters, work.check_plane),
        }

    def _check_output(self, work, out, route):
        if work.found is not None:
            wanted = sorted(_filled(work.found, self.places(route)))
            if sorted(out.splitlines()) != wanted:
                raise process.Failed(f"{work.name}: {len(wanted)} lines expected, printed:\n{out}")
