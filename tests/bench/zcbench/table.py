# SPDX-License-Identifier: MIT
# The workloads as two tables for people: times and targets, then requests and processor time.
# It must not compute a figure: what it prints is in the dictionary that measure and targets made.
from . import measure, report, targets

NAME, CELL = 16, 17
FIXED = [NAME, 8, 6, 6, 10]


def _times(value):
    return f"{value:.2f}" if value < 10 else f"{value:.1f}"


def _ratio(row):
    """median (quartiles), and how that fits the target"""
    if row["skipped"]:
        return "not measured"
    ratio = row["ratio"]
    text = f'{_times(ratio["median"])} ({_times(ratio["q1"])}-{_times(ratio["q3"])})'
    if row["limit"] is None:
        return text
    return f'{text}, {row["answer"]}' if row["answer"] else text


def _width(route):
    """Columns of routes that have targets are wider, in every line alike."""
    return CELL + (len(", " + targets.UNCLEAR) if route["kind"] else 0)


def _line(cells, widths):
    return "| " + " | ".join(c.ljust(w) for c, w in zip(cells, widths)) + " |"


def _ruled(cells, widths):
    return [_line(cells, widths), _line(["-" * w for w in widths], widths)]


def _columns(routes):
    """Places of all routes but the plain path, which is 1, and those that did not start."""
    return [i for i, r in enumerate(routes) if r["name"] != measure.PLAIN and not r["absent"]]


def head(result):
    lines = report.machine_lines(result["machine"], f'{result["rounds"]} rounds')
    for route in result["routes"]:
        if route["absent"]:
            lines.append(f'{route["name"]}: not measured: {" ".join(route["absent"].split())}')
    return lines + [f"missing: {reason}" for reason in result["missing"]]


def _widths(routes):
    return FIXED + [_width(routes[i]) for i in _columns(routes)]


def times_head(routes):
    cells = ["times plain", "plain ms", "target", "cached", "peers seen"]
    cells += [routes[i]["label"] for i in _columns(routes)]
    return [""] + _ruled(cells, _widths(routes))


def times(work, routes):
    limits = [work["targets"][kind] for kind in ("passthrough", "cached")]
    rows = [work["rows"][i] for i in _columns(routes)]
    cells = [work["name"], f'{work["plain_seconds"] * 1000:.1f}']
    cells += ["-" if limit is None else f"{limit:g}" for limit in limits] + [work["peers"] or "-"]
    lines = [_line(cells + [_ratio(row) for row in rows], _widths(routes))]
    return lines + [
        f'  {work["name"]}: {row["route"]}: {" ".join(row["skipped"].split())}'
        for row in rows
        if row["skipped"]
    ]


def _cost(row, files):
    if row["skipped"] or row["daemon_cpu"] is None:
        return "-"
    text = f'{row["daemon_cpu"] * 1000:.1f}'
    return text if row["requests"] is None else f'{row["requests"] / files:.2f}; {text}'


def costs(works, routes):
    """What the daemons did: requests for each file where they are counted, milliseconds of CPU."""
    daemons = [i for i in _columns(routes) if routes[i]["daemon"]]
    widths = [NAME, 6] + [CELL] * len(daemons)
    lines = ["", "requests per file (where the daemon counts them); CPU milliseconds of the daemon"]
    lines += _ruled(["a run", "files"] + [routes[i]["label"] for i in daemons], widths)
    for work in works:
        cells = [_cost(work["rows"][i], work["files"]) for i in daemons]
        lines.append(_line([work["name"], str(work["files"])] + cells, widths))
    return lines if daemons else []


def tail(result):
    lines = ["", report.other_work(result["machine"])]
    if result["why_no_verdict"]:
        return lines + ["no verdict: " + result["why_no_verdict"]]
    rows = [(w["name"], r) for w in result["works"] for r in w["rows"] if r["answer"]]
    for answer in targets.MET, targets.MISSED, targets.UNCLEAR:
        those = [f'{name} {r["route"]}' for name, r in rows if r["answer"] == answer]
        lines.append(f'{answer}: {len(those)}' + (f' ({", ".join(those)})' if those else ""))
    return lines
