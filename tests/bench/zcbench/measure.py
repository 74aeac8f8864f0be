# SPDX-License-Identifier: MIT
# Rounds over routes, and the result as one dictionary: what is printed, drawn and written as JSON.
# It must not print, nor know how routes are made.
import statistics

from . import figures, process

PLAIN, CONTROL = "plain", "plain-again"


class Row:
    def __init__(self, route, rounds):
        self.route, self.runs, self.skipped = route, [None] * rounds, route.skipped

    def column(self, key):
        return [run and run[key] for run in self.runs]

    def _known(self, key):
        return [v for v in self.column(key) if v is not None]

    def _counted(self):
        """Median of each counter, zeros left out; None for a route without counters."""
        counts = self._known("counted")
        keys = sorted({k for c in counts for k in c})
        medians = {k: statistics.median(c.get(k, 0) for c in counts) for k in keys}
        return {k: n for k, n in medians.items() if n} if counts else None

    def result(self, base):
        ratios = figures.ratios(self.column("seconds"), base)
        counted = self._counted()
        cpu = self._known("daemon_cpu")
        client = self._known("client_cpu")
        known = self._known("seconds")
        return {
            "route": self.route.name,
            "label": self.route.label,
            "skipped": self.skipped,
            "seconds": self.column("seconds"),
            "median_seconds": statistics.median(known) if known else None,
            "ratios": ratios,
            "ratio": figures.summary(ratios),
            "daemon_cpu": statistics.mean(cpu) if cpu else None,
            "client_cpu": statistics.mean(client) if client else None,
            "requests": None
            if counted is None
            else sum(n for k, n in counted.items() if k.startswith("request.")),
            "counted": counted,
        }


def _run(stage, work, row, index=None):
    """One run; a failure takes the row out, unless it is the plain path, which all others need."""
    if row.skipped:
        return
    try:
        run = stage.one(work, row.route, verify=index is None)
        if index is not None:
            row.runs[index] = run
    except process.Failed as e:
        if row.route.name in (PLAIN, CONTROL):
            raise
        row.skipped = str(e)


def _follow(ground, chain, rows, index=None):
    """One run of a chain by one route, whose rows these are. What fails takes the route out of the
    whole chain: what one workload made, the next one uses."""
    if any(row.skipped for row in rows):
        return
    route = rows[0].route
    try:
        if index is None:
            ground.do(chain.setup, route)
        for row, run in zip(rows, ground.runs(chain, route, index)):
            if index is not None:
                row.runs[index] = run
    except process.Failed as e:
        if route.name in (PLAIN, CONTROL):
            raise
        for row in rows:
            row.skipped = str(e)
        ground.give_up(route)


def measure_chain(ground, chain, routes, rounds, progress):
    """The result of each workload in the chain."""
    rows = {route.name: [Row(route, rounds) for _ in chain.works] for route in routes}
    names = " ".join(work.name for work in chain.works)
    progress(f"{names}: warm-up")
    for name in rows:
        _follow(ground, chain, rows[name])
    for index, order in enumerate(figures.orders(list(rows), rounds)):
        progress(f"{names}: round {index + 1} of {rounds}")
        for name in order:
            _follow(ground, chain, rows[name], index)
    return [
        {
            "name": work.name,
            "files": work.files,
            "targets": work.targets,
            "peers": work.peers,
            **_figures([mine[i] for mine in rows.values()]),
        }
        for i, work in enumerate(chain.works)
    ]


def _figures(rows):
    """Of one workload: its rows, the first of which is the plain path's."""
    base = rows[0].column("seconds")
    return {
        "plain_seconds": statistics.median(base),
        "rows": [row.result(base) for row in rows],
    }


def measure(stage, work, routes, rounds, progress):
    rows = {route.name: Row(route, rounds) for route in routes}
    progress(f"{work.name}: warm-up")
    for row in rows.values():
        _run(stage, work, row)
    for index, order in enumerate(figures.orders(list(rows), rounds)):
        progress(f"{work.name}: round {index + 1} of {rounds}")
        for name in order:
            _run(stage, work, rows[name], index)
    return {
        "name": work.name,
        "label": work.label,
        "verdict": work.verdict,
        "count": work.count,
        **_figures(list(rows.values())),
    }


def _row(result, work, route):
    for w in result["works"]:
        for row in w["rows"]:
            if w["name"] == work and row["route"] == route and not row["skipped"]:
                return row
    return None


def verdicts(result):
    """The acceptance of issue 2, each with its own control."""

    def control(work):
        row = _row(result, work, CONTROL)
        return row and row["ratio"]

    found = []
    for work in "cat", "cp":
        row = _row(result, work, "passthrough")
        found.append(
            figures.verdict(
                f"{work} passthrough <= 1.05", row and row["ratio"], control(work), 1.05
            )
        )
    for work, what in ("cat", "cat"), ("cp-rw", "cp by read and write"):
        splice, copy = _row(result, work, "splice"), _row(result, work, "copy")
        ratio = (
            figures.summary(figures.ratios(splice["seconds"], copy["seconds"]))
            if splice and copy
            else None
        )
        found.append(
            figures.verdict(f"splice beats copy, {what}", ratio, control(work), 1.0, strict=True)
        )
    return found
