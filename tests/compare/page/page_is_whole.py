#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# The page of --html as text: well-formed, nothing from elsewhere, strange names harmless, bars as long as the data say.
# Must not know how a browser shows it.
"""usage: page_is_whole.py MADE_UP_PAGE (the program that writes it)"""
import json
import re
import statistics
import subprocess
import sys
from html.parser import HTMLParser

VOID = {"meta", "br", "link", "img", "hr", "input"}
PLANES = ["passthrough", "splice", "copy"]


def fail(message):
    sys.exit("FAIL: " + message)


def check(holds, message):
    if not holds:
        fail(message)


class Element(dict):
    """Is itself only: two that are alike are two."""
    __eq__ = object.__eq__
    __ne__ = object.__ne__
    __hash__ = object.__hash__


class Page(HTMLParser):
    """Every element with its attributes, text and parents."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.elements = [], []
        self.feed(text)
        self.close()
        check(not self.open, "not closed: %s" % [e["tag"] for e in self.open])
        for element in self.elements:
            element["text"] = "".join(element["text"])

    def handle_starttag(self, tag, attrs):
        element = Element(tag=tag, attrs=dict(attrs), text=[], inside=list(self.open), child=[])
        if self.open:
            self.open[-1]["child"].append(element)
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if tag == "p" and (not self.open or self.open[-1]["tag"] != "p"):
            fail("</p> without <p>")
        check(self.open and self.open[-1]["tag"] == tag, "</%s> closes another element" % tag)
        self.open.pop()

    def handle_data(self, data):
        for element in self.open:
            element["text"].append(data)

    def all(self, tag, **attrs):
        return [e for e in self.elements
                if e["tag"] == tag and all(e["attrs"].get(k.rstrip("_")) == v for k, v in attrs.items())]


def output(what):
    return subprocess.run([sys.argv[1], what], check=True, stdout=subprocess.PIPE).stdout.decode("utf-8", "strict")


def check_alone(text, page):
    """Nothing comes from elsewhere, nothing runs."""
    for element in page.elements:
        check(element["tag"] not in ("script", "iframe", "img", "link", "object", "embed", "base", "form"),
              "<%s>" % element["tag"])
        for name, value in element["attrs"].items():
            check(not name.startswith("on") and name not in ("src", "srcset", "action", "data"), "%s=" % name)
            check("href" not in name or value.startswith("#"), "%s=%s" % (name, value))
    check(all(target.startswith("#") for target in re.findall(r"url\(([^)]*)\)", text)), "url() of elsewhere")
    check("@import" not in text and not re.search(r"[a-z]+://", text.replace("file://", "")), "an address")


def check_references(text, page):
    ids = [e["attrs"]["id"] for e in page.elements if "id" in e["attrs"]]
    wanted = set(re.findall(r"url\(#([^)]*)\)", text))
    wanted |= {e["attrs"]["href"][1:] for e in page.elements if "href" in e["attrs"]}
    check(len(ids) == len(set(ids)), "an id twice")
    check(wanted <= set(ids), "nowhere: %s" % (wanted - set(ids)))


def check_form(text, page):
    check(text.startswith("<!DOCTYPE html>\n"), "no doctype")
    check(page.all("html")[0]["attrs"].get("lang") == "en", "no lang")
    check("width=device-width" in page.all("meta", name="viewport")[0]["attrs"]["content"], "no viewport")
    check(len(page.all("title")) > 1 and len(page.all("h1")) == 1 and len(page.all("main")) == 1, "no title, h1, main")
    levels = [int(e["tag"][1]) for e in page.elements if re.fullmatch("h[1-6]", e["tag"])]
    check(all(b - a <= 1 for a, b in zip([0] + levels, levels)), "a level of headings is left out")
    for svg in page.all("svg"):
        inside = [e["tag"] for e in svg["child"]]
        check(svg["attrs"].get("aria-hidden") == "true" or
              (svg["attrs"].get("role") == "img" and inside[:2] == ["title", "desc"] and "viewbox" in svg["attrs"]),
              "a picture that says nothing")


def check_names(page):
    """Of the made-up source: a tag, an ampersand, quotes, a byte that is no UTF-8, a line end."""
    shown = "/srv/data/<b>R&D \"plan\"\ufffd\ufffd.iso"
    check(shown in page.all("h1")[0]["inside"][-1]["text"], "the name of the source is not there")
    check(shown in page.all("title")[0]["text"], "the name of the source is not in the title")
    check(shown in page.all("pre")[0]["text"], "the command is not there")
    check(page.all("dt") and any(e["text"] == "curl <file:&>" for e in page.all("dt")), "a method's name")


def near(one, other):
    return abs(one - other) < 0.02


def bars(page, svg, cls):
    return [e["attrs"] for e in page.elements if e["tag"] == "rect" and svg in e["inside"]
            and e["attrs"].get("class") == "bar " + cls]


def medians(data, route, of):
    for method in data["methods"]:
        for number, cell in enumerate(method["routes"][route]):
            if number != 1 and number < len(data["ways"]) and cell["samples"]:
                yield statistics.median(of(sample) for sample in cell["samples"])


def check_lengths(svg, rects):
    most, plot = float(svg["attrs"]["data-most"]), int(svg["attrs"]["data-plot"])
    for rect in rects:
        check(near(float(rect["width"]), plot * float(rect["data-seconds"]) / most), "the length of %s" % rect)


def check_bars(page, data):
    charts = [figure for figure in page.all("figure") if "data-most" in figure["attrs"]]
    check(len(charts) == 2 * len(data["methods"][0]["routes"]), "%d charts" % len(charts))
    for number, route in enumerate(data["methods"][0]["routes"]):
        wall, cpu = charts[2 * number], charts[2 * number + 1]
        for svg, cls, of in ((wall, "wall", lambda s: s["wall"]),
                             (cpu, "copier", lambda s: s["copier_user"] + s["copier_system"])):
            rects, wanted = bars(page, svg, cls), list(medians(data, route, of))
            check(len(rects) == len(wanted) > 0, "%s: %d bars, %d medians" % (route, len(rects), len(wanted)))
            check(all(abs(float(r["data-seconds"]) - w) < 1e-8 for r, w in zip(rects, wanted)), "%s: %s" % (route, cls))
            check_lengths(svg, rects)
        check_lengths(cpu, bars(page, cpu, "daemon"))
        daemons = [median for median in medians(data, route, lambda s: s["daemon_cpu"]) if median]
        check(len(bars(page, cpu, "daemon")) == len(daemons), "%s: bars of the daemon" % route)
        for svg in [child for child in cpu["child"] if child["tag"] == "svg"]:
            ends = {(r["y"], round(float(r["x"]) + float(r["width"]), 1)) for r in bars(page, svg, "copier")}
            check(all((r["y"], round(float(r["x"]), 1)) in ends for r in bars(page, svg, "daemon")), "not stacked")


def check_pictures(page):
    pictures = [svg for svg in page.all("svg") if "data-way" in svg["attrs"]]
    check(len(pictures) == 2 * (1 + len(PLANES)), "%d pictures" % len(pictures))
    arrows = {}
    for number, svg in enumerate(pictures):
        found = [e["attrs"] for e in page.all("polygon") if svg in e["inside"]]
        arrows[number] = sorted((a["class"], int(a["data-bytes"]) >> 20) for a in found)
        check(all(near(float(a["data-width"]), 7 * int(a["data-bytes"]) / (16 << 20)) for a in found), "a width")
    check(arrows[0] == [("c-arrow", 16)] * 2 and arrows[1] == [("k-arrow", 16)], "without the mount: %s" % arrows)
    check(arrows[2] == arrows[0] and arrows[3] == arrows[1], "passthrough: %s" % arrows)
    check(arrows[4] == arrows[0] + [("s-arrow", 32)] * 2, "splice: %s" % arrows[4])
    check(arrows[7] == [("d-arrow", 32)] * 2 + arrows[1], "copy: %s" % arrows[7])
    check("9 system calls" in pictures[0]["text"] and "18 crossings" in pictures[0]["text"], "calls")


def check_tables(page, data):
    rows = [e for e in page.all("tr") if any(p["tag"] == "tbody" for p in e["inside"])]
    cells = sum(1 for m in data["methods"] for ways in m["routes"].values() for cell in ways if cell["samples"])
    check(len(rows) == cells, "%d rows for %d cells" % (len(rows), cells))
    widths = {len(row["child"]) for row in page.all("tr")}
    check(len(widths) == 1, "rows of different lengths: %s" % widths)


def main():
    data = json.loads(output("json"))
    for what in "page", "one-mount":
        text = output(what)
        page = Page(text)
        check_alone(text, page)
        check_references(text, page)
        check_form(text, page)
        check_names(page)
        if what == "page":
            check_bars(page, data)
            check_pictures(page)
            check_tables(page, data)
    print("ok")


main()
