# SPDX-License-Identifier: MIT
# The workloads as one self-contained SVG: a line each, a mark a route, times plain on a log scale.
# Told apart by shape, not by colour. It must not compute a figure: what it draws is in the dictionary.
import math

from . import chart, measure

LEFT, PLOT, RIGHT, TOP, STEP = 170, 640, 90, 118, 24
WIDTH = LEFT + PLOT + RIGHT
MARK = 5
GREY = "#999"


def _shape(kind, x, y):
    """One mark around (x, y): zcfs is filled, the peers are hollow, the control a thin stroke."""
    a, f, n = MARK, 'fill="#000"', 'fill="#fff" stroke="#000" stroke-width="1.3"'
    boxes = {"square": f, "box": n}
    if kind in ("disc", "ring"):
        return f'<circle cx="{x:.1f}" cy="{y}" r="{a}" {f if kind == "disc" else n}/>'
    if kind in boxes:
        return (
            f'<rect x="{x - a + 0.5:.1f}" y="{y - a + 0.5}" width="{2 * a - 1}" '
            f'height="{2 * a - 1}" {boxes[kind]}/>'
        )
    points = {
        "diamond": ((-a, 0), (0, -a), (a, 0), (0, a)),
        "triangle": ((-a, a), (0, -a), (a, a)),
        "delta": ((-a, -a), (0, a), (a, -a)),
        "down": ((-a, -a), (0, a), (a, -a)),
        "stroke": ((0, -a - 2), (0, a + 2)),
        "cross": ((-a, -a), (a, a), (0, 0), (-a, a), (a, -a), (0, 0)),
    }[kind]
    path = " ".join(f"{x + dx:.1f},{y + dy}" for dx, dy in points)
    how = {"diamond": f, "down": f, "stroke": f'stroke="{GREY}" stroke-width="2"'}.get(kind, n)
    return f'<polygon points="{path}" {how}/>'


SHAPES = {
    measure.CONTROL: "stroke",
    "passthrough": "disc",
    "cached": "square",
    "passthrough_hp": "ring",
    "passthrough_ll": "box",
    "bindfs": "triangle",
    "splice": "cross",
    "copy": "delta",
}
MORE = ["diamond", "down"]


def _shapes(routes):
    """{place of the route: its mark}; further routes of zcfs share what is left."""
    found, more = {}, 0
    for i, route in enumerate(routes):
        if route["absent"] or route["name"] == measure.PLAIN:
            continue
        if route["name"] not in SHAPES:
            more += 1
        found[i] = SHAPES.get(route["name"], MORE[more % len(MORE)])
    return found


def _measured(work, places):
    return [work["rows"][i]["ratio"] for i in places if not work["rows"][i]["skipped"]]


class _Scale:
    """From 1/2 or less to the largest ratio, in equal steps for equal factors."""

    def __init__(self, works, places):
        ratios = [r for w in works for r in _measured(w, places)]
        limits = [limit for w in works for limit in w["targets"].values() if limit]
        self.low = min([0.5] + [r["q1"] / 1.1 for r in ratios])
        self.high = max(limits + [r["q3"] for r in ratios] + [2]) * 1.2

    def x(self, ratio):
        at = math.log(ratio / self.low) / math.log(self.high / self.low)
        return LEFT + PLOT * min(1, max(0, at))

    def ticks(self):
        all_ticks = [m * 10**e for e in range(-3, 5) for m in (1, 2, 5)]
        return [t for t in all_ticks if self.low <= t <= self.high]


def _target(scale, limit, y):
    """A bracket that opens to where it is met, and a shaded line up to it."""
    x = scale.x(limit)
    return [
        f'<rect x="{LEFT}" y="{y - STEP / 2 + 3}" width="{x - LEFT:.1f}" height="{STEP - 6}" '
        'fill="#e4e4e4"/>',
        chart.line(x, y - STEP / 2 + 3, x, y + STEP / 2 - 3, 'stroke-width="1.6"'),
    ]


def _row(work, shapes, scale, y):
    limit = work["targets"]["passthrough"]
    out = _target(scale, limit, y) if limit else []
    out.append(chart.text(LEFT - 10, y + 4, work["name"], "end"))
    out.append(chart.text(LEFT + PLOT + 10, y + 4, f'{work["plain_seconds"] * 1000:.1f} ms'))
    # the first drawn lies lowest: zcfs, which the page is about, comes last
    order = sorted(shapes, key=lambda i: -i)
    for i in order:
        row = work["rows"][i]
        if row["skipped"]:
            continue
        q1, q3 = scale.x(row["ratio"]["q1"]), scale.x(row["ratio"]["q3"])
        out.append(chart.line(q1, y, q3, y))
        out.append(_shape(shapes[i], scale.x(row["ratio"]["median"]), y))
    return out


def _legend(routes, shapes):
    out, x = [], 16.0
    for i, shape in shapes.items():
        out += [_shape(shape, x, 74), chart.text(x + 10, 78, routes[i]["label"])]
        x += 26 + 7 * len(routes[i]["label"])
    return out + [
        f'<rect x="{x - 4:.1f}" y="67" width="22" height="14" fill="#e4e4e4"/>',
        chart.line(x + 18, 67, x + 18, 81, 'stroke-width="1.6"'),
        chart.text(x + 26, 78, "target, passthrough"),
    ]


def _grid(scale, bottom):
    out = []
    for tick in scale.ticks():
        x = scale.x(tick)
        how = 'stroke-width="1.2"' if tick == 1 else 'stroke-dasharray="1 3"'
        out.append(chart.line(x, TOP - 14, x, bottom, how))
        out += [chart.text(x, y, f"{tick:g}", "middle", 11) for y in (TOP - 18, bottom + 14)]
    return out + [chart.text(LEFT + PLOT + 10, TOP - 18, "plain path", size=11)]


def draw(result):
    m, works, routes = result["machine"], result["works"], result["routes"]
    shapes = _shapes(routes)
    scale = _Scale(works, shapes)
    bottom = TOP + STEP * len(works)
    under = (
        f'{m["version"]}, {m["build"]}; {m["file_system"]}, kernel {m["kernel"]}, {m["cpus"]} CPUs'
    )
    out = [
        chart.text(12, 24, "zcfs: workloads through the mount", size=15, weight="bold"),
        chart.text(
            12,
            42,
            f'Times as long as on the plain path (log scale); marks: median of {result["rounds"]} '
            "in-round ratios, strokes: quartiles",
            size=11,
        ),
        chart.text(12, 57, under, size=11),
    ]
    rows = [_row(w, shapes, scale, TOP + STEP * i + STEP / 2) for i, w in enumerate(works)]
    out += _legend(routes, shapes) + [line for row in rows for line in row] + _grid(scale, bottom)
    return chart.page(WIDTH, bottom + 26, "zcfs workloads", out)
