#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# The page of --html in Chromium, on a screen and a phone: nothing is cut off or has to be pushed sideways, and the
# bars of two ways differ without colour. Must not know what the page says.
"""usage: page_can_be_read_everywhere.py MADE_UP_PAGE [DIR (keeps the screenshots)]"""
import html
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib

PATTERNS = ["w-plain", "w-again", "w-pass", "w-splice", "w-copy", "w-cached", "w-other"]
WIDTHS = [1200, 360]
SCALE = 4  # pixels of the screenshot for one of the page, where patterns are looked at
SWATCH = 60

# A window is never as narrow as a phone, a frame is. %s: width, the page, all that is to be measured.
FRAME = """<!DOCTYPE html><meta charset="utf-8"><body style="margin:0">
<iframe style="border:0;width:%dpx;height:%dpx" srcdoc="%s"></iframe><pre></pre><script>
onload = () => { const page = document.querySelector("iframe").contentDocument, found = {};
page.querySelectorAll("details").forEach(d => d.open = true);
found.width = page.documentElement.scrollWidth;
found.height = page.documentElement.scrollHeight;
found.cut = [];
page.querySelectorAll("svg[role=img]").forEach(svg => { const all = svg.viewBox.baseVal;
  svg.querySelectorAll("text").forEach(text => { const box = text.getBBox();
    if (box.x < -.5 || box.y < -.5 || box.x + box.width > all.width + .5 || box.y + box.height > all.height + .5)
      found.cut.push(text.textContent); }); });
found.outside = [...page.querySelectorAll("p,li,dd,pre,svg,h1,h2,h3,h4")].filter(e => !e.closest(".scroll") &&
  e.getBoundingClientRect().right > page.documentElement.clientWidth + .5).map(e => e.textContent.slice(0, 60));
found.small = Math.min(...[...page.querySelectorAll("svg[role=img] text")].filter(t => t.getBBox().width > 0).map(t =>
  parseFloat(getComputedStyle(t).fontSize) * t.getScreenCTM().a));
document.querySelector("pre").textContent = "FOUND" + JSON.stringify(found) + "DNUOF"; };
</script>"""


def fail(message):
    sys.exit("FAIL: " + message)


def check(holds, message):
    if not holds:
        fail(message)


def chromium(directory, *words):
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if not program:
        print("SKIP: Chromium is not installed")
        sys.exit(77)
    home = tempfile.mkdtemp(dir=directory)
    call = [program, "--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
            "--disable-background-networking", "--disable-component-update", "--hide-scrollbars",
            "--user-data-dir=" + home] + (["--no-sandbox"] if os.geteuid() == 0 else []) + list(words)
    try:
        done = subprocess.run(call, timeout=100, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=True)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as e:
        fail("Chromium: %s: %s" % (e, (e.stderr or b"").decode("utf-8", "replace")[-500:]))
    return done.stdout.decode("utf-8", "replace")


def write(directory, name, text):
    path = os.path.join(directory, name)
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)
    return "file://" + path


def measure(directory, page, width):
    address = write(directory, "frame.html", FRAME % (width, 1000, html.escape(page)))
    dump = chromium(directory, "--window-size=1300,1000", "--dump-dom", address)
    found = re.search(r"FOUND(.*)DNUOF</pre>", dump, re.S)
    check(found, "nothing was measured")
    return json.loads(html.unescape(found.group(1)))


def check_width(directory, page, width):
    found = measure(directory, page, width)
    check(found["width"] <= width, "%d px: the page is %d px wide" % (width, found["width"]))
    check(not found["cut"], "%d px: text is cut off: %s" % (width, found["cut"][:5]))
    check(not found["outside"], "%d px: beyond the edge: %s" % (width, found["outside"][:5]))
    check(found["small"] >= 10.5, "%d px: letters of %.1f px" % (width, found["small"]))
    address = write(directory, "shot.html", FRAME % (width, found["height"], html.escape(page)))
    chromium(directory, "--window-size=%d,%d" % (max(width, 500), min(found["height"] + 100, 16000)),
             "--screenshot=" + os.path.join(directory, "page-%d.png" % width), address)


