#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# A small web server for one directory: form upload, PUT, download. For the upload and browser tests.
# It must not know that the directory is a mount: it opens, reads, writes and renames like any server.
"""server.py DIRECTORY PORTFILE: serves on a free port of 127.0.0.1, which it writes to PORTFILE."""

import http.server
import os
import shutil
import sys
import urllib.parse

CHUNK = 1 << 16
FORM = b"""<!doctype html><title>form</title>
<form method=post enctype=multipart/form-data action=/upload>
<input type=text name=note value=note><input type=file name=file id=file><button id=go>go</button></form>
"""


class BodyReader:
    """The request body, read up to its announced length."""

    def __init__(self, stream, length):
        self.stream, self.left = stream, length

    def read(self, size):
        data = self.stream.read(min(size, self.left))
        self.left -= len(data)
        return data


def copy_part(body, out, head, boundary):
    """Writes the part that starts with head to out, up to the boundary; keeps no more than a chunk in memory."""
    end = b"\r\n--" + boundary
    data = head
    while True:
        found = data.find(end)
        if found >= 0:
            out.write(data[:found])
            return
        keep = len(end) - 1
        if len(data) > keep:
            out.write(data[:-keep])
            data = data[-keep:]
        more = body.read(CHUNK)
        if not more:
            raise ValueError("the body ends inside a part")
        data += more


def find_file_part(body, boundary):
    """Reads up to the content of the part that is a file; returns its file name and what was read of it."""
    data = b"\r\n"
    while True:
        start = data.find(b"filename=\"")
        end = data.find(b"\r\n\r\n", start) if start >= 0 else -1
        if end >= 0:
            name = data[start + 10:data.index(b"\"", start + 10)]
            return name.decode(), data[end + 4:]
        more = body.read(CHUNK)
        if not more:
            raise ValueError("no file in the form")
        data += more


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def path_of(self, name):
        return os.path.join(self.server.directory, os.path.basename(urllib.parse.unquote(name)))

    def answer(self, status, text, kind="text/html"):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def store(self, name, fill):
        path = self.path_of(name)
        with open(path + ".part", "wb") as out:
            fill(out)
            out.flush()
            os.fsync(out.fileno())
        os.rename(path + ".part", path)

    def do_GET(self):
        if self.path == "/":
            self.answer(200, FORM)
            return
        try:
            with open(self.path_of(self.path), "rb") as data:
                self.send_response(200)
                self.send_header("Content-Type", "application/octet-stream")
                self.send_header("Content-Disposition", "attachment")
                self.send_header("Content-Length", str(os.fstat(data.fileno()).st_size))
                self.end_headers()
                shutil.copyfileobj(data, self.wfile)
        except FileNotFoundError:
            self.answer(404, b"not here")

    def do_PUT(self):
        body = BodyReader(self.rfile, int(self.headers["Content-Length"]))
        self.store(self.path, lambda out: shutil.copyfileobj(body, out))
        self.answer(201, b"stored")

    def do_POST(self):
        body = BodyReader(self.rfile, int(self.headers["Content-Length"]))
        boundary = self.headers.get_param("boundary")
        name, head = find_file_part(body, boundary.encode())
        self.store(name, lambda out: copy_part(body, out, head, boundary.encode()))
        while body.left and body.read(CHUNK):
            pass
        link = urllib.parse.quote(name)
        self.answer(200, ("<!doctype html><title>stored</title><a id=back href='/%s'>back</a>" % link).encode())


def main():
    directory, port_file = sys.argv[1:]
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.directory = directory
    with open(port_file + ".new", "w") as out:
        out.write(str(server.server_address[1]))
    os.rename(port_file + ".new", port_file)
    server.serve_forever()


main()
