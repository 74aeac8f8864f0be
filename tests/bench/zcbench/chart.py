# SPDX-License-Identifier: MIT
# The result as a self-contained SVG bar chart, told apart by pattern, not by colour.
# It must not compute a figure: what it draws is in the dictionary that measure made.
import math
from xml.sax.saxutils import escape

LEFT, BAR_WIDTH, RIGHT = 150, 480, 170
BAR, GAP, TITLE, AXIS = 16, 6, 30, 34
WIDTH = LEFT + BAR_WIDTH + RIGHT

PATTERNS = """<defs>
<pattern id="p-splice" width="6" height="6" patternUnits="userSpaceOnUse"
 patternTransform="rotate(45)">
<rect width="6" height="6" fill="#fff"/><rect width="3" height="6" fill="#000"/></pattern>
<pattern id="p-copy" width="5" height="5" patternUnits="userSpaceOnUse">
<rect width="5" height="5" fill="#fff"/><circle cx="2.5" cy="2.5" r="1.1" fill="#000"/></pattern>
<pattern id="p-peer" width="6" height="6" patternUnits="userSpaceOnUse">
<rect width="6" height="6" fill="#fff"/><rect width="1.2" height="6" fill="#000"/></pattern>
</defs>"""
FILLS = {
    "plain": "#fff",
    "plain-again": "#fff",
    "passthrough": "#000",
    "splice": "url(#p-splice)",
    "copy": "url(#p-copy)",
}


def text(x, y, text, anchor="start", size=12, weight="normal"):
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" '
        f'font-weight="{weight}">{escape(text)}</text>'
    )


def line(x1, y1, x2, y2, extra=""):
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#000" {extra}/>'


def page(width, height, title, parts):
    """All of it on white."""
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" '
        f'font-family="sans-serif" role="img">\n<title>{escape(title)}</title>\n'
        f'<rect width="{width}" height="{height}" fill="#fff"/>\n{body}\n</svg>\n'
    )


def _step(top):
    """Distance of the axis labels: 1, 2 or 5 times a power of ten, about five of them."""
    raw = top / 5
    power = 10 ** math.floor(math.log10(raw))
    return next(s * power for s in (1, 2, 5, 10) if s * power >= raw)


def _bar(row, y, scale):
    ratio, middle = row["ratio"], y + BAR / 2
    out = [text(LEFT - 8, y + BAR - 4, row["label"], "end")]
    if row["skipped"] or not ratio:
        return out + [text(LEFT + 4, y + BAR - 4, "not measured")]
    fill = FILLS.get(row["route"], "url(#p-peer)")
    width = ratio["median"] * scale
    out.append(
        f'<rect x="{LEFT}" y="{y}" width="{width:.1f}" height="{BAR}" fill="{fill}" stroke="#000"/>'
    )
    low, high = LEFT + ratio["q1"] * scale, LEFT + ratio["q3"] * scale
    # the spread, on white so that it shows on every pattern
    out.append(
        f'<rect x="{low - 1:.1f}" y="{middle - 4.5}" width="{high - low + 2:.1f}" '
        f'height="9" fill="#fff" stroke="none"/>'
    )
    out += [
        line(low, middle, high, middle),
        line(low, middle - 4, low, middle + 4),
        line(high, middle - 4, high, middle + 4),
    ]
    label = f'{ratio["median"]:.2f}'
    if row["requests"] is not None:
        label += f'   {row["requests"]:.0f} requests'
    return out + [text(max(LEFT + width, high) + 8, y + BAR - 4, label)]


def _panel(work, y):
    rows = work["rows"]
    tops = [r["ratio"]["q3"] for r in rows if r["ratio"] and not r["skipped"]]
    top = max(tops + [1.2]) * 1.05
    scale = BAR_WIDTH / top
    title = f'{work["label"]}: time, plain path = 1 ({work["plain_seconds"] * 1000:.0f} ms)'
    out = [text(12, y + 18, title, size=13, weight="bold")]
    y += TITLE
    bottom = y + len(rows) * (BAR + GAP)
    for i, row in enumerate(rows):
        out += _bar(row, y + i * (BAR + GAP), scale)
    out.append(line(LEFT + scale, y - 4, LEFT + scale, bottom, 'stroke-dasharray="2 3"'))
    out.append(line(LEFT, bottom, LEFT + BAR_WIDTH, bottom))
    step, tick = _step(top), 0.0
    while tick <= top:
        out.append(line(LEFT + tick * scale, bottom, LEFT + tick * scale, bottom + 4))
        out.append(text(LEFT + tick * scale, bottom + 16, f"{tick:g}", "middle", 11))
        tick = round(tick + step, 6)
    return out, bottom + AXIS


def draw(result):
    m = result["machine"]
    what = "bind mounts as stand-in" if result["stand_in"] else f'{m["version"]}, {m["build"]}'
    out = [
        text(
            12,
            24,
            "zcfs: a file through the mount, compared with the plain path",
            size=15,
            weight="bold",
        ),
        text(
            12,
            42,
            f'{result["size_mib"]} MiB file in the page cache; bars: median of {result["rounds"]} '
            "in-round ratios, whiskers: quartiles",
            size=11,
        ),
        text(
            12, 57, f'{what}; {m["file_system"]}, kernel {m["kernel"]}, {m["cpus"]} CPUs', size=11
        ),
    ]
    y = 74
    for work in result["works"]:
        panel, y = _panel(work, y)
        out += panel
    return page(WIDTH, y, "zcfs benchmark", [PATTERNS] + out)