def unfilter(kind, line, above, step):
    """One line of a PNG (its filters 0 to 4), in place."""
    for i in range(len(line)):
        left, up = line[i - step] if i >= step else 0, above[i]
        corner = above[i - step] if i >= step else 0
        guess = left + up - corner
        nearest = min((left, up, corner), key=lambda value: abs(guess - value))
        line[i] = (line[i] + (0, left, up, (left + up) // 2, nearest)[kind]) & 255


def grey(path):
    """The lines of an 8-bit PNG, each a list of luminances."""
    with open(path, "rb") as file:
        data = file.read()
    at, packed = 8, b""
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at:at + 8])
        body = data[at + 8:at + 8 + size]
        if kind == b"IHDR":
            width, height, depth, colour = struct.unpack(">IIBB", body[:10])
        packed += body if kind == b"IDAT" else b""
        at += 12 + size
    check(depth == 8 and colour in (2, 6), "a PNG of another kind")
    step = 3 if colour == 2 else 4
    raw, above, lines = zlib.decompress(packed), bytearray(width * step), []
    for y in range(height):
        start = y * (width * step + 1)
        line = bytearray(raw[start + 1:start + 1 + width * step])
        unfilter(raw[start], line, above, step)
        lines.append([.299 * r + .587 * g + .114 * b for r, g, b in
                      zip(line[0::step], line[1::step], line[2::step])])
        above = line
    return lines


def turns(line):
    """How often light and dark take turns along it, for 100 pixels."""
    return 100 * sum((a < 200) != (b < 200) for a, b in zip(line, line[1:])) / len(line)


def texture(lines, number):
    size, edge = SWATCH * SCALE, 2 * SCALE
    square = [line[number * size + edge:(number + 1) * size - edge] for line in lines[edge:size - edge]]
    across = sum(map(turns, square)) / len(square)
    down = sum(map(turns, zip(*square))) / len(square[0])
    slant = sum(map(turns, ([square[y][(y + x) % len(square)] for y in range(len(square))]
                            for x in range(0, len(square), 7)))) / (len(square) / 7)
    return across, down, slant


def check_patterns(directory, page):
    """Of two patterns in grey, light and dark take turns differently in some direction."""
    definitions = re.search(r"<svg width=\"0\".*?</svg>", page, re.S).group(0)
    squares = "".join("<rect x=\"%d\" width=\"%d\" height=\"%d\" fill=\"url(#%s)\"/>" % (i * SWATCH, SWATCH, SWATCH, name)
                      for i, name in enumerate(PATTERNS))
    address = write(directory, "patterns.html", "<body style=\"margin:0;filter:grayscale(1)\">%s<svg width=\"%d\" "
                    "height=\"%d\" style=\"display:block\">%s</svg>" % (definitions, SWATCH * len(PATTERNS), SWATCH, squares))
    shot = os.path.join(directory, "patterns.png")
    chromium(directory, "--window-size=500,300", "--force-device-scale-factor=%d" % SCALE, "--screenshot=" + shot, address)
    lines = grey(shot)
    textures = [texture(lines, number) for number in range(len(PATTERNS))]
    for i, one in enumerate(textures):
        for j in range(i):
            apart = max(abs(a - b) for a, b in zip(one, textures[j]))
            check(apart > 1.5, "%s and %s look alike in grey: %s, %s" % (PATTERNS[i], PATTERNS[j], one, textures[j]))


def main():
    page = subprocess.run([sys.argv[1], "page"], check=True, stdout=subprocess.PIPE).stdout.decode()
    with tempfile.TemporaryDirectory(prefix="zc-page.") as directory:
        for width in WIDTHS:
            check_width(directory, page, width)
        check_patterns(directory, page)
        for name in os.listdir(directory) if len(sys.argv) > 2 else []:
            if name.endswith(".png"):
                shutil.copy(os.path.join(directory, name), sys.argv[2])
    print("ok")


main()
