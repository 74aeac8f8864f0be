#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Drives a headless Chromium through chromedriver: chooses a file, submits the form, downloads it again.
# It must not know the mount: it gets paths and an address.
"""browser.py CHROMIUM DRIVER-PORT PROFILE-DIR FORM-URL FILE DOWNLOAD-DIR"""

import http.client
import json
import os
import sys
import time

FLAGS = """--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --no-proxy-server
--disable-background-networking --disable-component-update --disable-sync --disable-default-apps
--disable-extensions --disable-dev-shm-usage""".split()
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
LIMIT = 60


class Driver:
    def __init__(self, port, chromium, profile, downloads):
        self.port, self.session = port, None
        options = {"binary": chromium,
                   "args": FLAGS + ["--user-data-dir=" + profile],
                   "prefs": {"download.default_directory": downloads,
                             "download.prompt_for_download": False,
                             "safebrowsing.enabled": False}}
        caps = {"capabilities": {"alwaysMatch": {"browserName": "chrome", "goog:chromeOptions": options}}}
        self.session = self.call("POST", "/session", caps)["sessionId"]

    def call(self, method, path, body=None):
        if self.session:
            path = "/session/" + self.session + path
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LIMIT)
        link.request(method, path, json.dumps(body) if body is not None else None,
                     {"Content-Type": "application/json"})
        answer = link.getresponse()
        value = json.loads(answer.read())["value"]
        link.close()
        if answer.status != 200:
            sys.exit("%s %s: %s" % (method, path, value))
        return value

    def element(self, css):
        return self.call("POST", "/element", {"using": "css selector", "value": css})[ELEMENT]

    def type(self, css, text):
        self.call("POST", "/element/%s/value" % self.element(css), {"text": text})

    def click(self, css):
        self.call("POST", "/element/%s/click" % self.element(css), {})

    def wait_for(self, what, ready):
        end = time.monotonic() + LIMIT
        while not ready():
            if time.monotonic() > end:
                sys.exit("no %s within %d s; title: %s" % (what, LIMIT, self.call("GET", "/title")))
            time.sleep(0.05)


def downloaded(path, size):
    """Chromium downloads under another name and renames when done."""
    return os.path.exists(path) and os.path.getsize(path) == size


def main():
    chromium, port, profile, url, path, downloads = sys.argv[1:]
    driver = Driver(int(port), chromium, profile, downloads)
    try:
        driver.call("POST", "/url", {"url": url})
        driver.type("#file", path)
        driver.click("#go")
        driver.wait_for("answer to the upload", lambda: driver.call("GET", "/title") == "stored")
        driver.click("#back")
        target = os.path.join(downloads, os.path.basename(path))
        driver.wait_for("download", lambda: downloaded(target, os.path.getsize(path)))
    finally:
        driver.call("DELETE", "")


main()
